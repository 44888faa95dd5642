"""Images beside each other, at positions in inches, with text above and below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import AbstractPathEffect, withStroke
from numpy.typing import NDArray

from dasr.reporting.drawing.style import SMALLEST
from dasr.reporting.drawing.text import text_width, wrapped_to

Pixels = NDArray[np.uint8]
LINE = 0.125
"""Height of a line of text, in inches."""
PAD = 0.05
"""Inches between text and the next image."""
GAP = 0.03
"""Inches between images, and around all of them."""
MAX_LINES = 24
"""Between two commas: the figure grows with its text, and a file's path is a long one."""
OUTLINE, STROKE = "#F0E442", "black"
"""Yellow on black: one of the two stands out from any image."""


def add_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes, in inches from the upper left corner."""
    wide, high = figure.get_size_inches()
    return figure.add_axes(
        (left / wide, 1 - (top + height) / high, width / wide, height / high)
    )


@dataclass(frozen=True)
class Line:
    """Square images beside each other."""

    images: Sequence[tuple[Pixels, str]]
    """Each with the text below it."""
    heads: Sequence[str] = ()
    """Above the images; none where those of a line above stand for this one, too."""


def stacked(lines: Iterable[Line], side: float) -> tuple[list[float], float]:
    """Return the top of each line's images, and the height of all, in inches as `side` is."""
    tops, height = [], 0.0
    for line in lines:
        height += text_height(*line.heads) + PAD if line.heads else 0.0
        tops.append(height)
        texts = [text for _, text in line.images]
        height += side + (text_height(*texts) + PAD if any(texts) else GAP)
    return tops, height


def draw_line(figure: Figure, line: Line, left: float, top: float, side: float) -> list[Axes]:
    """Return the axes of a line's images, in inches; `left` and `top` are the first one's."""
    drawn = []
    for column, (image, text) in enumerate(line.images):
        drawn.append(add_axes(figure, left + column * (side + GAP), top, side, side))
        show(drawn[-1], image, text)
    for axes, head in zip(drawn, line.heads, strict=False):
        axes.set_title(head, fontsize=SMALLEST, pad=3.0)
    return drawn


def show(axes: Axes, image: Pixels, text: str = "", *, smooth: bool = False) -> None:
    """Show an image, (H, W, 3), from the upper edge of its axes, with text below.

    Pixels stay squares, as large as they are; `smooth` reduces an image of more pixels
    than its axes have.
    """
    axes.imshow(image, interpolation="antialiased" if smooth else "none")
    axes.set(xticks=[], yticks=[], anchor="N")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(text, fontsize=SMALLEST, labelpad=2.0)


def outline(
    axes: Axes, left: float, top: float, width: float, height: float, text: str = ""
) -> None:
    """Draw a box, in pixels of the image shown, with text inside its upper left corner."""
    around: list[AbstractPathEffect] = [withStroke(linewidth=2.4, foreground=STROKE)]
    corner = (left - 0.5, top - 0.5)  # the first pixel's centre is 0
    box = Rectangle(corner, width, height, fill=False, edgecolor=OUTLINE, linewidth=1.0)
    box.set(path_effects=around, clip_on=False)  # else cut in half along the image's edge
    axes.add_patch(box)
    if text:
        axes.annotate(
            text,
            corner,
            xytext=(2.0, -1.5),
            textcoords="offset points",
            ha="left",
            va="top",
            color=OUTLINE,
            fontsize=SMALLEST,
            fontweight="bold",
            path_effects=around,
        )


def enlarged(image: Pixels, scale: int) -> Pixels:
    """Return an image enlarged by nearest neighbours."""
    return image.repeat(scale, axis=0).repeat(scale, axis=1)


def fitted(text: str, width: float) -> str:
    """Return text broken into lines of `width` inches; at its commas if it has any."""
    text = " ".join(text.split())
    if text_width(text, SMALLEST) <= width:
        return text
    parts = text.replace(", ", ",\n").split("\n")
    return "\n".join(wrapped_to(part, width, SMALLEST, MAX_LINES) for part in parts)


def text_height(*texts: str) -> float:
    """Return the height of the highest of some texts, in inches."""
    return LINE * (max(text.count("\n") for text in texts) + 1)
