"""Crops of test images beside each other (paper, Figs. 5 and 7)."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dasr.errors import UserError
from dasr.reporting.drawing import mosaic
from dasr.reporting.drawing.style import FULL_WIDTH, SMALLEST
from dasr.reporting.rows import best
from dasr.reporting.specs import FigureSpec, Item
from dasr.terms.metrics import RANKING
from dasr.text import formatted

CAPTION = (
    "The busiest crop of some images of {testset} (network of the first seed), boxed in the "
    "whole image: LR with its blur kernel inset, bicubic, every variant, HR. The number is "
    "the whole image's PSNR on Y in dB. Look for false texture beside smooth guesses; PSNR "
    "rewards the latter."
)

MAX_PER_LINE = 6
"""More methods than this are wrapped into two lines of crops."""
WHOLE_WIDTH = {1: 1.5, 2: 2.0}
"""Width of a whole image in crops, by lines of crops."""
NAME_WIDTH = 0.2
"""Of the names of images on the left, in inches."""


@dataclass(frozen=True)
class Example:
    """The same crop of one test image: degraded, restored by every method, and true."""

    image: str
    lr_image: mosaic.Pixels  # (h, w, 3)
    hr: mosaic.Pixels  # (scale * h, scale * w, 3)
    kernel: NDArray[np.float64]  # (21, 21), sums to 1
    sr: Mapping[str, mosaic.Pixels]  # by method, (scale * h, scale * w, 3)
    psnr_y_db: Mapping[str, float]
    """By method, over the whole image, not the crop."""
    degradation: str = ""
    """Shown under the LR crop, e.g. "width 2.4, noise 10"."""
    whole: mosaic.Pixels | None = None
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
    """Of crops per example."""
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


def draw(item: Item[Figure]) -> Figure:
    """Return the figure of the networks of the first seed.

    Raises:
        UserError: files of different methods are of different crops.
    """
    whole = item.plan.config.example_whole
    return draw_crops(examples_of(item, whole=whole), item.labels, item.unranked)


def examples_of(item: Item[Figure], *, whole: bool) -> list[Example]:
    """Return one example per image, with every method's crop."""
    loaded = {method: network for method, (network, *_) in item.arrays("examples").items()}
    first = next(iter(loaded.values())).arrays
    for network in loaded.values():
        for key in ("image", "degradation", "hr"):
            if not np.array_equal(network.arrays[key], first[key]):
                raise UserError(f"{network.path}: not the same {key} as in the other files")
    psnr = {method: one.arrays[RANKING.column] for method, one in loaded.items()}
    return [
        Example(
            image=str(image),
            degradation=str(first["degradation"]),
            lr_image=first["lr"][number],
            hr=first["hr"][number],
            kernel=first["kernel"],
            sr={method: one.arrays["sr"][number] for method, one in loaded.items()},
            psnr_y_db={method: float(values[number]) for method, values in psnr.items()},
            whole=first[f"whole{number}"] if whole else None,
            box=tuple(first["box"][number]) if whole else None,
        )
        for number, image in enumerate(first["image"])
    ]


def draw_crops(
    examples: Sequence[Example], labels: Mapping[str, str], unranked: Collection[str]
) -> Figure:
    """Return a figure: rows are images; columns LR, the methods, HR.

    LR is mosaic.enlarged by nearest neighbours, with its blur kernel inset. The number below is
    the PSNR on Y in dB over the whole image, the best network's in bold. Where examples
    have a whole image, it comes first, with a box around the crop. More than six methods
    make two lines of crops per image.

    Args:
        examples: one per row.
        labels: title of each method, in the order of the columns.
        unranked: methods that are never set in bold.

    Raises:
        ValueError: there is no example, or some have their whole image and others not.
    """
    if not examples:
        raise ValueError("nothing to draw: no example images")
    if len({example.whole is None for example in examples}) > 1:
        raise ValueError("some examples lack their whole image")
    layout = _layout(len(labels) + 2, examples[0].whole is not None)
    heads = [mosaic.fitted(title, layout.side) for title in ("LR", *labels.values(), "HR")]
    below = [mosaic.fitted(example.degradation, layout.side) for example in examples]
    lines, height = _lines(layout, heads, below)
    figure = mosaic.canvas(height)
    for example, text, own in zip(examples, below, lines, strict=True):
        _draw_whole(figure, example, layout, own)
        contents = _contents(example, list(labels), text, unranked)
        panels = []
        for line in own:
            shown = contents[line.panels.start : line.panels.stop]
            drawn = mosaic.add_line(figure, shown, layout.left, line.top, layout.side)
            for axes, number in zip(drawn, line.panels if line.headed else (), strict=False):
                axes.set_title(heads[number], fontsize=SMALLEST, pad=3.0)
            panels += drawn
        _draw_kernel(panels[0], example.kernel)
        if example.whole is None:
            panels[0].set_ylabel(mosaic.fitted(example.image, layout.side), fontsize=SMALLEST)
    return figure


def _layout(panels: int, whole: bool) -> _Layout:
    lines = 1 if panels - 2 <= MAX_PER_LINE else 2
    columns = math.ceil(panels / lines)
    crops = WHOLE_WIDTH[lines] if whole else 0.0
    fixed = mosaic.GAP * (columns + 2) if whole else mosaic.GAP * (columns + 1) + NAME_WIDTH
    side = (FULL_WIDTH - fixed) / (columns + crops)
    return _Layout(
        lines,
        columns,
        side,
        mosaic.GAP + crops * side + mosaic.GAP if whole else NAME_WIDTH + mosaic.GAP,
    )


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
                top += mosaic.text_height(*heads[panels.start : panels.stop]) + mosaic.PAD
            own.append(_Line(top, panels, headed))
            top += layout.side + mosaic.text_height(text if number == 0 else "") + mosaic.PAD
        found.append(own)
    return found, top


def _contents(
    example: Example, methods: Sequence[str], text: str, unranked: Collection[str]
) -> list[tuple[mosaic.Pixels, str, bool]]:
    """Return the crops from LR to HR, with what is below them and whether it is bold."""
    psnr = pd.Series({method: example.psnr_y_db[method] for method in methods})
    first = best(psnr, RANKING, unranked)
    scale = len(example.hr) // len(example.lr_image)
    restored = [
        (example.sr[method], f"{formatted(psnr[method], '.2f')} dB", method in first)
        for method in methods
    ]
    lr_image = (mosaic.enlarged(example.lr_image, scale), text, False)
    return [lr_image, *restored, (example.hr, "PSNR on Y", False)]


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
    width, top = layout.left - 2 * mosaic.GAP, lines[0].top
    axes = mosaic.add_axes(figure, mosaic.GAP, top, width, lines[-1].top + layout.side - top)
    mosaic.show(axes, example.whole, mosaic.fitted(example.image, width))
    rows, columns = example.whole.shape[:2]
    left, upper, wide, high = example.box
    mosaic.outline(axes, left * columns, upper * rows, wide * columns, high * rows)


FIGURE = FigureSpec(
    kind="crops",
    order=20,
    files=lambda item: {
        "examples": [
            item.plan.examples_file(run, item.cell.testset)
            for run in item.runs(first_seed=True)
        ]
    },
    caption=CAPTION,
    make=draw,
)
