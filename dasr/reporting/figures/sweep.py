"""One number of a method tried at several values: quality and clustering."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from matplotlib.transforms import ScaledTranslation

from dasr.config import own_value, sweep_figures
from dasr.embedding.scores import SCORES
from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import COLOURS, GREY, SMALL, LineStyle
from dasr.reporting.drawing.text import text_width
from dasr.reporting.rows import in_cell
from dasr.reporting.specs import FigureSpec, Item, scored_files
from dasr.statistics.intervals import t_interval
from dasr.statistics.representations import BOTH, OVER
from dasr.statistics.separation import network_gains, scored_networks
from dasr.study import Method
from dasr.terms.columns import UNTRAINED
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
UNTRAINED_LINE: dict[str, Any] = {"linestyle": "-.", "linewidth": 0.9, "zorder": 0.6}
"""Look of a line at the score of the untrained encoder."""


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

    First the mean gain over bicubic in dB with its 95 % interval over seeds, then a panel of
    scores of representations per task, unless networks have no learned one. Scores have bars
    where there are seeds enough for an interval within their range.

    Raises:
        ValueError: fewer than two values.
    """
    summary = item.rows("summary")
    return draw_values(_rows(item), item, summary[in_cell(summary, item.cell)])


def draw_values(
    rows: pd.DataFrame, item: Item[Figure], summary: pd.DataFrame | None = None
) -> Figure:
    """Return the figure of networks.

    Args:
        rows: one row per (value, seed, task).
        item: with the sweep.
        summary: rows of `dasr.statistics.representations.summarise_clusters`.
    """
    values, own = sorted(rows["value"].unique()), swept_values(item)[item.subject.variant]
    if len(values) < 2:
        raise ValueError(f"a sweep needs two values, got {values}")
    tasks = list(rows["task"].unique()) if "task" in rows else []
    figure, ((gain, *others),) = panels.panel_grid(1, 1 + len(tasks), HEIGHT)
    gains = rows.drop_duplicates(["value", "seed"])
    _draw(gain, gains, "gain_db", GAIN, _gain_intervals(gains))
    gain.set(title="Quality", ylabel="Mean gain\nover bicubic (dB)")
    for axes, task in zip(others, tasks, strict=True):
        for column, look in SCORE_STYLES.items():
            own_rows = rows[rows["task"] == task]
            _draw(axes, own_rows, column, look, _score_intervals(summary, task, column, item))
            _mark_untrained(axes, summary, task, column, look)
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
    if any(line.get_gid() == UNTRAINED for axes in others for line in axes.get_lines()):
        looks["untrained encoder"] = {"color": GREY, **UNTRAINED_LINE}
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


def _gain_intervals(rows: pd.DataFrame) -> pd.DataFrame:
    """Return bounds `low` and `high` of the mean gain over seeds, by value."""
    seeds = rows.groupby("value")["gain_db"]
    found = {value: t_interval(own.to_numpy(dtype=float)) for value, own in seeds}
    bounds = {value: (one.low, one.high) for value, one in found.items()}
    return pd.DataFrame.from_dict(bounds, orient="index", columns=["low", "high"])


def _score_intervals(
    summary: pd.DataFrame | None, task: str, column: str, item: Item[Figure]
) -> pd.DataFrame:
    """Return bounds of a score over images and seeds, by value, where there are any."""
    if summary is None or summary.empty:
        return pd.DataFrame(columns=["low", "high"], dtype=float)
    own = summary[(summary["task"] == task) & (summary[OVER] == BOTH)]
    own = own.assign(value=own["method"].map(swept_values(item))).dropna(subset="value")
    names = {f"{column}_low": "low", f"{column}_high": "high"}
    return own.set_index("value")[list(names)].rename(columns=names)


def _mark_untrained(
    axes: Axes, summary: pd.DataFrame | None, task: str, column: str, look: LineStyle
) -> None:
    """Draw a line at the score of the untrained encoder, if there is one."""
    if summary is None or summary.empty:
        return
    own = summary[(summary["task"] == task) & (summary["method"] == UNTRAINED)]
    for value in own[column].dropna():
        axes.axhline(value, color=look.color, gid=UNTRAINED, **UNTRAINED_LINE)


def _draw(
    axes: Axes, rows: pd.DataFrame, column: str, look: LineStyle, bounds: pd.DataFrame
) -> None:
    """Draw single seeds, and their means with the bounds of each value."""
    seeds = rows.groupby("value")[column]
    if int(seeds.size().max()) > 1:
        small = {"markersize": SEED_MARKER, "markeredgewidth": 0, "alpha": SEED_OPACITY}
        shift = ScaledTranslation(-SEED_SHIFT, 0.0, axes.figure.dpi_scale_trans)
        moved = {"transform": axes.transData + shift}
        axes.plot(rows["value"], rows[column], **{**look.point(), **small, **moved})
    means = bounds.reindex(sorted(rows["value"].unique())).assign(mean=seeds.mean())
    columns = ["mean", "low", "high"]
    panels.draw_bars(
        axes, means.index, means, columns, elinewidth=panels.BAR_WIDTH, **look.line()
    )


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
    files=lambda item: {
        **scored_files(item),
        "summary": [item.plan.statistics_file("clusters")],
    },
    make=draw,
)
