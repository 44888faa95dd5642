"""One style for all figures: sizes, type, and what a method looks like."""

import math
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib import rc_params_from_file
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from dasr.files import replacing
from dasr.reporting.drawing.text import POINTS_PER_INCH, drawable, wrapped_to
from dasr.study import Method

COLUMN_WIDTH = 3.5
"""One column of a two-column paper, in inches."""
FULL_WIDTH = 7.16
"""Both columns, in inches."""
FILE = Path(__file__).with_suffix(".mplstyle")
STYLE = rc_params_from_file(FILE, use_default_template=False)
FONT_SIZE: float = STYLE["font.size"]
"""Of titles and labels, in points."""
SMALL: float = STYLE["legend.fontsize"]
"""Of numbers and legends, in points."""
SMALLEST = 6.5
"""Of text below panels and images, in points."""
DPI = int(STYLE["savefig.dpi"])
GREY = "0.45"
FORMATS: dict[str, dict[str, Any]] = {"png": {"Software": None}, "pdf": {"CreationDate": None}}
"""What figures are written as, and what is left out: the same figure gives the same bytes."""
PROVENANCE_KEYS = {"png": "Description", "pdf": "Subject"}
"""The metadata that say where a figure's numbers come from."""
PROVENANCE_SIZE = 5.0
"""Of that line below a figure, in points."""
STRIP_LINE = PROVENANCE_SIZE * 1.25 / POINTS_PER_INCH
"""Height of a line of it, in inches."""
STRIP_PAD = 0.04
"""Inches that it keeps from the edges."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's palette without black, which is bicubic's, and yellow, which is pale."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (6, 1, 1, 1, 1, 1)))


@dataclass(frozen=True)
class LineStyle:
    """What a method, or a score, looks like in every figure."""

    color: str
    marker: str
    linestyle: Any

    def line(self) -> dict[str, Any]:
        """Return arguments for a line with markers."""
        return {"color": self.color, "marker": self.marker, "linestyle": self.linestyle}

    def point(self) -> dict[str, Any]:
        """Return arguments for points without a line."""
        look = {"marker": self.marker} if self.marker else {"marker": "_", "markersize": 7}
        return {"color": self.color, "linestyle": "", **look}


BASELINE = LineStyle("black", "", "--")
UNTRAINED = LineStyle(GREY, "h", (0, (1, 1.5)))


def method_styles(methods: Iterable[Method]) -> dict[str, LineStyle]:
    """Return each method's style by its order among a study's networks.

    Baselines are dashed black, an untrained encoder is dotted grey. In a study with sizes a
    variant has one colour, and a size one marker and one kind of line. Give all methods of a
    study, also where some are drawn.
    """
    methods = list(methods)
    fixed = {"baseline": BASELINE, "untrained": UNTRAINED}
    if any(one.size for one in methods):
        variants = list(dict.fromkeys(one.variant for one in methods if one.is_network))
        sizes = list(dict.fromkeys(one.size for one in methods if one.is_network))
        return {
            one.name: fixed.get(one.kind)
            or _sized(variants.index(one.variant), sizes.index(one.size))
            for one in methods
        }
    looks = zip(cycle(COLOURS), cycle(MARKERS), cycle(LINES), strict=False)
    return {one.name: fixed.get(one.kind) or LineStyle(*next(looks)) for one in methods}


def _sized(variant: int, size: int) -> LineStyle:
    """Return the look of a method by the number of its variant and of its size."""
    shape = size % len(MARKERS), size % len(LINES)
    return LineStyle(COLOURS[variant % len(COLOURS)], MARKERS[shape[0]], LINES[shape[1]])


def styled() -> AbstractContextManager[None]:
    """Return a context with the figures' style; the user's own settings are set aside."""
    return matplotlib.style.context(["default", FILE])


def save_figure(figure: Figure, stem: Path, provenance: str = "") -> None:
    """Write `stem`.png at 300 dpi and `stem`.pdf, each whole or absent.

    Characters that the font lacks become boxes.

    Args:
        figure: what is drawn.
        stem: path without ending.
        provenance: where the numbers come from: a line in a strip that is added below the
            drawing, so that it is in nobody's way, and in the files' metadata.
    """
    extent: Bbox | None = None
    if provenance:
        extent = _write_below(figure, provenance)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(drawable(text.get_text(), text.get_fontproperties()))
    for suffix, fields in FORMATS.items():
        told = {PROVENANCE_KEYS[suffix]: provenance} if provenance else {}
        with replacing(stem.with_name(f"{stem.name}.{suffix}")) as temporary:
            figure.savefig(
                temporary, format=suffix, dpi=DPI, metadata=fields | told, bbox_inches=extent
            )


def _write_below(figure: Figure, text: str) -> Bbox:
    """Write text below a figure's lower edge, and return what is to be saved, in inches."""
    width, height = figure.get_size_inches()
    lines = wrapped_to(text, width - 2 * STRIP_PAD, PROVENANCE_SIZE)
    below = 2 * STRIP_PAD + STRIP_LINE * (lines.count("\n") + 1)
    below = math.ceil(below * DPI) / DPI  # whole pixels: the drawing above stays as it was
    left, top = STRIP_PAD / width, -STRIP_PAD / height
    written = figure.text(left, top, lines, fontsize=PROVENANCE_SIZE, color=GREY, va="top")
    written.set_in_layout(False)  # else panels would make room for it inside the figure
    return Bbox.from_extents(0.0, -below, width, height)
