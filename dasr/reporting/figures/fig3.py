"""The paper's Fig. 3: kernel widths with and without contrastive learning."""

from matplotlib.figure import Figure

from dasr.reporting.drawing import projections
from dasr.reporting.specs import FigureSpec, Item, beside_untrained
from dasr.study import Plan, ReportCell
from dasr.terms.tasks import KERNEL_WIDTH

METHODS = ("no_contrastive", "dasr")
"""Model 1 and Model 4 of the paper."""


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether both models are in the study, with a learned representation."""
    here = plan.methods_at(cell.regime, cell.scale)
    return set(METHODS) <= {method.name for method in here if method.is_represented}


def draw(item: Item[Figure]) -> Figure:
    """Return the widths of both models beside each other, and of an untrained encoder."""
    heading = projections.settings_text(item)
    return projections.draw_task_rows(
        projections.tsne_projections(item), item.labels, heading, [KERNEL_WIDTH.name]
    )


FIGURE = FigureSpec(
    kind="fig3",
    order=90,
    applies=applies,
    methods=lambda item: beside_untrained(item, METHODS),
    files=projections.projection_files,
    make=draw,
)
