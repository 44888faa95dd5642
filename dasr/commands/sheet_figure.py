"""One real image beside what several methods make of it: no reference, no numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dasr.pixels import Square, busiest_squares
from dasr.reporting.drawing.mosaic import (
    GAP,
    PAD,
    Line,
    Pixels,
    add_axes,
    draw_line,
    enlarged,
    fitted,
    outline,
    show,
    stacked,
    text_height,
)
from dasr.reporting.drawing.style import DPI, FULL_WIDTH, SMALL

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
    titles = ("LR", *results)
    parts = WHOLE_WIDTH if len(titles) <= MAX_WIDE_COLUMNS else NARROW_WIDTH
    side = (FULL_WIDTH - GAP * (len(titles) + 2) - NUMBER_WIDTH) / (len(titles) + parts)
    lines: list[Line] = []
    for box in boxes:
        crops = [enlarged(box.cut(lr_image), max(scales.values()))]
        crops += [box.cut(sr, scales[title]) for title, sr in results.items()]
        heads = [] if lines else [fitted(title, side) for title in titles]
        lines.append(Line([(crop, "") for crop in crops], heads))
    tops, bottom = stacked(lines, side)
    height, width = lr_image.shape[:2]
    name = fitted(f"{image_name}, {width}x{height} pixels", parts * side)
    # The whole image is as high as its crops, or as two if it needs that.
    high = max(bottom - GAP - tops[0], min(parts * side * height / width, 2 * side))
    figure = Figure(figsize=(FULL_WIDTH, tops[0] + high + text_height(name) + PAD))
    axes = add_axes(figure, GAP, tops[0], parts * side, high)
    show(axes, lr_image, name, smooth=width > parts * side * DPI)
    left = GAP + parts * side + NUMBER_WIDTH + GAP
    for number, (box, line, top) in enumerate(zip(boxes, lines, tops, strict=True), start=1):
        outline(axes, box.left, box.top, box.side, box.side, f"{number}")
        first, *_ = draw_line(figure, line, left, top, side)
        first.set_ylabel(f"{number}", **NUMBER_STYLE)
    return figure


def _scale(lr_image: Pixels, sr: Pixels, title: str) -> int:
    """Return how many times as large a result is."""
    (height, width), (high, wide) = lr_image.shape[:2], sr.shape[:2]
    scale = high // height
    if scale < 1 or (high, wide) != (scale * height, scale * width):
        raise ValueError(f"{title!r}: {wide}x{high} is no multiple of {width}x{height}")
    return scale
