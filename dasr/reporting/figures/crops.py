"""Crops of test images beside each other (paper, Figs. 5 and 7)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dasr.errors import UserError
from dasr.reporting.drawing import mosaic
from dasr.reporting.drawing.style import FULL_WIDTH, SMALLEST
from dasr.reporting.specs import FigureSpec, Item
from dasr.terms.metrics import RANKING
from dasr.text import formatted

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


def draw(item: Item[Figure]) -> Figure:
    """Return the figure of the networks of the first seed.

    Raises:
        UserError: files of different methods are of different crops.
    """
    whole = item.plan.config.example_whole
    return draw_crops(examples_of(item, whole=whole), item.labels)


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


def draw_crops(examples: Sequence[Example], labels: Mapping[str, str]) -> Figure:
    """Return a figure: rows are images; columns LR, the methods, HR.

    LR has its blur kernel inset. PSNR of a single crop ranks nothing, so none is in bold.
    Where examples have a whole image, it comes first. More than six methods make two lines
    of crops per image.

    Args:
        examples: one per row.
        labels: title of each method, in the order of the columns.

    Raises:
        ValueError: there is no example, or some have their whole image and others not.
    """
    if not examples:
        raise ValueError("nothing to draw: no example images")
    if len({example.whole is None for example in examples}) > 1:
        raise ValueError("some examples lack their whole image")
    whole, count = examples[0].whole is not None, 1 if len(labels) <= MAX_PER_LINE else 2
    columns = math.ceil((len(labels) + 2) / count)
    side, left = _widths(columns, WHOLE_WIDTH[count] if whole else 0.0)
    heads = [mosaic.fitted(title, side) for title in ("LR", *labels.values(), "HR")]
    lines: list[mosaic.Line] = []
    for example in examples:
        images = _images(example, list(labels), side)
        for start in range(0, len(images), columns):
            own = slice(start, start + columns)
            headed = not lines or count > 1  # else the first line's heads stand for all
            lines.append(mosaic.Line(images[own], heads[own] if headed else ()))
    tops, height = mosaic.stacked(lines, side)
    figure = Figure(figsize=(FULL_WIDTH, height))
    for number, example in enumerate(examples):
        own = slice(number * count, (number + 1) * count)
        _draw_example(figure, example, lines[own], tops[own], (left, side))
    return figure


def _widths(columns: int, whole: float) -> tuple[float, float]:
    """Return the side of a crop, and what is left of the first, in inches.

    That is the whole image, as wide as `whole` crops, or, if that is 0, a name.
    """
    if not whole:
        side = (FULL_WIDTH - mosaic.GAP * (columns + 1) - NAME_WIDTH) / columns
        return side, NAME_WIDTH + mosaic.GAP
    side = (FULL_WIDTH - mosaic.GAP * (columns + 2)) / (columns + whole)
    return side, mosaic.GAP + whole * side + mosaic.GAP


def _images(
    example: Example, methods: Sequence[str], side: float
) -> list[tuple[mosaic.Pixels, str]]:
    """Return the crops from LR to HR, with what is below them."""
    scale = len(example.hr) // len(example.lr_image)
    enlarged = mosaic.enlarged(example.lr_image, scale)
    restored = [
        (example.sr[method], f"{formatted(example.psnr_y_db[method], '.2f')} dB")
        for method in methods
    ]
    degradation = mosaic.fitted(example.degradation, side)
    return [(enlarged, degradation), *restored, (example.hr, "PSNR on Y")]


def _draw_example(
    figure: Figure,
    example: Example,
    lines: Sequence[mosaic.Line],
    tops: Sequence[float],
    widths: tuple[float, float],
) -> None:
    """Draw the whole image or its name, the lines of crops, and the kernel in the LR crop."""
    left, side = widths
    if example.whole is not None and example.box is not None:
        width, high = left - 2 * mosaic.GAP, tops[-1] + side - tops[0]
        axes = mosaic.add_axes(figure, mosaic.GAP, tops[0], width, high)
        mosaic.show(axes, example.whole, mosaic.fitted(example.image, width))
        (rows, columns), (x, y, wide, high) = example.whole.shape[:2], example.box
        mosaic.outline(axes, x * columns, y * rows, wide * columns, high * rows)
    pairs = zip(lines, tops, strict=True)
    lr_axes, *_ = [mosaic.draw_line(figure, line, left, top, side)[0] for line, top in pairs]
    if example.whole is None:
        lr_axes.set_ylabel(mosaic.fitted(example.image, side), fontsize=SMALLEST)
    inset = lr_axes.inset_axes((0.62, 0.62, 0.36, 0.36), xticks=[], yticks=[])
    inset.imshow(example.kernel, cmap="gray", interpolation="none")
    inset.spines[:].set(visible=True, color="white")
    inset.grid(visible=False)


FIGURE = FigureSpec(
    kind="crops",
    order=20,
    files=lambda item: {
        "examples": [
            item.plan.examples_file(run, item.cell.testset)
            for run in item.runs(first_seed=True)
        ]
    },
    make=draw,
)
