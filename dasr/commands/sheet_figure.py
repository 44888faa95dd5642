"""One real image beside what several methods make of it: no reference, no numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dasr.pixels import Square, busiest_squares
from dasr.reporting.drawing.mosaic import (
    GAP,
    PAD,
    Pixels,
    add_axes,
    add_line,
    canvas,
    enlarged,
    fitted,
    outline,
    show,
    text_height,
)
from dasr.reporting.drawing.style import DPI, FULL_WIDTH, SMALL, SMALLEST

WHOLE_WIDTH, NARROW_WIDTH = 2.0, 1.5
"""Width of the whole image in crops, beside up to `MAX_WIDE_COLUMNS` of crops, and more."""
MAX_WIDE_COLUMNS = 5
NUMBER_WIDTH = 0.12
"""Of the numbers of boxes left of their crops, in inches."""
NUMBER_STYLE: dict[str, Any] = {
    "fontsize": SMALL,
    "fontweight": "bold",
    "rotation": 0,
    "ha": "right",
    "va": "center",
    "labelpad": 2.0,
}


@dataclass(frozen=True)
class _Layout:
    """Sizes in inches."""

    side: float
    """Of a crop."""
    whole: float
    """Width of the axes of the whole image."""
    height: float
    """Of everything but text."""


def busiest_boxes(lr_image: Pixels, count: int, side: int) -> list[Square]:
    """Return the squares with the most gradient energy, the busiest first.

    The energy is the sum of squared central differences over both directions and all
    channels: also edges between colours of one luminance are worth a look.

    Args:
        lr_image: (h, w, 3).
        count: how many at most; there are fewer where no more fit beside each other.
        side: in pixels, at most the shorter side of the image.

    Raises:
        ValueError: a side that does not fit into the image.
    """
    energy = np.zeros(lr_image.shape[:2])
    padded = np.pad(lr_image.astype(np.float64), ((1, 1), (1, 1), (0, 0)), mode="edge")
    for ahead, behind in (
        (padded[2:, 1:-1], padded[:-2, 1:-1]),
        (padded[1:-1, 2:], padded[1:-1, :-2]),
    ):
        energy += ((ahead - behind) ** 2).sum(axis=2)
    return busiest_squares(energy, side, count)


def draw_sheet(
    image_name: str,
    lr_image: Pixels,
    results: Mapping[str, Pixels],
    boxes: Sequence[Square],
) -> Figure:
    """Return a figure of the whole LR image, and its boxes a row each.

    Left is the LR image with numbered boxes; a row shows a box of it enlarged by nearest
    neighbours, then of each result.

    Args:
        image_name: shown below the whole image.
        lr_image: (h, w, 3).
        results: by title, in the order of the columns, each (scale * h, scale * w, 3).
        boxes: what to look at, in LR pixels.

    Raises:
        ValueError: no result or no box, or results that are no multiple of the LR image.
    """
    if not results or not boxes:
        raise ValueError(f"nothing to draw of {image_name!r}: no result or no box")
    scales = {title: _scale(lr_image, sr, title) for title, sr in results.items()}
    layout = _layout(lr_image, 1 + len(results), len(boxes))
    heads = [fitted(title, layout.side) for title in ("LR", *results)]
    height, width = lr_image.shape[:2]
    name = fitted(f"{image_name}, {width}x{height} pixels", layout.whole)
    top = text_height(*heads) + PAD
    figure = canvas(top + layout.height + text_height(name) + PAD)
    _draw_whole(figure, lr_image, boxes, layout, top, name)
    left = GAP + layout.whole + NUMBER_WIDTH + GAP
    for number, box in enumerate(boxes):
        crops = [enlarged(box.cut(lr_image), max(scales.values()))]
        crops += [box.cut(sr, scales[title]) for title, sr in results.items()]
        row_top = top + number * (layout.side + GAP)
        row = add_line(
            figure, [(crop, "", False) for crop in crops], left, row_top, layout.side
        )
        row[0].set_ylabel(f"{number + 1}", **NUMBER_STYLE)
        for axes, head in zip(row, heads if number == 0 else (), strict=False):
            axes.set_title(head, fontsize=SMALLEST, pad=3.0)
    return figure


def _scale(lr_image: Pixels, sr: Pixels, title: str) -> int:
    """Return how many times as large a result is."""
    (height, width), (high, wide) = lr_image.shape[:2], sr.shape[:2]
    scale = high // height
    if scale < 1 or (high, wide) != (scale * height, scale * width):
        raise ValueError(f"{title!r}: {wide}x{high} is no multiple of {width}x{height}")
    return scale


def _layout(lr_image: Pixels, columns: int, rows: int) -> _Layout:
    """Return where everything is; the whole image is as high as two crops at least."""
    parts = WHOLE_WIDTH if columns <= MAX_WIDE_COLUMNS else NARROW_WIDTH
    side = (FULL_WIDTH - GAP * (columns + 2) - NUMBER_WIDTH) / (columns + parts)
    crops = rows * (side + GAP) - GAP
    needed = parts * side * lr_image.shape[0] / lr_image.shape[1]
    height = max(crops, min(needed, 2 * side))
    return _Layout(side, parts * side, height)


def _draw_whole(
    figure: Figure,
    lr_image: Pixels,
    boxes: Sequence[Square],
    layout: _Layout,
    top: float,
    name: str,
) -> None:
    """Show the LR image with its numbered boxes."""
    axes = add_axes(figure, GAP, top, layout.whole, layout.height)
    show(axes, lr_image, name, smooth=lr_image.shape[1] > layout.whole * DPI)
    for number, box in enumerate(boxes):
        outline(axes, box.left, box.top, box.side, box.side, f"{number + 1}")
