"""The paper's Fig. 6: kernels and noise levels in the reference's representation."""

import math
import string
from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from dasr.reporting.drawing import projections
from dasr.reporting.drawing.panels import LEGEND_LINE, panel_grid
from dasr.reporting.drawing.style import COLUMN_WIDTH, FONT_SIZE
from dasr.reporting.drawing.text import wrapped_to
from dasr.reporting.specs import FigureSpec, Item, beside_untrained, reference
from dasr.study import Plan, ReportCell
from dasr.study.comparisons import reference_methods
from dasr.terms.tasks import KERNEL, NOISE_LEVEL, TASKS

LEGEND: dict[str, Any] = {
    "loc": "upper center",
    "ncols": 2,
    "handlelength": 0.8,
    "handletextpad": 0.4,
    "columnspacing": 0.8,
    "labelspacing": 0.3,
    "borderpad": 0.0,
    "title_fontsize": projections.SCORE_SIZE,
}
MARKER_SIZE = 3.6
"""Of a legend's markers below panels, in points."""


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether the reference is embedded in both tasks."""
    (regime,) = (one.train for one in plan.config.regimes if one.name == cell.regime)
    references = reference_methods(plan.trained)[-1:]
    return (
        any(one.is_represented and one.is_at(cell.regime, cell.scale) for one in references)
        and regime.blur == "anisotropic"
        and len(plan.config.embedding.kernels) > 0
        and regime.noise_level[1] > 0
    )


def draw(item: Item[Figure]) -> Figure:
    """Return both tasks beside each other, for the reference and for an untrained encoder."""
    found = {
        item.labels[method]: {task.name: own[task.name] for task in (KERNEL, NOISE_LEVEL)}
        for method, own in projections.tsne_projections(item).items()
    }
    return draw_tasks(found, projections.settings_text(item).replace(", t-SNE", ",\nt-SNE"))


def draw_tasks(
    found: Mapping[str, Mapping[str, projections.Projection]], heading: str
) -> Figure:
    """Return panels (a), (b) ... as wide as a column, one row per method.

    Args:
        found: by title of the method, then by task; classes are named below all panels.
        heading: above all panels.
    """
    tasks = list(next(iter(found.values())))
    looks = {
        task: projections.class_handles([own[task] for own in found.values()]) for task in tasks
    }
    side, below = COLUMN_WIDTH / len(tasks), projections.scores_height(2)
    legend = LEGEND_LINE * (math.ceil(max(map(len, looks.values())) / 2) + 1) + 0.08
    above = 0.25 + LEGEND_LINE * (heading.count("\n") + 1)
    heights = [*[side + below] * len(found), legend]
    figure, panels = panel_grid(
        len(heights),
        len(tasks),
        sum(heights) + above,
        width=COLUMN_WIDTH,
        gridspec_kw={"height_ratios": heights},
    )
    letters = iter(string.ascii_lowercase)
    for row, (title, own) in zip(panels, found.items(), strict=False):
        for axes, task in zip(row, tasks, strict=True):
            projections.draw_projection(axes, own[task], looks[task], 2)
            axes.set_title(f"({next(letters)}) {TASKS[task].title}")
        row[0].set_ylabel(wrapped_to(title, side, FONT_SIZE))
    for axes, task in zip(panels[-1], tasks, strict=True):
        for handle in looks[task].values():
            handle.set_markersize(MARKER_SIZE)
        title = TASKS[task].axis.replace("\n", " ")
        axes.set_axis_off()
        axes.legend(handles=looks[task].values(), title=title, **LEGEND)
    figure.suptitle(heading)
    return figure


FIGURE = FigureSpec(
    kind="fig6",
    order=100,
    applies=applies,
    methods=lambda item: beside_untrained(item, [one.name for one in reference(item)]),
    files=projections.projection_files,
    make=draw,
)
