"""Is it worth its cost? PSNR against arithmetic, time of an image, and time of a training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import GREY
from dasr.reporting.rows import grid_means
from dasr.reporting.specs import FigureSpec, Item, tested
from dasr.reporting.spent import how_measured, spent, spent_files
from dasr.statistics.pareto import pareto_front
from dasr.study import Method, Plan, ReportCell
from dasr.study.inference import INFERENCE
from dasr.terms.columns import BICUBIC
from dasr.terms.metrics import RANKING
from dasr.text import escape_rst

HEIGHT = 2.6
FRONT: dict[str, Any] = {
    "color": GREY,
    "linewidth": 0.9,
    "drawstyle": "steps-post",
    "zorder": 1.0,
}
SIDE_STEP = 0.022
"""Least distance of two methods, as part of the axis between the cheapest and the dearest."""
LEAST_SPAN = 0.02
"""Of an axis, as part of the costs: what differs by less would be told by its last digits."""
TICKS = 4
"""At most so many intervals of a linear axis: numbers have up to six digits."""
MAX_LINEAR_RATIO = 5.0
"""Of the largest cost to the smallest on a linear axis."""
LOG_TICKS = {20.0: (1, 2, 5), 200.0: (1, 3), np.inf: (1,)}
"""By the largest ratio of costs, which multiples of powers of ten have room for numbers."""
SHOWN = (RANKING.column, *RANKING.bounds)


@dataclass(frozen=True)
class Cost:
    """A panel: what methods cost."""

    column: str
    """Of the costs, and of the points."""
    unit: float
    """What the axis counts in."""
    title: str
    name: str
    """In a sentence."""


COSTS = (
    Cost("flops", 1e9, "FLOPs of a 48x48 LR patch (G)", "FLOPs"),
    Cost("milliseconds", 1.0, "One 128x128 LR image (ms)", "milliseconds"),
    Cost("cpu_seconds", 1.0, "Training, all stages (CPU s)", "CPU seconds"),
)


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether a network is tested in the cell."""
    return any(one.is_network for one in plan.methods_at(cell.regime, cell.scale))


def points(item: Item[Figure]) -> pd.DataFrame:
    """Return mean over the grid, its interval and the costs of each method, by its name."""
    means = grid_means(item.selected("summary")).set_index("method")[list(SHOWN)]
    return means.join(spent(item))


def draw(item: Item[Figure]) -> Figure:
    """Return a panel per cost that is known of any method.

    A point per network with its interval over seeds, bicubic as a line, and the Pareto front
    as steps: the best PSNR that a cost buys.
    """
    rows = points(item)
    networks = rows.loc[[one.name for one in item.methods if one.is_network]]
    shown = [cost for cost in COSTS if networks[cost.column].notna().any()]
    figure, (drawn,) = panels.panel_grid(1, len(shown), HEIGHT, sharey=True)
    for axes, cost in zip(drawn, shown, strict=True):
        known = networks[networks[cost.column].notna()]
        own = known.assign(**{cost.column: known[cost.column] / cost.unit})
        _draw_panel(axes, own, cost, item)
        axes.axhline(rows[RANKING.column].get(BICUBIC, np.nan), **_bicubic(item))
    drawn[0].set_ylabel(f"{RANKING.title},\nmean of the grid")
    looks = {
        one.name: item.styles[one.name].point() if one.is_network else _bicubic(item)
        for one in item.methods
    }
    steps = Line2D([], [], label="Pareto front", **FRONT)
    panels.legend_above(figure, [*panels.method_handles(item.labels, looks), steps])
    return figure


def _draw_panel(axes: Axes, rows: pd.DataFrame, cost: Cost, item: Item[Figure]) -> None:
    """Draw the points of one panel and their front."""
    values, quality = rows[cost.column], rows[RANKING.column]
    ratio = float(values.max() / values.min())
    log = ratio > MAX_LINEAR_RATIO
    if log:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
    subs = next(subs for limit, subs in LOG_TICKS.items() if ratio <= limit)
    axes.xaxis.set_major_locator(LogLocator(subs=subs) if log else MaxNLocator(TICKS))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.set_xlabel(cost.title)
    axes.margins(0.08)
    positions = side_by_side(values, quality, log=log)
    for name, position in positions.items():
        look = {"elinewidth": panels.BAR_WIDTH, **item.styles[str(name)].point()}
        panels.draw_bars(axes, [position], rows.loc[[name]], SHOWN, **look)
    left, right = axes.get_xlim()
    lacking = max(0.0, LEAST_SPAN * (left + right) / 2 - (right - left)) / 2
    left, right = left - lacking, right + lacking
    axes.set_xlim(left, right)
    front = _front(rows, cost, item.methods)
    # a cost beyond the dearest of the front buys no more
    steps = [*quality[front], quality[front].max()] if front else []
    axes.plot([*positions[front], right][: len(steps)], steps, **FRONT)


def side_by_side(cost: pd.Series, quality: pd.Series, *, log: bool) -> pd.Series:
    """Return where methods are drawn: at their costs, kept from hiding each other.

    Those that are nearer than `SIDE_STEP` stand around their mean cost, in the order of cost.
    Of equal cost the best comes first, so that what it beats is drawn below its step.

    Args:
        cost: by method.
        quality: by method, the larger the better.
        log: whether the axis is logarithmic.
    """
    order = pd.DataFrame({"cost": np.log(cost) if log else cost, "quality": quality})
    order = order.sort_values(["cost", "quality"], ascending=[True, False], kind="stable")
    numbers = order["cost"].to_numpy(dtype=float)
    least = LEAST_SPAN * (1.0 if log else float(numbers.mean()))
    span = max(float(numbers[-1] - numbers[0]), least)
    step = SIDE_STEP * span
    groups: list[list[float]] = []  # of the costs of those that stand together
    for number in numbers:
        groups.append([number])
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], step):
            last = groups.pop()
            groups[-1] += last
    placed = [
        np.mean(own) + step * (index - (len(own) - 1) / 2)
        for own in groups
        for index in range(len(own))
    ]
    shown = pd.Series(placed, index=order.index).reindex(cost.index)
    return shown.map(np.exp) if log else shown


def _overlap(left: list[float], right: list[float], step: float) -> bool:
    """Whether two groups, each spread around its mean, are nearer than a step."""
    apart = float(np.mean(right) - np.mean(left))
    return apart < step * (len(left) + len(right)) / 2


def _front(rows: pd.DataFrame, cost: Cost, methods: Sequence[Method]) -> list[str]:
    """Return the methods that none dominates, by ascending cost.

    An oracle dominates nobody: it is told what no other knows.
    """
    ranked = rows.loc[[one.name for one in methods if one.is_ranked and one.name in rows.index]]
    front = pareto_front(ranked[cost.column], ranked[RANKING.column])
    return [str(name) for name in ranked.index[front]]


def _bicubic(item: Item[Figure]) -> dict[str, Any]:
    return {"linewidth": 0.9, **item.styles[BICUBIC].line()}


def caption(item: Item[Figure]) -> str:
    """Return the caption: the fronts by name, and who has no CPU seconds."""
    rows = points(item)
    sentences = [
        f"{RANKING.title}, mean over the grid of degradations and the images of {{testset}} "
        "(x{scale}, regime {regime}, {seeds}), against what a network costs: the arithmetic of "
        "one 48x48 LR patch, the time of one image, and the CPU seconds of all threads over "
        "all stages of its training, mean over seeds (a stage that methods share counts for "
        "each of them). Bars "
        "are 95 % intervals over seeds; methods of nearly the same cost stand side by side; "
        "the dashed line is bicubic enlargement. Steps are the Pareto front: no method on it "
        "is beaten by one that costs no more."
    ]
    for cost in COSTS:
        names = _front(rows, cost, item.methods)
        if names:
            sentences.append(f"The front of {cost.name}: {_titles(item, names)}.")
    unranked = [one.name for one in item.methods if one.is_network and not one.is_ranked]
    if unranked:
        sentences.append(
            f"Not on a front, since told the degradation: {_titles(item, unranked)}."
        )
    sentences.append(_literal(how_measured(item.rows(INFERENCE))))
    networks = [one.name for one in item.methods if one.is_network]
    unknown = [name for name in networks if np.isnan(rows["cpu_seconds"][name])]
    if unknown:
        sentences.append(
            "Without CPU seconds, since not trained here or before they were recorded: "
            f"{_titles(item, unknown)}."
        )
    return " ".join(sentences)


def _titles(item: Item[Figure], names: Sequence[str]) -> str:
    """Return the methods' titles for a template of `str.format` that is reStructuredText."""
    return ", ".join(_literal(item.titles[name]) for name in names)


def _literal(text: str) -> str:
    """Return text that such a template shows as it is."""
    return escape_rst(text).replace("{", "{{").replace("}", "}}")


FIGURE = FigureSpec(
    kind="pareto",
    order=55,
    applies=applies,
    methods=tested,
    files=spent_files,
    caption=caption,
    make=draw,
)
