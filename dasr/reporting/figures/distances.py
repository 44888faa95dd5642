"""Do representations keep the order of degradations? Distances against differences."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import LineStyle
from dasr.reporting.drawing.text import signed, wrapped
from dasr.reporting.specs import FigureSpec, Item, represented
from dasr.statistics.separation import Points, mean_rank_correlation, pair_distances
from dasr.terms.tasks import TASKS

LABEL = "Distance of classes\n(mean spread of a class = 1)"
HEIGHT = 2.3
PAIR_OPACITY = 0.5
"""Of single pairs of classes."""
RHO_CHARACTERS = len(", ρ −0.12")
RHO = "ρ: Spearman's rank correlation over pairs of classes"
LEGEND: dict[str, Any] = {
    "title_fontsize": "small",
    "loc": "lower center",
    "bbox_to_anchor": (0.5, 1.0),
    **panels.LEGEND,
}
METHOD_STEP = 0.012
"""Distance of the pairs of two methods, as a part of the axis."""


def draw(item: Item[Figure]) -> Figure:
    """Return a panel per task whose classes are numbers.

    Pale points are pairs of classes, means over seeds, their bars from the lowest seed to the
    highest; a line joins the means of all pairs
    of one difference. The legend gives Spearman's rho over pairs, averaged over seeds.

    Raises:
        ValueError: no representation has such a task.
    """
    found: dict[str, dict[str, list[Points]]] = {}
    for method, networks in item.arrays("embeddings").items():
        for task in TASKS.values():
            keys = (f"{task.name}_representation", f"{task.name}_label")
            if task.ordered and keys[1] in networks[0].arrays:
                points = [(one.arrays[keys[0]], one.arrays[keys[1]]) for one in networks]
                found.setdefault(task.name, {})[method] = points
    if not found:
        raise ValueError(f"nothing to draw: no representations of {list(item.titles)}")
    return draw_representations(found, item)


def draw_representations(
    found: Mapping[str, Mapping[str, Sequence[Points]]], item: Item[Figure]
) -> Figure:
    """Return the figure of representations by task, then by method, one per seed."""
    figure, (drawn,) = panels.panel_grid(1, len(found), HEIGHT)
    legends: list[list[Line2D]] = []
    for axes, (task_name, methods) in zip(drawn, found.items(), strict=True):
        legends.append([])
        for number, (method, points) in enumerate(methods.items()):
            look, shift = item.styles[method], number - (len(methods) - 1) / 2
            _draw(axes, points, look, shift * METHOD_STEP)
            rho = mean_rank_correlation(points)
            text = wrapped(item.labels[method], panels.LEGEND_CHARACTERS - RHO_CHARACTERS)
            text += "" if math.isnan(rho) else f", ρ {signed(rho)}"
            legends[-1].append(Line2D([], [], label=text, **look.line()))
        axes.update_datalim([(0.0, 0.0)])  # margins are parts of the whole axis, from 0
        axes.autoscale_view()
        axes.set(xlabel=TASKS[task_name].difference, xlim=(0, None), ylim=(0, None))
    drawn[0].set_ylabel(LABEL)
    _legends(figure, drawn, legends)
    return figure


def _draw(axes: Axes, networks: Sequence[Points], look: LineStyle, shift: float) -> None:
    """Draw one method: its line through the means, its pairs moved by a part of the axis."""
    pairs = pair_distances(networks)
    means = pairs.groupby("apart")["distance"].mean()
    axes.plot(means.index, means, color=look.color, linestyle=look.linestyle, zorder=3)
    positions = pairs["apart"] + shift * float(pairs["apart"].max())
    pale = {"elinewidth": 0.6, "markeredgewidth": 0, "alpha": PAIR_OPACITY}
    columns = ("distance", "low", "high")
    panels.draw_bars(axes, positions, pairs, columns, **pale, **look.point())


def _legends(
    figure: Figure, drawn: Sequence[Axes], legends: Sequence[Sequence[Line2D]]
) -> None:
    """Put the methods of each panel above it, and make room for them."""
    width, height = figure.get_size_inches()
    texts = [str(handle.get_label()) for handles in legends for handle in handles]
    columns = panels.fitting_columns(texts, width / len(drawn))
    for axes, handles in zip(drawn, legends, strict=True):
        title = RHO if any("ρ" in str(handle.get_label()) for handle in handles) else None
        axes.legend(handles=handles, title=title, ncols=columns, **LEGEND)
    lines = math.ceil(max(map(len, legends)) / columns)
    lines *= 1 + max(text.count("\n") for text in texts)
    figure.set_size_inches(width, height + panels.LEGEND_LINE * lines)


FIGURE = FigureSpec(
    kind="distances",
    order=70,
    methods=represented,
    files=lambda item: {
        "embeddings": [item.plan.embedding_file(run, item.cell.testset) for run in item.runs()]
    },
    make=draw,
)
