"""One style for all figures: sizes, type, and what a method looks like."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.lines import Line2D
from matplotlib.text import Text

from dasr.config import BICUBIC
from dasr.files import replacing
from dasr.text import formatted

COLUMN_WIDTH = 3.5
"""One column of a two-column paper, in inches."""
FULL_WIDTH = 7.16
"""Both columns, in inches."""
FONT_SIZE = 8.0
SMALL = 7.0
DPI = 300
GREY = "0.45"
LEGEND_CHARACTERS = 34
"""Longer titles are broken into lines."""
MOST_LINES = 4
"""Of what shares the figure's room with panels."""
NO_GLYPH = "□"
LEGEND_LINE = 0.14
"""Height of a line of a legend, in inches."""
TASK_NAMES = {
    "kernel_width": "Kernel widths",
    "noise_level": "Noise levels",
    "kernel": "Kernels",
}
"""What panels call the tasks of `dasr.embedding`."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's palette without black, which is bicubic's, and yellow, which is pale."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (6, 1, 1, 1, 1, 1)))

RC: dict[str, Any] = {
    "font.size": FONT_SIZE,
    "axes.titlesize": FONT_SIZE,
    "axes.labelsize": FONT_SIZE,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "figure.titlesize": FONT_SIZE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.2,
    "legend.frameon": False,
    "text.parse_math": False,  # a "$" in a title is a dollar
    "pdf.fonttype": 42,
    "savefig.dpi": DPI,
}


@dataclass(frozen=True)
class MethodStyle:
    """What a method looks like in every figure."""

    color: str
    marker: str
    linestyle: Any

    def line(self) -> dict[str, Any]:
        """Return arguments for a line with markers."""
        return {"color": self.color, "marker": self.marker, "linestyle": self.linestyle}

    def point(self) -> dict[str, Any]:
        """Return arguments for points without a line."""
        if not self.marker:
            return {"color": self.color, "marker": "_", "linestyle": "", "markersize": 7}
        return {"color": self.color, "marker": self.marker, "linestyle": ""}


BASELINE = MethodStyle("black", "", "--")


def method_styles(titles: Mapping[str, str]) -> dict[str, MethodStyle]:
    """Return each method's style by its place among the networks; bicubic is dashed black."""
    styles, place = {}, 0
    for method in titles:
        if method == BICUBIC:
            styles[method] = BASELINE
            continue
        styles[method] = MethodStyle(
            COLOURS[place % len(COLOURS)],
            MARKERS[place % len(MARKERS)],
            LINES[place % len(LINES)],
        )
        place += 1
    return styles


def styled() -> AbstractContextManager[None]:
    """Return a context with the figures' style; the user's own settings are set aside."""
    return matplotlib.style.context(["default", RC])


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure, in inches, whose parts keep clear of each other."""
    return Figure(figsize=(width, height), layout="constrained")


def save_figure(figure: Figure, stem: Path) -> None:
    """Write `stem`.png at 300 dpi and `stem`.pdf, each whole or absent.

    The same figure gives the same bytes: no dates, no paths. Characters that the font
    lacks become boxes.
    """
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(drawable(text.get_text(), text.get_fontproperties()))
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": None},
        "pdf": {"CreationDate": None},
    }
    for suffix, fields in metadata.items():
        with replacing(stem.with_name(f"{stem.name}.{suffix}")) as temporary:
            figure.savefig(temporary, format=suffix, dpi=DPI, metadata=fields)


def drawable(text: str, font: FontProperties) -> str:
    """Return text with a box for each character that a font cannot draw.

    Those without a glyph would warn, and those that no text should hold (halves of
    surrogate pairs in file names, marks of byte order) would stop the drawing.
    """
    known = get_font(fontManager.findfont(font)).get_charmap()
    return "".join(
        one if one == "\n" or (one.isprintable() and ord(one) in known) else NO_GLYPH
        for one in text
    )


def method_handles(
    titles: Mapping[str, str], styles: Mapping[str, MethodStyle], *, lines: bool
) -> list[Line2D]:
    """Return one legend entry a method, with or without its line."""
    return [
        Line2D(
            [],
            [],
            label=wrapped(titles[method], LEGEND_CHARACTERS),
            **(style.line() if lines else style.point()),
        )
        for method, style in styles.items()
    ]


def legend_above(figure: Figure, handles: Sequence[Artist]) -> None:
    """Put a legend over all panels, in as many columns as fit, and make room for it."""
    labels = [str(handle.get_label()) for handle in handles]
    width, height = figure.get_size_inches()
    rows = math.ceil(len(handles) / fitting_columns(labels, width))
    lines = max(label.count("\n") for label in labels) + 1
    figure.set_size_inches(width, height + LEGEND_LINE * rows * lines + 0.08)
    figure.legend(
        handles=list(handles),
        loc="outside upper center",
        ncols=math.ceil(len(handles) / rows),
        handlelength=2.6,
        columnspacing=1.2,
        labelspacing=0.3,
    )


def fitting_columns(labels: Sequence[str], width: float) -> int:
    """Return how many columns of a legend fit into `width` inches; at least one."""
    longest = max(len(line) for label in labels for line in label.split("\n"))
    return max(1, int(width / (0.055 * longest + 0.45)))


def wrapped(text: str, width: int, most: int = MOST_LINES) -> str:
    """Return text broken into at most `most` lines of at most `width` characters.

    What does not fit is left out of the middle: titles of swept values differ at their end.
    """
    width, kept = max(2, width), len(text)
    lines = textwrap.wrap(text, width)
    while len(lines) > most:
        kept -= 2
        shorter = f"{text[: kept // 2].rstrip()} … {text[len(text) - kept // 2 :].lstrip()}"
        lines = textwrap.wrap(shorter, width)
    return "\n".join(lines)


def signed(value: float, decimals: int = 2) -> str:
    """Return a number as text, with a minus sign in place of a hyphen; NaN is a dash."""
    return formatted(value, f".{decimals}f").replace("-", "−")


def grid_of_axes(figure: Figure, rows: int, columns: int, **options: Any) -> list[list[Axes]]:
    """Return `rows` lists of `columns` axes."""
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    return [list(row) for row in axes]
