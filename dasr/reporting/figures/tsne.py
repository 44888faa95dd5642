"""Representations in the plane: do degradations form groups?"""

from dasr.reporting.drawing import projections
from dasr.reporting.specs import FigureSpec, learned

FIGURE = FigureSpec(
    kind="tsne",
    order=60,
    methods=learned,
    files=projections.projection_files,
    make=lambda item: projections.draw_task_rows(
        projections.projections_of(item), item.labels, projections.settings_text(item)
    ),
)
