"""t-SNE of several methods: rows are tasks, columns methods, colours true classes."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from dasr.reporting.drawing.panels import panel_grid
from dasr.reporting.drawing.projections import (
    Projection,
    class_handles,
    class_styles,
    draw_projection,
    scores_height,
)
from dasr.reporting.drawing.style import COLUMN_WIDTH, FONT_SIZE, FULL_WIDTH
from dasr.reporting.drawing.text import wrapped_to
from dasr.terms.tasks import TASKS

LEGEND_WIDTH = 0.9
"""Of the legends on the right, in inches."""
MAX_SIDE = 1.8
MIN_SIDE_FOR_TWO = 1.1
"""Width of a panel, in inches, above which two scores stand in a line."""


def draw_task_rows(
    projections: Mapping[str, Mapping[str, Projection]],
    labels: Mapping[str, str],
    heading: str,
    tasks: Sequence[str] | None = None,
) -> Figure:
    """Return a figure with a row of panels per task and a column per method.

    Args:
        projections: by method, then by task.
        labels: title of each method, in the order of the columns.
        heading: above all panels, e.g. "t-SNE, perplexity 30, seed 0".
        tasks: the rows; by default every task that a method has.

    Raises:
        ValueError: there is no projection of any method, or of a task.
    """
    methods = [method for method in labels if projections.get(method)]
    found = list(dict.fromkeys(task for method in methods for task in projections[method]))
    tasks = found if tasks is None else list(tasks)
    lacking = [task for task in tasks if task not in found]
    if not tasks or lacking:
        raise ValueError(f"nothing to draw: no projections of {lacking or list(labels)}")
    width = COLUMN_WIDTH if len(methods) <= 2 else FULL_WIDTH
    side = (width - LEGEND_WIDTH) / len(methods)
    per_line = 2 if side > MIN_SIDE_FOR_TWO else 1
    height = len(tasks) * (min(side, MAX_SIDE) + scores_height(per_line)) + 0.55
    figure, panels = panel_grid(len(tasks), len(methods), height, width=width)
    for row, task in zip(panels, tasks, strict=True):
        shown = [projections[method].get(task) for method in methods]
        classes = class_styles([one for one in shown if one])  # also where one lacks a class
        for axes, projection in zip(row, shown, strict=True):
            draw_projection(axes, projection, classes, per_line)
        row[-1].legend(
            handles=class_handles(classes),
            title=TASKS[task].axis,
            loc="center left",
            bbox_to_anchor=(1.02, 0.5),
            handlelength=1.0,
            title_fontsize="small",
            alignment="left",
        )
    for axes, method in zip(panels[0], methods, strict=True):
        axes.set_title(wrapped_to(labels[method], side, FONT_SIZE))
    figure.suptitle(heading)
    return figure
