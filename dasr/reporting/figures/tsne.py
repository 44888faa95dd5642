"""Representations in the plane: do degradations form groups?"""

from dataclasses import dataclass

from matplotlib.figure import Figure

from dasr.reporting.drawing import projections
from dasr.reporting.specs import FigureSpec, Item, represented
from dasr.study import Plan
from dasr.text import number_text


@dataclass(frozen=True)
class Settings:
    """What one figure is drawn at."""

    perplexity: float
    number: str
    """The perplexity as its file's name and its caption show it."""


def subjects(plan: Plan) -> dict[str, Settings]:
    """Return each perplexity by the name of its figure: the first is "tsne"."""
    first, *others = plan.config.embedding.perplexities
    found = {"tsne": Settings(first, number_text(first))}
    for one in others:
        number = number_text(one)
        found[f"tsne_perplexity_{number.replace('-', '_')}"] = Settings(one, number)
    return found


def draw(item: Item[Figure]) -> Figure:
    """Return a figure with a row of panels per task and a column per method."""
    perplexity = item.subject.perplexity
    found = projections.tsne_projections(item, perplexity)
    heading = projections.settings_text(item, perplexity)
    return projections.draw_task_rows(found, item.labels, heading)


FIGURE = FigureSpec(
    kind="tsne",
    order=60,
    subjects=subjects,
    methods=represented,
    files=projections.projection_files,
    make=draw,
)
