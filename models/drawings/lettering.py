"""Pictures that are made of letters: initials and "no photo" in several languages."""

import numpy as np

from models.drawings.canvas import FACES, Canvas, disc_outline
from models.drawings.colours import WHITE, Colour, against, any_colour, grey, mixed, pale, pick, strong
from models.drawings.figures import Head, bust, draw_bust
from models.drawings.outlines import Point, egg, points, regular

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Without accents: the one font that comes with Pillow has none.
PHRASES = (
    "No photo", "NO PHOTO", "No image", "NO IMAGE", "No Image Available", "Image not available", "Image not found",
    "Photo here", "Place photo here", "Attach photo", "Photo not available", "No preview available", "No picture",
    "Coming soon", "Photo coming soon", "Image coming soon", "404", "Not found", "N/A", "No avatar",
    "Picture pending", "Passport photo", "Affix photograph here", "35 x 45 mm", "150 x 150", "300x300",
    "PLACEHOLDER", "Photo unavailable", "Upload your photo", "Add photo", "Kein Bild", "Kein Foto vorhanden",
    "Bild folgt", "Pas de photo", "Photo non disponible", "Sin foto", "Sin imagen", "Imagen no disponible",
    "Foto no disponible", "Sem foto", "Sem imagem", "Imagem indisponivel", "Nessuna immagine", "Nessuna foto",
    "Geen foto", "Geen afbeelding", "Brak zdjecia", "Ingen bild", "Intet billede", "Ei kuvaa", "Foto yok",
    "Resim yok", "Nincs kep", "Bez fotky", "Nema slike", "Fara imagine", "Net foto", "Hakuna picha",
    "Walang larawan", "Tidak ada foto", "Gambar tidak tersedia", "Khong co anh", "Wala pang litrato", "Babu hoto",
    "Ko si aworan",
)  # fmt: skip


def initials(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw one to three letters on a coloured ground, disc or tile."""
    ground = pick(rng, (strong, strong, strong, any_colour, pale, grey))(rng)
    canvas.fill(ground)
    middle = canvas.height / 2
    if rng.random() < 0.25:
        canvas.gradient(ground, mixed(ground, any_colour(rng), 0.5), rng.uniform(0, 360))
    elif rng.random() < 0.4:
        outside = pick(rng, (WHITE, WHITE, any_colour(rng)))
        squareness = pick(rng, (2, 2, 2, 5, 8))
        radius = rng.uniform(0.36, 0.5)
        canvas.keep(egg(0.5, middle, radius, radius, squareness=squareness), outside)
    if rng.random() < 0.12:
        canvas.disc(0.5, middle, 0.45, None, edge=against(rng, ground), line=rng.uniform(0.01, 0.03))
    _letters(canvas, rng, against(rng, ground) if rng.random() < 0.4 else _white_or_black(ground))


def _white_or_black(ground: Colour) -> Colour:
    return WHITE if sum(ground) < 480 else (50, 50, 60)


def _letters(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    many = pick(rng, (1, 1, 2, 2, 2, 3))
    word = "".join(pick(rng, LETTERS) for _ in range(many))
    word = word.lower() if rng.random() < 0.1 else word
    if many > 1 and rng.random() < 0.1:
        word = ".".join(word) + "."
    size = rng.uniform(0.22, 0.7)
    cx, cy, face = 0.5 + rng.normal(0, 0.01), canvas.height / 2 + rng.normal(0, 0.01), pick(rng, FACES)
    if rng.random() < 0.12:  # letters of a script the font lacks
        invented_word(canvas, rng, word[:2], (cx, cy), size, ink)
        return
    if rng.random() < 0.15:
        canvas.text(word, cx + 0.015, cy + 0.015, size * 1.4, size, mixed(canvas.ground, (0, 0, 0), 0.4), face)
    canvas.text(word, cx, cy, min(0.9, size * 1.4), size, ink, face)


def invented_word(canvas: Canvas, rng: np.random.Generator, word: str, centre: Point, size: float, ink: Colour) -> None:
    """Draw as many signs of an invented script as the word has letters, around a centre."""
    many = len(word)
    each = min(size, 0.8 / many)
    for place in range(many):
        left = centre[0] + (place - many / 2) * each
        invented_sign(canvas, rng, left, centre[1] - each / 2, each, ink)


def invented_sign(canvas: Canvas, rng: np.random.Generator, left: float, top: float, size: float, ink: Colour) -> None:
    """Draw one sign of strokes in a square: it looks like writing and says nothing."""
    line, cell = size * rng.uniform(0.06, 0.12), size * 0.22
    for _ in range(int(rng.integers(4, 8))):
        x, y = left + cell * rng.integers(0, 3), top + cell * rng.integers(0, 3)
        along, down = cell * rng.integers(1, 3), cell * rng.integers(1, 3)
        kind = pick(rng, ("across", "across", "down", "down", "slant", "bow"))
        if kind == "bow":
            start = rng.uniform(0, 360)
            canvas.arc(x + along / 2, y + down / 2, along, down / 2, start, start + 200, ink, line)
        else:
            reach = {"across": (along, 0), "down": (0, down), "slant": (along, down)}[kind]
            canvas.path(points((x, y), (x + reach[0], y + reach[1])), ink, line)


def no_photo(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw what stands where a photo is missing: words, a frame, a crossed camera."""
    ground = pick(rng, (grey(rng, 190, 255), grey(rng, 190, 255), WHITE, pale(rng), any_colour(rng)))
    canvas.fill(ground)
    ink = grey(rng, 60, 170) if rng.random() < 0.5 and sum(ground) > 560 else against(rng, ground)
    if rng.random() < 0.45:
        _frame(canvas, rng, ink)
    phrase = pick(rng, PHRASES)
    style = rng.random()
    if style < 0.1:
        return _repeated(canvas, rng, phrase, ink)
    if style < 0.4:
        return _phrase(canvas, rng, phrase, (0.5, canvas.height / 2), ink)
    lower = canvas.height / 2 + rng.uniform(0.2, 0.28)
    draw = pick(rng, SYMBOLS)
    draw(canvas, rng, (0.5, canvas.height / 2 - rng.uniform(0, 0.1)), rng.uniform(0.12, 0.22), ink)
    if style < 0.85:
        _phrase(canvas, rng, phrase, (0.5, lower), ink, rows=1)
    return None


def _frame(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    inset, line = rng.uniform(0, 0.12), rng.uniform(0.005, 0.025)
    right, bottom = 1 - inset, canvas.height - inset
    if rng.random() < 0.5:
        canvas.box(inset, inset, right, bottom, None, edge=ink, line=line, corner=pick(rng, (0, 0, 0.06)))
        if rng.random() < 0.3:
            canvas.path(points((inset, inset), (right, bottom)), ink, line / 2)
            canvas.path(points((right, inset), (inset, bottom)), ink, line / 2)
        return
    dash = rng.uniform(0.02, 0.07)
    for start in np.arange(inset, right - dash, 2 * dash):
        for y in (inset, bottom):
            canvas.path(points((start, y), (start + dash, y)), ink, line)
    for start in np.arange(inset, bottom - dash, 2 * dash):
        for x in (inset, right):
            canvas.path(points((x, start), (x, start + dash)), ink, line)


def _phrase(canvas: Canvas, rng: np.random.Generator, phrase: str, centre: Point, ink: Colour, rows: int = 3) -> None:
    words, face = phrase.split(), pick(rng, FACES)
    lines = [phrase] if rows == 1 or rng.random() < 0.4 else words
    size = rng.uniform(0.1, 0.24) / (1 + 0.3 * len(lines))
    top = centre[1] - size * 1.3 * (len(lines) - 1) / 2
    for place, line in enumerate(lines):
        canvas.text(line, centre[0], top + place * size * 1.3, 0.84, size, ink, face)


def _repeated(canvas: Canvas, rng: np.random.Generator, phrase: str, ink: Colour) -> None:
    size, faint = rng.uniform(0.03, 0.07), mixed(ink, canvas.ground, rng.uniform(0, 0.6))
    for row in range(int(canvas.height / size / 2) + 1):
        for column in range(-1, 3):
            canvas.line_of_text(phrase, column * 0.5 + 0.12 * (row % 3), row * size * 2, size, faint)


def crossed_camera(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    """Draw a camera, mostly crossed out."""
    cx, cy = centre
    canvas.box(cx - size * 0.4, cy - size * 0.9, cx + size * 0.4, cy, ink, corner=size * 0.1)
    canvas.box(cx - size, cy - size * 0.65, cx + size, cy + size * 0.65, ink, corner=size * 0.15)
    canvas.disc(cx, cy, size * 0.42, canvas.ground)
    canvas.disc(cx, cy, size * 0.28, ink)
    if rng.random() < 0.75:
        line = size * rng.uniform(0.1, 0.2)
        slash = points((cx - size, cy + size), (cx + size, cy - size))
        canvas.path(slash, canvas.ground, line * 2)
        canvas.path(slash, pick(rng, (ink, (210, 40, 40))), line)


def picture_sign(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    """Draw the sign for a picture: a frame with sun and mountains."""
    cx, cy = centre
    canvas.box(
        cx - size, cy - size * 0.8, cx + size, cy + size * 0.8, None, edge=ink, line=size * 0.12, corner=size * 0.15
    )
    canvas.disc(cx - size * 0.45, cy - size * 0.3, size * 0.18, ink)
    low = cy + size * 0.6
    canvas.shape(points((cx - size * 0.8, low), (cx - size * 0.2, cy), (cx + size * 0.3, low)), ink)
    canvas.shape(points((cx - size * 0.1, low), (cx + size * 0.35, cy - size * 0.3), (cx + size * 0.8, low)), ink)
    if rng.random() < 0.25:  # torn in two
        tear = [(cx + size * (0.15 * (-1) ** n), cy + size * (n / 3 - 1)) for n in range(7)]
        canvas.path(points(*tear), canvas.ground, size * 0.14)


def prohibited(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    """Draw a ring with a bar across."""
    colour = pick(rng, ((205, 35, 40), ink))
    canvas.disc(*centre, size, None, edge=colour, line=size * 0.2)
    reach = size * 0.65
    canvas.path(
        points((centre[0] - reach, centre[1] - reach), (centre[0] + reach, centre[1] + reach)), colour, size * 0.2
    )


def _question(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    if rng.random() < 0.5:
        canvas.disc(*centre, size * 1.2, None, edge=ink, line=size * 0.15)
    canvas.text(pick(rng, "??!X"), *centre, size * 1.4, size * 1.4, ink, pick(rng, ("bold", "plain", "hollow")))


def _person(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    cx, cy = centre
    draw_bust(canvas, bust(rng, Head(cx, cy - size * 0.3, size * 0.42, size * 0.5), cy + size), ink)
    canvas.box(0, cy + size, 1, cy + size * 4, canvas.ground)


def _triangle(canvas: Canvas, _rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    canvas.shape(regular(*centre, size * 1.1, 3), None, ink, size * 0.14)
    canvas.text("!", centre[0], centre[1] + size * 0.1, size, size * 0.7, ink, "bold")


def _lens(canvas: Canvas, _rng: np.random.Generator, centre: Point, size: float, ink: Colour) -> None:
    canvas.shape(disc_outline(*centre, size), ink)
    canvas.disc(*centre, size * 0.8, canvas.ground)
    for place in range(6):
        canvas.path(
            np.array([regular(*centre, size, 6)[place], regular(*centre, size, 6)[(place + 2) % 6]]), ink, size * 0.08
        )


SYMBOLS = (crossed_camera, crossed_camera, picture_sign, picture_sign, prohibited, _question, _person, _triangle, _lens)
