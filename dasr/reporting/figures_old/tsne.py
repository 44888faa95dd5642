"""Representations in the plane: do degradations form groups? (paper, Figs. 3 and 6)."""

import math
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from dasr.reporting.figures.projections import (
    ClassStyle,
    Projection,
    class_handles,
    class_styles,
)
from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    LEGEND_LINE,
    TASK_NAMES,
    grid_of_axes,
    new_figure,
    save_figure,
    signed,
    styled,
    wrapped,
)

TASKS = {
    "kernel_width": "Kernel width\n(HR pixels)",
    "noise_level": "Noise level\n(0..255)",
    "kernel": "Kernel: widths\n(HR pixels), angle",
}
SCORES = {"ari": "ARI", "nmi": "NMI", "silhouette": "silh.", "probe_accuracy": "probe"}
SMALLEST = 6.0
LEGEND = 0.9
"""Room for the legends on the right, in inches."""
SMALL_MARKER = 3.6
"""Size of a legend's markers below panels, in points."""


def plot_tsne(
    projections: Mapping[str, Mapping[str, Projection]],
    titles: Mapping[str, str],
    stem: Path,
    *,
    caption: str = "",
    tasks: Sequence[str] | None = None,
) -> Figure:
    """Write and return the figure: rows are tasks, columns methods, colours true classes.

    Axes of t-SNE have no meaning and are not drawn. Scores are printed under each panel.
    The paper's Fig. 3 is the task "kernel_width" of Model 1 and Model 4.

    Args:
        projections: by method, then by task.
        titles: title of each method; those without projections have no column.
        stem: path of the files without suffix.
        caption: a line above all panels, e.g. "t-SNE, perplexity 30, seed 0".
        tasks: the rows; by default every task that a method has.

    Raises:
        ValueError: there is no projection of any method in `titles`, or of a task.
    """
    methods = [method for method in titles if projections.get(method)]
    found = list(dict.fromkeys(task for method in methods for task in projections[method]))
    tasks = found if tasks is None else list(tasks)
    lacking = [task for task in tasks if task not in found]
    if not tasks or lacking:
        raise ValueError(f"nothing to draw: no projections of {lacking or list(titles)}")
    width = COLUMN_WIDTH if len(methods) <= 2 else FULL_WIDTH
    side = (width - LEGEND) / len(methods)
    per_line = 2 if side > 1.1 else 1
    below = 0.1 * len(SCORES) / per_line + 0.12
    with styled():
        figure = new_figure(width, len(tasks) * (min(side, 1.8) + below) + 0.55)
        panels = grid_of_axes(figure, len(tasks), len(methods))
        for row, task in zip(panels, tasks, strict=True):
            shown = [projections[method].get(task) for method in methods]
            _draw_row(row, shown, TASKS.get(task, task), per_line)
        for axes, method in zip(panels[0], methods, strict=True):
            axes.set_title(wrapped(titles[method], int(side * 16.5)))
        if caption:
            figure.suptitle(caption)
        save_figure(figure, stem)
    return figure


def plot_tsne_tasks(
    projections: Mapping[str, Projection], stem: Path, *, caption: str = ""
) -> Figure:
    """Write and return the figure: the tasks of one method beside each other (Fig. 6).

    As wide as a column for two tasks; classes are named below each panel.

    Args:
        projections: by task, in the order of the panels (a), (b) ...
        stem: path of the files without suffix.
        caption: a line or two above all panels: the method, t-SNE's settings.

    Raises:
        ValueError: there is no projection.
    """
    if not projections:
        raise ValueError("nothing to draw: no projections")
    width = COLUMN_WIDTH if len(projections) <= 2 else FULL_WIDTH
    side, below = width / len(projections), 0.1 * math.ceil(len(SCORES) / 2) + 0.12
    with styled():
        looks = [class_styles([projection]) for projection in projections.values()]
        lines = max(math.ceil(len(classes) / 2) for classes in looks)
        legend, above = LEGEND_LINE * (lines + 1) + 0.08, 0.25
        above += LEGEND_LINE * (caption.count("\n") + 1) if caption else 0.0
        figure = new_figure(width, side + below + legend + above)
        heights = {"height_ratios": [side + below, legend]}
        panels, keys = grid_of_axes(figure, 2, len(projections), gridspec_kw=heights)
        for number, (task, projection) in enumerate(projections.items()):
            _draw(panels[number], projection, looks[number], 2)
            name = TASK_NAMES.get(task, task)
            panels[number].set_title(f"({string.ascii_lowercase[number]}) {name}")
            _legend_below(keys[number], looks[number], TASKS.get(task, task))
        if caption:
            figure.suptitle(caption)
        save_figure(figure, stem)
    return figure


def _draw_row(
    row: Sequence[Axes], shown: Sequence[Projection | None], title: str, per_line: int
) -> None:
    """Draw one task of all methods; they share colours, also where one lacks a class."""
    classes = class_styles([one for one in shown if one])
    for axes, projection in zip(row, shown, strict=True):
        _draw(axes, projection, classes, per_line)
    row[-1].legend(
        handles=class_handles(classes),
        title=title,
        loc="center left",
        bbox_to_anchor=(1.02, 0.5),
        handlelength=1.0,
        title_fontsize="small",
        alignment="left",
    )


def _draw(
    axes: Axes,
    projection: Projection | None,
    classes: Sequence[ClassStyle],
    per_line: int,
) -> None:
    axes.set(xticks=[], yticks=[], box_aspect=1)
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("0.7")
    if projection is None:
        axes.set_axis_off()
        return
    _scatter(axes, projection, classes)
    axes.set_aspect("equal", adjustable="datalim")
    texts = [
        f"{name} {signed(projection.scores[score])}"
        for score, name in SCORES.items()
        if score in projection.scores
    ]
    starts = range(0, len(texts), per_line)
    lines = ["  ".join(texts[start : start + per_line]) for start in starts]
    axes.set_xlabel("\n".join(lines), fontsize=SMALLEST)


def _scatter(axes: Axes, projection: Projection, classes: Sequence[ClassStyle]) -> None:
    # In a fixed shuffled order, or the last class would lie on top of all others.
    order = np.random.default_rng(0).permutation(len(projection.label))
    codes = np.searchsorted([look.value for look in classes], projection.label)[order]
    coordinates = projection.coordinates[order]
    size = float(np.clip(1500 / len(order), 1.5, 7.0))
    colours = np.array([to_rgba(look.color) for look in classes])
    for marker in dict.fromkeys(look.marker for look in classes):
        own = np.array([classes[code].marker == marker for code in codes])
        x, y = coordinates[own].T
        points: dict[str, Any] = {"s": size, "c": colours[codes[own]], "marker": marker}
        axes.scatter(x, y, linewidths=0, alpha=0.85, **points)


def _legend_below(axes: Axes, classes: Sequence[ClassStyle], title: str) -> None:
    """Put a legend in the place of axes."""
    axes.set_axis_off()
    axes.legend(
        handles=class_handles(classes, markersize=SMALL_MARKER),
        title=title.replace("\n", " "),
        loc="upper center",
        ncols=2,
        handlelength=0.8,
        handletextpad=0.4,
        columnspacing=0.8,
        labelspacing=0.3,
        borderpad=0.0,
        title_fontsize=SMALLEST,
    )
