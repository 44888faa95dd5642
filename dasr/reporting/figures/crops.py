"""Crops of test images beside each other (paper, Figs. 5 and 7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dasr.config import BICUBIC
from dasr.reporting.figures.style import (
    FULL_WIDTH,
    grid_of_axes,
    new_figure,
    save_figure,
    styled,
    wrapped,
)
from dasr.reporting.rows import best, networks

Pixels = NDArray[np.uint8]
SMALLEST = 6.5
LINE = 0.125
"""Height of a line of text in inches."""
CHARACTERS_PER_INCH = 19
NAMES = 0.2
"""Room for the names of images on the left, in inches."""
PAD = 0.015
"""Inches between panels, on each side."""


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


def plot_crops(
    examples: Sequence[Example],
    titles: Mapping[str, str],
    stem: Path,
    *,
    unranked: Collection[str] = (),
) -> Figure:
    """Write and return the figure: rows are images; columns LR, the methods, HR.

    LR is enlarged by nearest neighbours, with its blur kernel inset. The number below is
    the PSNR on Y in dB over the whole image, the best network's in bold.

    Args:
        examples: one a row.
        titles: title of each method; bicubic is put first.
        stem: path of the files without suffix.
        unranked: methods that are never set in bold; bicubic never is.

    Raises:
        ValueError: there is no example, or one lacks a method.
    """
    shown = {method: titles[method] for method in titles if method == BICUBIC}
    shown |= networks(titles)
    _require(examples, shown)
    side = (FULL_WIDTH - NAMES) / (len(shown) + 2)
    characters = int(side * CHARACTERS_PER_INCH)
    columns = [wrapped(title, characters) for title in ("LR", *shown.values(), "HR")]
    heads = max(title.count("\n") for title in columns) + 1
    with styled():
        figure = new_figure(FULL_WIDTH, len(examples) * (side + 2 * LINE) + heads * LINE)
        figure.set_layout_engine("compressed", w_pad=PAD, h_pad=PAD, wspace=0.0, hspace=0.0)
        panels = grid_of_axes(figure, len(examples), len(columns))
        for axes, title in zip(panels[0], columns, strict=True):
            axes.set_title(title, fontsize=SMALLEST, pad=3.0)
        for row, example in zip(panels, examples, strict=True):
            _draw_lr(row[0], example, characters)
            _draw_sr(row[1:-1], example, list(shown), unranked)
            _show(row[-1], example.hr, "PSNR on Y")
        save_figure(figure, stem)
    return figure


def _require(examples: Sequence[Example], methods: Iterable[str]) -> None:
    if not examples:
        raise ValueError("nothing to draw: no example images")
    for example in examples:
        missing = [method for method in methods if method not in example.sr]
        if missing:
            raise ValueError(f"example {example.image!r} lacks methods {missing}")


def _draw_lr(axes: Axes, example: Example, characters: int) -> None:
    """Show the LR crop as large as the others, its kernel in a corner."""
    scale = len(example.hr) // len(example.lr_image)
    enlarged = example.lr_image.repeat(scale, axis=0).repeat(scale, axis=1)
    _show(axes, enlarged, wrapped(example.degradation, characters))
    axes.set_ylabel(wrapped(example.image, characters), fontsize=SMALLEST)
    inset = axes.inset_axes((0.62, 0.62, 0.36, 0.36), xticks=[], yticks=[])
    inset.imshow(example.kernel, cmap="gray", interpolation="none")
    inset.spines[:].set(visible=True, color="white")
    inset.grid(visible=False)


def _draw_sr(
    row: Sequence[Axes], example: Example, methods: Sequence[str], unranked: Collection[str]
) -> None:
    psnr = pd.Series({method: example.psnr_y_db[method] for method in methods})
    first = best(psnr, 2, unranked)
    for axes, method in zip(row, methods, strict=True):
        _show(axes, example.sr[method], f"{psnr[method]:.2f} dB", method in first)


def _show(axes: Axes, image: Pixels, text: str, bold: bool = False) -> None:
    axes.imshow(image, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    weight = "bold" if bold else "normal"
    axes.set_xlabel(text, fontsize=SMALLEST, fontweight=weight, labelpad=2.0)
