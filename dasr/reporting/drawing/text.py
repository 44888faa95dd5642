"""Text of figures: how wide it is, how it is broken into lines, what a font can draw."""

import textwrap
from functools import cache

from matplotlib.font_manager import FontProperties, fontManager, get_font

from dasr.text import formatted

MAX_LINES = 4
"""Of what shares the figure's room with panels."""
NO_GLYPH = "□"
POINTS_PER_INCH = 72


@cache
def _advance(character: str, size: float) -> float:
    """Return the width of a character of the figures' font at a size in points, in inches."""
    font = get_font(fontManager.findfont(FontProperties()))
    font.set_size(size, POINTS_PER_INCH)
    return float(font.load_char(ord(drawable(character))).linearHoriAdvance) / 65536 / 72


def text_width(text: str, size: float) -> float:
    """Return the width of the longest line of a text in inches, at a size in points."""
    return max(sum(_advance(one, size) for one in line) for line in text.split("\n"))


def wrapped_to(text: str, width: float, size: float, max_lines: int = MAX_LINES) -> str:
    """Return text broken into lines of `width` inches, at a size in points."""
    line = " ".join(text.split())
    if not line:
        return ""
    return wrapped(line, int(width * len(line) / text_width(line, size)), max_lines)


def wrapped(text: str, width: int, max_lines: int = MAX_LINES) -> str:
    """Return text broken into at most `max_lines` lines of at most `width` characters.

    What does not fit is left out of the middle: titles of swept values differ at their end.
    """
    width, kept = max(2, width), len(text)
    lines = textwrap.wrap(text, width)
    while len(lines) > max_lines:
        kept -= 2
        shorter = f"{text[: kept // 2].rstrip()} … {text[len(text) - kept // 2 :].lstrip()}"
        lines = textwrap.wrap(shorter, width)
    return "\n".join(lines)


def drawable(text: str, font: FontProperties | None = None) -> str:
    """Return text with a box for each character that a font cannot draw.

    Those without a glyph would warn, and those that no text should hold (halves of
    surrogate pairs in file names, marks of byte order) would stop the drawing.
    """
    known = get_font(fontManager.findfont(font or FontProperties())).get_charmap()
    return "".join(
        one if one == "\n" or (one.isprintable() and ord(one) in known) else NO_GLYPH
        for one in text
    )


def signed(value: float, decimals: int = 2) -> str:
    """Return a number as text, with a minus sign in place of a hyphen; NaN is a dash."""
    return formatted(value, f".{decimals}f").replace("-", "−")
