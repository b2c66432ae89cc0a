"""Takes docs/screenshots/*.png: pages as somebody sees them who has just signed in."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from embedded.stack import Stack

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
DARK = {"viewport": WIDE, "color_scheme": "dark"}
COLOURS, FLAT = 256, 64

SignedIn = Callable[..., AbstractContextManager[Page]]
"""Opens a page for somebody, with the settings of a browser's context."""


@contextmanager
def signed_in(browser: Browser, stack: Stack, link: str, **how: object) -> Iterator[Page]:
    """Somebody's page, who signs in by this link."""
    context = browser.new_context(base_url=stack.settings.review_url, **how)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    yield page
    page.goto("/")
    context.close()


def keep(page: Page, name: str, *, full_page: bool = False) -> None:
    """Keep what the window shows, or the whole page."""
    page.wait_for_load_state("networkidle")
    FOLDER.mkdir(parents=True, exist_ok=True)
    save(page.screenshot(full_page=full_page), name)


def save(picture: bytes, name: str) -> None:
    """In 256 colours, a third of the bytes: those that the page itself is made of as they are, the others near by."""
    with Image.open(io.BytesIO(picture)) as opened:
        shot = opened.convert("RGB")
    flat = [colour for _, colour in sorted(shot.getcolors(shot.width * shot.height) or [], reverse=True)[:FLAT]]
    rest = shot.quantize(COLOURS - len(flat), method=Image.Quantize.MEDIANCUT).convert("RGB").getcolors() or []
    palette = np.array([*flat, *(colour for _, colour in rest)])
    small = Image.fromarray(_nearest(np.asarray(shot), palette), "P")
    small.putpalette(palette.astype(np.uint8).tobytes())
    small.save(FOLDER / f"{name}.png", optimize=True)
    print(name, flush=True)


def _nearest(pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """For each pixel of (height, width, 3) the place of the nearest colour in the palette of (colours, 3)."""
    colours, each = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    pieces = np.array_split(colours.astype(np.int32), 1 + len(colours) // 4096)
    places = [((piece[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1) for piece in pieces]
    return np.concatenate(places)[each].reshape(pixels.shape[:2]).astype(np.uint8)
