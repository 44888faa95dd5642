"""Representations in the plane: do degradations form groups?"""

from matplotlib.figure import Figure

from dasr.reporting.drawing.projections import projection_files, projections_of, settings_text
from dasr.reporting.drawing.task_rows import draw_task_rows
from dasr.reporting.specs import FigureSpec, Item, has_learned, learned
from dasr.text import escape_rst


def caption(item: Item[Figure]) -> str:
    """Return what a point is and what to look for."""
    return (
        f"t-SNE of representations of crops of {escape_rst(item.cell.testset)} (axes have no "
        "unit): by kernel width above, by noise level below, one column a method. The scores "
        "under each panel are computed from the representations, not from the plane. Look "
        "whether colours separate, and whether the scores agree with what the eye sees."
    )


FIGURE = FigureSpec(
    kind="tsne",
    order=60,
    applies=has_learned,
    methods=learned,
    files=projection_files,
    caption=caption,
    make=lambda item: draw_task_rows(projections_of(item), item.labels, settings_text(item)),
)
