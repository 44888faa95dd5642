"""Representations in the plane: do degradations form groups?"""

from dasr.reporting.drawing.projections import (
    draw_task_rows,
    projection_files,
    projections_of,
    settings_text,
)
from dasr.reporting.specs import FigureSpec, has_learned, learned

CAPTION = (
    "t-SNE of representations of crops of {testset} (axes have no unit): by kernel width "
    "above, by noise level below, one column a method. The scores under each panel are "
    "computed from the representations, not from the plane. Look whether colours separate, "
    "and whether the scores agree with what the eye sees."
)


FIGURE = FigureSpec(
    kind="tsne",
    order=60,
    applies=has_learned,
    methods=learned,
    files=projection_files,
    caption=CAPTION,
    make=lambda item: draw_task_rows(projections_of(item), item.labels, settings_text(item)),
)
