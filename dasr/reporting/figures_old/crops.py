"""Crops of test images beside each other (paper, Figs. 5 and 7)."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dasr.config import BICUBIC
from dasr.reporting.figures.mosaic import (
    GAP,
    PAD,
    SMALLEST,
    Pixels,
    canvas,
    enlarged,
    fitted,
    outline,
    place,
    show,
    text_height,
)
from dasr.reporting.figures.style import FULL_WIDTH, save_figure, styled
from dasr.reporting.rows import best, networks
from dasr.text import formatted

MOST = 6
"""More methods than this are wrapped into two lines of crops."""
WHOLE = {1: 1.5, 2: 2.0}
"""Width of a whole image in crops, by lines of crops."""
NAMES = 0.2
"""Room for the names of images on the left, in inches."""


@dataclass(frozen=True)
class Example:
    """The same crop of one test image: degraded, restored by every method, and true."""

    image: str
    lr_image: Pixels  # (h, w, 3)
    hr: Pixels  # (scale * h, scale * w, 3)
    kernel: NDArray[np.float64]  # (21, 21), sums to 1
    sr: Mapping[str, Pixels]  # by method, (scale * h, scale * w, 3)
    psnr_y_db: Mapping[str, float]
    """By method, over the whole image, not the crop."""
    degradation: str = ""
    """Shown under the LR crop, e.g. "width 2.4, noise 10"."""
    whole: Pixels | None = None
    """The whole HR image, reduced to at most 256 pixels a side."""
    box: tuple[float, float, float, float] | None = None
    """Where the crop is: left, top, width and height as parts of the whole image."""

    def __post_init__(self) -> None:
        """Refuse a whole image without a box, and a box without an image."""
        if (self.whole is None) != (self.box is None):
            raise ValueError(f"example {self.image!r}: whole and box go together")


@dataclass(frozen=True)
class _Layout:
    """Where crops are, in inches and in numbers of crops."""

    lines: int
    """Of crops an example."""
    columns: int
    side: float
    left: float
    """What is left of the first crop: the whole image, or its name."""


@dataclass(frozen=True)
class _Line:
    """One line of crops."""

    top: float
    panels: range
    headed: bool


def plot_crops(
    examples: Sequence[Example],
    titles: Mapping[str, str],
    stem: Path,
    *,
    unranked: Collection[str] = (),
) -> Figure:
    """Write and return the figure: rows are images; columns LR, the methods, HR.

    LR is enlarged by nearest neighbours, with its blur kernel inset. The number below is
    the PSNR on Y in dB over the whole image, the best network's in bold. Where examples
    have a whole image, it comes first, with a box around the crop. More than six methods
    make two lines of crops an image.

    Args:
        examples: one a row.
        titles: title of each method; bicubic is put first.
        stem: path of the files without suffix.
        unranked: methods that are never set in bold; bicubic never is.

    Raises:
        ValueError: there is no example, or one lacks a method or the whole image.
    """
    shown = {method: titles[method] for method in titles if method == BICUBIC}
    shown |= networks(titles)
    _require(examples, shown)
    layout = _layout(len(shown) + 2, examples[0].whole is not None)
    heads = [fitted(title, layout.side) for title in ("LR", *shown.values(), "HR")]
    below = [fitted(example.degradation, layout.side) for example in examples]
    lines, height = _lines(layout, heads, below)
    with styled():
        figure = canvas(FULL_WIDTH, height)
        for example, text, own in zip(examples, below, lines, strict=True):
            _draw_whole(figure, example, layout, own)
            contents = _contents(example, list(shown), text, unranked)
            panels = _draw_crops(figure, contents, heads, layout, own)
            _draw_kernel(panels[0], example.kernel)
            if example.whole is None:
                name = fitted(example.image, layout.side)
                panels[0].set_ylabel(name, fontsize=SMALLEST)
        save_figure(figure, stem)
    return figure


def _require(examples: Sequence[Example], methods: Iterable[str]) -> None:
    if not examples:
        raise ValueError("nothing to draw: no example images")
    for example in examples:
        missing = [method for method in methods if method not in example.sr]
        if missing:
            raise ValueError(f"example {example.image!r} lacks methods {missing}")
        if (example.whole is None) != (examples[0].whole is None):
            raise ValueError(
                f"of examples {examples[0].image!r} and {example.image!r} only one has its "
                "whole image"
            )


def _layout(panels: int, whole: bool) -> _Layout:
    lines = 1 if panels - 2 <= MOST else 2
    columns = math.ceil(panels / lines)
    crops = WHOLE[lines] if whole else 0.0
    fixed = GAP * (columns + 2) if whole else GAP * (columns + 1) + NAMES
    side = (FULL_WIDTH - fixed) / (columns + crops)
    return _Layout(lines, columns, side, GAP + crops * side + GAP if whole else NAMES + GAP)


def _lines(
    layout: _Layout, heads: Sequence[str], below: Sequence[str]
) -> tuple[list[list[_Line]], float]:
    """Return the lines of crops of each example, and the height of the figure.

    Titles stand over the first line only, unless lines hold different methods.
    """
    found: list[list[_Line]] = []
    top = 0.0
    for text in below:
        own = []
        for number in range(layout.lines):
            first = number * layout.columns
            panels = range(first, min(first + layout.columns, len(heads)))
            headed = not found or layout.lines > 1
            if headed:
                top += text_height(*heads[panels.start : panels.stop]) + PAD
            own.append(_Line(top, panels, headed))
            top += layout.side + text_height(text if number == 0 else "") + PAD
        found.append(own)
    return found, top


def _contents(
    example: Example, methods: Sequence[str], text: str, unranked: Collection[str]
) -> list[tuple[Pixels, str, bool]]:
    """Return the crops from LR to HR, with what is below them and whether it is bold."""
    psnr = pd.Series({method: example.psnr_y_db[method] for method in methods})
    first = best(psnr, 2, unranked)
    scale = len(example.hr) // len(example.lr_image)
    restored = [
        (example.sr[method], f"{formatted(psnr[method], '.2f')} dB", method in first)
        for method in methods
    ]
    lr_image = (enlarged(example.lr_image, scale), text, False)
    return [lr_image, *restored, (example.hr, "PSNR on Y", False)]


def _draw_crops(
    figure: Figure,
    contents: Sequence[tuple[Pixels, str, bool]],
    heads: Sequence[str],
    layout: _Layout,
    lines: Sequence[_Line],
) -> list[Axes]:
    drawn, side = [], layout.side
    for line in lines:
        for column, number in enumerate(line.panels):
            left = layout.left + column * (side + GAP)
            axes = place(figure, left, line.top, side, side)
            image, text, bold = contents[number]
            show(axes, image, text, bold=bold)
            if line.headed:
                axes.set_title(heads[number], fontsize=SMALLEST, pad=3.0)
            drawn.append(axes)
    return drawn


def _draw_kernel(axes: Axes, kernel: NDArray[np.float64]) -> None:
    """Show a blur kernel in a corner of the LR crop."""
    inset = axes.inset_axes((0.62, 0.62, 0.36, 0.36), xticks=[], yticks=[])
    inset.imshow(kernel, cmap="gray", interpolation="none")
    inset.spines[:].set(visible=True, color="white")
    inset.grid(visible=False)


def _draw_whole(
    figure: Figure, example: Example, layout: _Layout, lines: Sequence[_Line]
) -> None:
    """Show the whole image left of all lines of its crops, if there is one."""
    if example.whole is None or example.box is None:
        return
    width, top = layout.left - 2 * GAP, lines[0].top
    axes = place(figure, GAP, top, width, lines[-1].top + layout.side - top)
    show(axes, example.whole, fitted(example.image, width))
    rows, columns = example.whole.shape[:2]
    left, upper, wide, high = example.box
    outline(axes, left * columns, upper * rows, wide * columns, high * rows)
