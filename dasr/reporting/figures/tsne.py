"""Representations in the plane: do degradations form groups?"""

from dasr.reporting.drawing import projections
from dasr.reporting.specs import FigureSpec, learned

CAPTION = (
    "t-SNE of representations of crops of {testset} (axes have no unit): by kernel width "
    "above, by noise level below, one column a method. The scores under each panel are "
    "computed from the representations, not from the plane. Look whether colours separate, "
    "and whether the scores agree with what the eye sees."
)


FIGURE = FigureSpec(
    kind="tsne",
    order=60,
    methods=learned,
    files=projections.projection_files,
    caption=CAPTION,
    make=lambda item: projections.draw_task_rows(
        projections.projections_of(item), item.labels, projections.settings_text(item)
    ),
)
