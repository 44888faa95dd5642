"""One number of a method tried at several values: quality and clustering."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator
from matplotlib.transforms import ScaledTranslation

from dasr.reporting.figures.style import (
    COLOURS,
    COLUMN_WIDTH,
    FULL_WIDTH,
    GREY,
    TASK_NAMES,
    MethodStyle,
    grid_of_axes,
    legend_above,
    new_figure,
    save_figure,
    styled,
)
from dasr.statistics.intervals import t_interval
from dasr.text import number_text

HEIGHT = 2.1
ROOM = 0.12
"""On both sides, as a part of the axis: seeds stand beside their means."""
LOG_FROM = 5.0
"""Values that span more than this factor are shown on a logarithmic axis."""
SMALL_POINT = 2.2
PALE = 0.7
ASIDE = 0.055
"""Inches from a mean to its seeds, which lie left of it."""
CHARACTER = 0.055
MARGIN = 0.75
"""Width of a character, and of what is left and right of a panel's data, in inches."""
GAIN = ("Mean gain (dB)", MethodStyle("black", "o", "-"))
SCORES = {
    "ari": ("Adjusted Rand index", MethodStyle(COLOURS[0], "s", "-")),
    "probe_accuracy": ("Accuracy of a linear probe", MethodStyle(COLOURS[1], "^", (0, (5, 1)))),
}
"""Lines are scores here, not methods."""
REFERENCE: dict[str, Any] = {"color": GREY, "linestyle": (0, (1, 1.5)), "linewidth": 0.9}


def plot_sweep(
    sweep: pd.DataFrame,
    stem: Path,
    *,
    label: str,
    reference: float | None = None,
    reference_label: str = "",
) -> Figure:
    """Write and return the figure: PSNR and clustering scores against a swept value.

    The first panel is the mean gain over bicubic in dB, then follows a panel of clustering
    scores a task. Small points are seeds, large ones beside them their means with 95 %
    intervals. The axis is logarithmic where positive values span more than a factor of 5.

    Args:
        sweep: one row a (value, seed, task): value, seed, task, gain_db, ari and
            probe_accuracy, as `dasr.statistics.separation.scored_networks` gives them with
            a column `value`. Without a column `task`, one row a (value, seed): networks
            that have no representation to cluster, and quality is the only panel.
        stem: path of the files without suffix.
        label: name of the value, with its unit if it has one.
        reference: value to mark by a vertical line, e.g. the paper's.
        reference_label: what the legend calls it, e.g. "paper, 0.07".

    Raises:
        ValueError: fewer than two values, or a reference without a label.
    """
    values = sorted(sweep["value"].unique())
    if len(values) < 2:
        raise ValueError(f"a sweep needs two values, got {values}")
    if (reference is None) != (reference_label == ""):
        raise ValueError("reference and reference_label go together")
    tasks = list(sweep["task"].unique()) if "task" in sweep else []
    width = FULL_WIDTH if tasks else COLUMN_WIDTH
    with styled():
        figure = new_figure(width, HEIGHT)
        gain, *panels = grid_of_axes(figure, 1, 1 + len(tasks))[0]
        networks = sweep.drop_duplicates(["value", "seed"])
        _draw(gain, networks, "gain_db", GAIN[1])
        gain.set(title="Quality", ylabel="Mean gain\nover bicubic (dB)")
        for axes, task in zip(panels, tasks, strict=True):
            for score, (_, look) in SCORES.items():
                _draw(axes, sweep[sweep["task"] == task], score, look)
            axes.set(title=f"Clustering: {TASK_NAMES.get(task, task).lower()}", ylabel="Score")
        for axes in figure.axes:
            _show_values(axes, values, width / len(figure.axes) - MARGIN)
            if reference is not None:
                axes.axvline(reference, zorder=0.5, **REFERENCE)
        figure.supxlabel(label, fontsize="medium")
        shown = [GAIN, *(SCORES.values() if tasks else ())]
        legend_above(figure, _handles(shown, reference_label))
        save_figure(figure, stem)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, column: str, look: MethodStyle) -> None:
    """Draw single seeds, and their means with intervals."""
    values = sorted(rows["value"].unique())
    seeds = [rows.loc[rows["value"] == value, column] for value in values]
    intervals = [t_interval(own.to_numpy(dtype=float)) for own in seeds]
    if max(interval.n for interval in intervals) > 1:
        small = {"markersize": SMALL_POINT, "markeredgewidth": 0, "alpha": PALE}
        aside = ScaledTranslation(-ASIDE, 0.0, axes.figure.dpi_scale_trans)
        place = {"transform": axes.transData + aside}
        axes.plot(rows["value"], rows[column], **{**look.point(), **small, **place})
    axes.errorbar(
        values,
        [interval.mean for interval in intervals],
        yerr=[interval.high - interval.mean for interval in intervals],
        elinewidth=0.8,
        **look.line(),
    )


def _show_values(axes: Axes, values: list[float], width: float) -> None:
    """Put the values on the horizontal axis, equally far apart for equal factors if wide.

    Labels that would touch in a panel of `width` inches stand upright.
    """
    wide = values[0] > 0 and values[-1] > LOG_FROM * values[0]
    if wide:
        axes.set_xscale("log")
    places = np.log(values) if wide else np.array(values)
    labels = [number_text(value) for value in values]
    gap = float(np.diff(places).min() / np.ptp(places)) * width
    upright = gap < CHARACTER * (max(map(len, labels)) + 1)
    axes.margins(x=ROOM)
    axes.set_xticks(values, labels, rotation=90 if upright else 0)
    axes.xaxis.set_minor_locator(NullLocator())


def _handles(shown: Sequence[tuple[str, MethodStyle]], reference_label: str) -> list[Line2D]:
    handles = [Line2D([], [], label=name, **look.line()) for name, look in shown]
    if reference_label:
        handles.append(Line2D([], [], label=reference_label, **REFERENCE))
    return handles
