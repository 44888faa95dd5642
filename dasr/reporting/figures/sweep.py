"""One number of a method tried at several values: quality and clustering."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from matplotlib.transforms import ScaledTranslation

from dasr.config import own_value, sweep_figures
from dasr.embedding.scores import SCORES
from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import COLOURS, SMALL, LineStyle
from dasr.reporting.drawing.text import text_width
from dasr.reporting.rows import in_cell
from dasr.reporting.specs import FigureSpec, Item, scored_files
from dasr.statistics.intervals import t_interval
from dasr.statistics.separation import network_gains, scored_networks
from dasr.study import Method
from dasr.terms.tasks import TASKS
from dasr.text import number_text

HEIGHT = 2.1
MARGIN = 0.12
"""On both sides, as a part of the axis: seeds stand beside their means."""
LOGARITHMIC_FROM = 5.0
"""Values that span more than this factor are shown on a logarithmic axis."""
SEED_MARKER, SEED_OPACITY = 2.2, 0.7
SEED_SHIFT = 0.055
"""Inches from a mean to its seeds, which lie left of it."""
OUTSIDE = 0.75
"""Width of what is left and right of a panel's data, in inches."""
GAIN = LineStyle("black", "o", "-")
SCORE_STYLES = {
    "ari": LineStyle(COLOURS[0], "s", "-"),
    "probe_accuracy": LineStyle(COLOURS[1], "^", (0, (5, 1))),
}
"""Of the scores that are drawn: lines are scores here, not methods."""


def swept_values(item: Item[Figure]) -> dict[str, float]:
    """Return the value of each method of the sweep, the variant with its own among them."""
    sweep, study = item.subject, item.plan.study
    names = {method.name for method in item.plan.trained}
    values = {sweep.method_name(value): value for value in sweep.values}
    own = {sweep.variant: own_value(study.variant(sweep.variant), sweep)}
    return own | {name: value for name, value in values.items() if name in names}


def swept(item: Item[Figure]) -> list[Method]:
    """Return the methods of the sweep."""
    names = swept_values(item)
    return [method for method in item.plan.trained if method.name in names]


def draw(item: Item[Figure]) -> Figure:
    """Return PSNR and clustering scores against the swept value.

    First the mean gain over bicubic in dB, then a panel of clustering scores per task,
    unless networks have no learned representation. Bars are 95 % intervals over seeds.

    Raises:
        ValueError: fewer than two values.
    """
    return draw_values(_rows(item), item)


def draw_values(rows: pd.DataFrame, item: Item[Figure]) -> Figure:
    """Return the figure of networks, one row per (value, seed, task)."""
    values, own = sorted(rows["value"].unique()), swept_values(item)[item.subject.variant]
    if len(values) < 2:
        raise ValueError(f"a sweep needs two values, got {values}")
    tasks = list(rows["task"].unique()) if "task" in rows else []
    figure, ((gain, *others),) = panels.panel_grid(1, 1 + len(tasks), HEIGHT)
    _draw(gain, rows.drop_duplicates(["value", "seed"]), "gain_db", GAIN)
    gain.set(title="Quality", ylabel="Mean gain\nover bicubic (dB)")
    for axes, task in zip(others, tasks, strict=True):
        for column, look in SCORE_STYLES.items():
            _draw(axes, rows[rows["task"] == task], column, look)
        axes.set(title=f"Clustering: {TASKS[task].title.lower()}", ylabel="Score")
    width = float(figure.get_size_inches()[0]) / len(figure.axes) - OUTSIDE
    for axes in figure.axes:
        _show_values(axes, values, width)
        axes.axvline(own, zorder=0.5, **panels.MARKED)
    key = item.subject.key.replace(".", " ").replace("_", " ").capitalize()
    figure.supxlabel(key, fontsize="medium")
    looks = {"Mean gain (dB)": GAIN.line()}
    for score in SCORES if tasks else ():
        if score.column in SCORE_STYLES:
            looks[score.axis.partition(" (")[0]] = SCORE_STYLES[score.column].line()
    looks[f"the variant's own, {number_text(own)}"] = panels.MARKED
    panels.legend_above(figure, panels.method_handles({}, looks))
    return figure


def _rows(item: Item[Figure]) -> pd.DataFrame:
    """Return one row per (value, seed, task): gain and scores.

    Of networks that have nothing to cluster, one row per (value, seed) without a task.
    """
    clusters, metrics = item.clusters(), item.rows("metrics")
    if clusters.empty:
        gains = network_gains(metrics)
        rows = gains[in_cell(gains, item.cell) & gains["method"].isin(list(item.titles))]
    else:
        rows = scored_networks(metrics, clusters)
    return rows.assign(value=rows["method"].map(swept_values(item)))


def _draw(axes: Axes, rows: pd.DataFrame, column: str, look: LineStyle) -> None:
    """Draw single seeds, and their means with intervals."""
    values = sorted(rows["value"].unique())
    seeds = [rows.loc[rows["value"] == value, column] for value in values]
    intervals = [t_interval(own.to_numpy(dtype=float)) for own in seeds]
    if max(interval.n for interval in intervals) > 1:
        small = {"markersize": SEED_MARKER, "markeredgewidth": 0, "alpha": SEED_OPACITY}
        shift = ScaledTranslation(-SEED_SHIFT, 0.0, axes.figure.dpi_scale_trans)
        moved = {"transform": axes.transData + shift}
        axes.plot(rows["value"], rows[column], **{**look.point(), **small, **moved})
    means = pd.DataFrame([(one.mean, one.low, one.high) for one in intervals], columns=[*"mlh"])
    panels.draw_bars(axes, values, means, [*"mlh"], elinewidth=panels.BAR_WIDTH, **look.line())


def _show_values(axes: Axes, values: list[float], width: float) -> None:
    """Put the values on the horizontal axis, equally far apart for equal factors if wide.

    Labels that would touch in a panel of `width` inches stand upright.
    """
    wide = values[0] > 0 and values[-1] > LOGARITHMIC_FROM * values[0]
    if wide:
        axes.set_xscale("log")
    positions = np.log(values) if wide else np.array(values)
    labels = [number_text(value) for value in values]
    gap = float(np.diff(positions).min() / np.ptp(positions)) * width
    upright = gap < max(text_width(f"{label}0", SMALL) for label in labels)
    axes.margins(x=MARGIN)
    axes.set_xticks(values, labels, rotation=90 if upright else 0)
    axes.xaxis.set_minor_locator(NullLocator())


FIGURE = FigureSpec(
    kind="sweep",
    order=120,
    subjects=lambda plan: sweep_figures(plan.config.sweeps),
    methods=swept,
    files=scored_files,
    make=draw,
)
