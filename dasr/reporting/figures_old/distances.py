"""Do representations keep the order of degradations? Distances against differences."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    LEGEND_CHARACTERS,
    LEGEND_LINE,
    MethodStyle,
    fitting_columns,
    grid_of_axes,
    method_styles,
    new_figure,
    save_figure,
    signed,
    styled,
    wrapped,
)
from dasr.statistics.separation import Points, mean_rank_correlation, pair_distances

TASKS = {
    "kernel_width": "Difference of kernel widths (HR pixels)",
    "noise_level": "Difference of noise levels (grey levels of 0..255)",
}
LABEL = "Distance of classes\n(mean spread of a class = 1)"
HEIGHT = 2.3
PALE = 0.5
"""Opacity of single pairs of classes."""
RHO_CHARACTERS = len(", ρ −0.12")
RHO = "ρ: Spearman's rank correlation over pairs of classes"
ASIDE = 0.012
"""Distance of the pairs of two methods, as a part of the axis."""


def plot_distances(
    representations: Mapping[str, Mapping[str, Sequence[Points]]],
    titles: Mapping[str, str],
    stem: Path,
) -> Figure:
    """Write and return the figure: distance of classes against their difference.

    A panel a task. Pale points are pairs of classes, means over seeds with their 95 %
    interval; a line joins the means of all pairs of one difference. A distance is that of
    two centroids over the mean spread of a class (`class_distances`). The legend gives
    Spearman's rho over pairs, averaged over seeds.

    Args:
        representations: by method, then by task, one a seed; only tasks whose classes are
            widths or noise levels: "kernel_width" and "noise_level".
        titles: title of each method, in the order of the legends; those without
            representations are not drawn.
        stem: path of the files without suffix.

    Raises:
        ValueError: nothing to draw, or a task whose classes have no difference.
    """
    methods = [method for method in titles if representations.get(method)]
    tasks = list(dict.fromkeys(task for method in methods for task in representations[method]))
    if not tasks:
        raise ValueError(f"nothing to draw: no representations of {list(titles)}")
    unordered = [task for task in tasks if task not in TASKS]
    if unordered:
        raise ValueError(f"classes of {unordered} have no difference; drawn: {list(TASKS)}")
    looks, width = method_styles(titles), COLUMN_WIDTH if len(tasks) == 1 else FULL_WIDTH
    with styled():
        figure = new_figure(width, HEIGHT)
        heads = [
            _draw_panel(axes, representations, task, titles, looks)
            for axes, task in zip(grid_of_axes(figure, 1, len(tasks))[0], tasks, strict=True)
        ]
        figure.axes[0].set_ylabel(LABEL)
        texts = [text for head in heads for text, _ in head]
        columns = fitting_columns(texts, width / len(tasks))
        for axes, head in zip(figure.axes, heads, strict=True):
            _legend(axes, head, columns)
        lines = math.ceil(max(map(len, heads)) / columns)
        lines *= 1 + max(text.count("\n") for text in texts)
        figure.set_size_inches(width, HEIGHT + LEGEND_LINE * lines)
        save_figure(figure, stem)
    return figure


def _draw_panel(
    axes: Axes,
    representations: Mapping[str, Mapping[str, Sequence[Points]]],
    task: str,
    titles: Mapping[str, str],
    looks: Mapping[str, MethodStyle],
) -> list[tuple[str, MethodStyle]]:
    """Draw one task; return text and look of each entry of its legend."""
    methods = [method for method in titles if representations.get(method, {}).get(task)]
    legend = []
    for place, method in enumerate(methods):
        networks, look = representations[method][task], looks[method]
        _draw(axes, networks, look, (place, len(methods)))
        rho = mean_rank_correlation(networks)
        text = wrapped(titles[method], LEGEND_CHARACTERS - RHO_CHARACTERS)
        legend.append((text if math.isnan(rho) else f"{text}, ρ {signed(rho)}", look))
    axes.update_datalim([(0.0, 0.0)])  # margins are parts of the whole axis, from 0
    axes.autoscale_view()
    axes.set(xlabel=TASKS[task], xlim=(0, None), ylim=(0, None))
    return legend


def _draw(
    axes: Axes, networks: Sequence[Points], look: MethodStyle, place: tuple[int, int]
) -> None:
    """Draw one method: its line through the means, its pairs moved a little aside."""
    pairs = pair_distances(networks)
    means = pairs.groupby("apart")["distance"].mean()
    axes.plot(means.index, means, color=look.color, linestyle=look.linestyle, zorder=3)
    number, count = place
    step = ASIDE * float(pairs["apart"].max())
    axes.errorbar(
        pairs["apart"] + (number - (count - 1) / 2) * step,
        pairs["distance"],
        yerr=np.stack([pairs["distance"] - pairs["low"], pairs["high"] - pairs["distance"]]),
        elinewidth=0.6,
        markeredgewidth=0,
        alpha=PALE,
        **look.point(),
    )


def _legend(axes: Axes, looks: Sequence[tuple[str, MethodStyle]], columns: int) -> None:
    """Put the methods of a panel above it."""
    axes.legend(
        handles=[Line2D([], [], label=text, **look.line()) for text, look in looks],
        title=RHO if any("ρ" in text for text, _ in looks) else None,
        title_fontsize="small",
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=columns,
        handlelength=2.6,
        columnspacing=1.2,
        labelspacing=0.3,
    )
