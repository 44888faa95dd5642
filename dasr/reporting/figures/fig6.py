"""The paper's Fig. 6: kernels and noise levels in the representation of one method."""

import math
import string
from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from dasr.reporting.drawing import projections
from dasr.reporting.drawing.panels import LEGEND_LINE, panel_grid
from dasr.reporting.drawing.style import COLUMN_WIDTH
from dasr.reporting.drawing.text import wrapped
from dasr.reporting.specs import FigureSpec, Item, reference
from dasr.study import Plan, ReportCell
from dasr.terms.tasks import KERNEL, NOISE_LEVEL, TASKS

SHARED_LINE_CHARACTERS = 16
"""Of the longest title that stands in one line with t-SNE's settings."""
LINE_CHARACTERS = 52
"""Of a line of a longer title."""
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
    names = [method.name for method in plan.methods_at(cell.regime, cell.scale)]
    return (
        plan.config.reference in names
        and plan.method(plan.config.reference).is_learned
        and regime.blur == "anisotropic"
        and len(plan.config.embedding.kernels) > 0
        and regime.noise_level[1] > 0
    )


def draw(item: Item[Figure]) -> Figure:
    """Return the two tasks beside each other; classes are named below each panel."""
    (found,) = projections.projections_of(item).values()
    (title,) = item.labels.values()
    lead = f"{title}: "
    if len(title) > SHARED_LINE_CHARACTERS:
        lead = f"{wrapped(title, LINE_CHARACTERS)}\n"
    heading = lead + projections.settings_text(item).replace(", t-SNE", ",\nt-SNE")
    return draw_tasks({task.name: found[task.name] for task in (KERNEL, NOISE_LEVEL)}, heading)


def draw_tasks(found: Mapping[str, projections.Projection], heading: str) -> Figure:
    """Return panels (a), (b) ... of one method, by task, as wide as a column."""
    looks = [projections.class_handles([projection]) for projection in found.values()]
    side, below = COLUMN_WIDTH / len(found), projections.scores_height(2)
    legend = LEGEND_LINE * (math.ceil(max(map(len, looks)) / 2) + 1) + 0.08
    above = 0.25 + LEGEND_LINE * (heading.count("\n") + 1)
    ratios = {"height_ratios": [side + below, legend]}
    height = side + below + legend + above
    figure, (panels, keys) = panel_grid(
        2, len(found), height, width=COLUMN_WIDTH, gridspec_kw=ratios
    )
    for number, (task, projection) in enumerate(found.items()):
        axes, classes = panels[number], looks[number]
        projections.draw_projection(axes, projection, classes, 2)
        axes.set_title(f"({string.ascii_lowercase[number]}) {TASKS[task].title}")
        for handle in classes.values():
            handle.set_markersize(MARKER_SIZE)
        title = TASKS[task].axis.replace("\n", " ")
        keys[number].set_axis_off()
        keys[number].legend(handles=classes.values(), title=title, **LEGEND)
    figure.suptitle(heading)
    return figure


FIGURE = FigureSpec(
    kind="fig6",
    order=100,
    applies=applies,
    methods=reference,
    files=projections.projection_files,
    make=draw,
)
