"""Panels side by side, series of means with intervals in them, and the legend above."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from dasr.reporting.drawing.style import COLUMN_WIDTH, FULL_WIDTH, GREY, SMALL, LineStyle
from dasr.reporting.drawing.text import text_width, wrapped
from dasr.reporting.rows import Condition, KernelAxis
from dasr.reporting.specs import Item
from dasr.text import INFINITE

LEGEND_CHARACTERS = 34
"""Longer titles are broken into lines."""
LEGEND_LINE = 0.14
"""Height of a line of a legend, in inches."""
LEGEND: dict[str, Any] = {"handlelength": 2.6, "columnspacing": 1.2, "labelspacing": 0.3}
HANDLE_WIDTH = 0.45
"""Of a legend's handle and the space around it, in inches."""
LABEL_HEIGHT = 0.6
"""Of the names of anisotropic kernels, in inches."""
MARKED: dict[str, Any] = {"color": GREY, "linestyle": (0, (1, 1.5)), "linewidth": 0.9}
"""Look of a line at a value on the horizontal axis."""
METHOD_STEP, MAX_SPREAD = 0.11, 0.7
"""Distance of two methods, and of the first from the last, as parts of a gap of kernels."""
INFINITE_STEP = 6.0
"""Distance of two methods' "∞", in points."""
AT_UPPER_EDGE: dict[str, Any] = {
    "xycoords": ("data", "axes fraction"),
    "textcoords": "offset points",
    "ha": "center",
    "va": "top",
}
BAND: dict[str, Any] = {"alpha": 0.15, "lw": 0}
BAR_WIDTH = 0.8
"""Of an interval's line, in points."""


def panel_grid(
    rows: int, columns: int, height: float, *, width: float | None = None, **options: Any
) -> tuple[Figure, list[list[Axes]]]:
    """Return an empty figure whose panels keep clear of each other, and its rows of panels.

    Args:
        rows: of panels.
        columns: of panels; a single one is as wide as a column of a paper, more are as wide
            as both.
        height: of the figure without its legend, in inches.
        width: another width, in inches.
        options: of `Figure.subplots`.
    """
    if width is None:
        width = COLUMN_WIDTH if columns == 1 else FULL_WIDTH
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, [list(row) for row in axes]


def title_height(conditions: Sequence[Condition]) -> float:
    """Return the height in inches of what titles of panels have beyond two lines."""
    lines = max(one.title.count("\n") + 1 for one in conditions)
    return LEGEND_LINE * max(0, lines - 2)


def panel_rows(counts: Sequence[int], height: float) -> tuple[Figure, list[list[Axes]]]:
    """Return an empty figure as `panel_grid` does, whose rows need not have as many panels.

    Args:
        counts: of panels by row; each row is as wide as the figure.
        height: of a row, in inches.
    """
    width = COLUMN_WIDTH if max(counts) == 1 else FULL_WIDTH
    figure = Figure(figsize=(width, height * len(counts)), layout="constrained")
    columns = math.lcm(*counts)
    grid = figure.add_gridspec(len(counts), columns)
    rows = [
        [
            figure.add_subplot(grid[row, columns * n // count : columns * (n + 1) // count])
            for n in range(count)
        ]
        for row, count in enumerate(counts)
    ]
    return figure, rows


def draw_bars(
    axes: Axes, positions: ArrayLike, rows: pd.DataFrame, columns: Sequence[str], **look: Any
) -> None:
    """Draw means with the bars of their intervals; NaN bounds have no bar.

    Args:
        axes: where to draw.
        positions: of the means, (N,).
        rows: N rows.
        columns: names of mean, lower and upper bound.
        look: arguments of `Axes.errorbar`.
    """
    mean, low, high = (rows[name].to_numpy(dtype=float) for name in columns)
    axes.errorbar(positions, mean, yerr=np.stack([mean - low, high - mean]), **look)


def draw_kernels(
    axes: Axes,
    rows: pd.DataFrame,
    styles: Mapping[str, LineStyle],
    axis: KernelAxis,
    columns: Sequence[str],
    *,
    lines: bool = False,
) -> None:
    """Draw each method's means with their intervals against the kernels.

    Points of a kernel stand side by side; lines do not: moved aside, they would cross where
    the methods do not. An infinite mean is an "∞" at the upper edge.

    Args:
        axes: where to draw.
        rows: one row per (method, kernel).
        styles: of each method.
        axis: the kernels; long names stand upright.
        columns: names of mean, lower and upper bound; NaN bounds have no bar and no band.
        lines: whether lines are drawn rather than points.
    """
    mean, low, high = columns
    x = np.array(axis.positions)
    step = min(METHOD_STEP, MAX_SPREAD / max(1, len(styles) - 1)) * axis.gap
    for number, (method, style) in enumerate(styles.items()):
        shift = number - (len(styles) - 1) / 2
        own = rows[rows["method"] == method].set_index("kernel").reindex(axis.kernels)
        for position in x[np.isinf(own[mean])]:
            offset = (shift * INFINITE_STEP, -1.0)
            axes.annotate(INFINITE, (position, 1.0), offset, color=style.color, **AT_UPPER_EDGE)
        own = own.replace(np.inf, np.nan)
        if lines:
            axes.plot(x, own[mean], **style.line())
            if own[low].notna().any():
                axes.fill_between(x, own[low], own[high], color=style.color, **BAND)
        else:
            look = {"elinewidth": BAR_WIDTH, **style.point()}
            draw_bars(axes, x + shift * step, own, columns, **look)
    axes.set_xticks(x, axis.labels, rotation=0 if axis.numeric else 90)


def methods_above(
    figure: Figure, item: Item[Figure], more: Iterable[Artist] = (), *, lines: bool = False
) -> None:
    """Put a legend of an item's methods, as points or lines, and of more over all panels."""
    draw = LineStyle.line if lines else LineStyle.point
    looks = {name: draw(style) for name, style in item.styles.items()}
    legend_above(figure, [*method_handles(item.labels, looks), *more])


def method_handles(
    labels: Mapping[str, str], looks: Mapping[str, dict[str, Any]]
) -> list[Line2D]:
    """Return one legend entry per look: arguments of `Line2D`, by method."""
    return [
        Line2D([], [], label=wrapped(labels.get(name, name), LEGEND_CHARACTERS), **look)
        for name, look in looks.items()
    ]


def legend_above(figure: Figure, handles: Iterable[Artist]) -> None:
    """Put a legend over all panels, in as many columns as fit, and make room for it."""
    handles = list(handles)
    labels = [str(handle.get_label()) for handle in handles]
    width, height = figure.get_size_inches()
    rows = math.ceil(len(handles) / fitting_columns(labels, width))
    lines = max(label.count("\n") for label in labels) + 1
    figure.set_size_inches(width, height + LEGEND_LINE * rows * lines + 0.08)
    columns = math.ceil(len(handles) / rows)
    figure.legend(handles=handles, loc="outside upper center", ncols=columns, **LEGEND)


def fitting_columns(labels: Sequence[str], width: float) -> int:
    """Return how many columns of a legend fit into `width` inches; at least one."""
    longest = max(text_width(label, SMALL) for label in labels)
    return max(1, int(width / (longest + HANDLE_WIDTH)))
