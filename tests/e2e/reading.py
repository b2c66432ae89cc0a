"""Whether a page can be read and used: on a phone, in little light, by keyboard, by ear."""

from collections.abc import Iterator

from playwright.sync_api import Page

PHONE = {"width": 360, "height": 740}
MIN_CONTRAST = 4.5
"""Of WCAG 2.2, level AA, for words of ordinary size."""
MIN_TARGET_PX = 24

CONTRASTS = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (it) => {
    for (; it; it = it.parentElement) {
      const colour = rgb(getComputedStyle(it).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const words = [...document.querySelectorAll("main *, header *")].filter((it) =>
    it.checkVisibility() && !it.closest("svg, option") &&
    [...it.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.textContent.trim()));
  return words.map((it) => {
    const both = [light(rgb(getComputedStyle(it).color)), light(ground(it))].sort((a, b) => b - a);
    return [it.textContent.trim().slice(0, 40), (both[0] + 0.05) / (both[1] + 0.05)];
  });
}"""

NAMELESS = """() => [...document.querySelectorAll("main :is(input:not([type=hidden]), select, button, a, img)")]
  .filter((it) => it.checkVisibility() && !(it.labels?.length || it.textContent.trim() || it.alt || it.ariaLabel))
  .map((it) => it.outerHTML)"""

HEADINGS = """() => {
  const levels = [...document.querySelectorAll(":is(h1, h2, h3, h4)")].filter((it) => it.checkVisibility())
    .map((it) => Number(it.tagName[1]));
  return levels.map((level, place) => [level, levels[place - 1] ?? 0]).filter(([level, before]) => level > before + 1)
    .concat(levels.filter((level) => level === 1).length === 1 ? [] : [levels]);
}"""

FIELDS = "button:enabled, input:not([type=hidden]), select, textarea, summary"

TARGETS = """([fields, least]) => [...document.querySelectorAll(`main :is(${fields}), nav a`)]
  .map((it) => (it.type === "checkbox" ? it.closest("label") : it)).filter((it) => it.checkVisibility())
  .filter((it) => Math.min(it.getBoundingClientRect().width, it.getBoundingClientRect().height) < least)
  .map((it) => it.outerHTML)"""

UNSEEN_FOCUS = """(fields) => [...document.querySelectorAll(`${fields}, a[href]`)]
  .filter((it) => it.checkVisibility()).filter((it) => {
    it.focus();
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    return document.activeElement !== it || outlineStyle !== "solid" || parseFloat(outlineWidth) < 2;
  }).map((it) => it.outerHTML)"""

OPEN_ALL = "document.querySelectorAll('details').forEach((it) => { it.open = true; })"


def faults(page: Page) -> list[str]:
    """What is wrong with the page in the window and the colours that it has now, everything in it opened."""
    page.evaluate(OPEN_ALL)
    page.keyboard.press("Tab")  # from here on the focus is shown
    return [*_faults(page)]


def _faults(page: Page) -> Iterator[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:
        yield f"{width} px wide"
    yield from (f"hard to read: {words}" for words, contrast in page.evaluate(CONTRASTS) if contrast < MIN_CONTRAST)
    yield from (f"without a name: {it}" for it in page.evaluate(NAMELESS))
    yield from (f"too small to hit: {it}" for it in page.evaluate(TARGETS, [FIELDS, MIN_TARGET_PX]))
    yield from (f"headings: {levels}" for levels in page.evaluate(HEADINGS))
    yield from (f"focus not seen: {it}" for it in page.evaluate(UNSEEN_FOCUS, FIELDS))
