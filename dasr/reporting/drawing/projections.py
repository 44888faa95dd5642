"""Points of representations in the plane, and what their classes look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dasr.embedding.scores import COLUMNS, SCORES
from dasr.errors import UserError
from dasr.reporting.drawing.style import COLOURS, MARKERS
from dasr.reporting.drawing.text import signed
from dasr.reporting.specs import Item
from dasr.study import Run

COLOUR_MAP, MAP_END = "viridis", 0.92
"""Where the colour map ends: its yellow is pale on white."""
SCORE_SIZE = 6.0
"""Of the scores below a panel, in points."""


@dataclass(frozen=True)
class Projection:
    """The representations of one method and task, in the plane."""

    coordinates: NDArray[np.float32]  # (N, 2), t-SNE
    label: NDArray[np.float64]
    """(N,): width in HR pixels, level in grey levels, or index in `names`."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """By column: of the representations, not of the plane."""
    names: Sequence[str] = ()
    """Of classes without an order, label i is names[i]; a kernel's label such as
    "2,1,10deg" is written "2, 1, 10°"."""

    def __post_init__(self) -> None:
        """Refuse labels without a name."""
        if self.names and not set(self.label) <= set(range(len(self.names))):
            raise ValueError(f"labels {np.unique(self.label)} are no indices in {self.names}")


@dataclass(frozen=True)
class ClassStyle:
    """What the points of one class look like."""

    value: float
    text: str
    color: Any
    marker: str = "o"


def projection_files(item: Item[Figure]) -> dict[str, list[str]]:
    """Return coordinates and scores of the networks of each method's first seed."""
    runs: list[Run] = item.runs(first_seed=True)
    testset = item.cell.testset
    return {
        "projections": [item.plan.projection_file(run, testset) for run in runs],
        "clusters": [item.plan.clusters_file(run, testset) for run in runs],
    }


def projections_of(item: Item[Figure]) -> dict[str, dict[str, Projection]]:
    """Return t-SNE coordinates and scores by method and task.

    Raises:
        UserError: there are no scores of the network whose coordinates are drawn.
    """
    found: dict[str, dict[str, Projection]] = {}
    clusters = item.clusters()
    for method, (network, *_) in item.arrays("projections").items():
        own = (clusters["method"] == method) & (clusters["seed"] == network.seed)
        scores, arrays = clusters[own].set_index("task"), network.arrays
        if scores.empty:
            raise UserError(f"{network.path}: no clustering scores of the same network")
        found[method] = {
            str(task): Projection(
                coordinates=arrays[f"{task}_tsne"],
                label=arrays[f"{task}_label"],
                scores={name: float(scores.loc[task, name]) for name in COLUMNS},
                names=[str(name) for name in arrays.get(f"{task}_names", ())],
            )
            for task in scores.index
        }
    return found


def settings_text(item: Item[Figure]) -> str:
    """Return what t-SNE was run with."""
    embedding, seed = item.plan.config.embedding, item.plan.config.seeds[0]
    return (
        f"t-SNE of representations, perplexity {embedding.perplexity:g}, "
        f"t-SNE seed {embedding.seed}, networks of seed {seed}"
    )


def class_styles(shown: Sequence[Projection]) -> list[ClassStyle]:
    """Return the classes of a task: along a colour map if they have an order.

    Raises:
        ValueError: the projections, one per method, name their classes differently.
    """
    values = np.unique(np.concatenate([one.label for one in shown]))
    if len({tuple(one.names) for one in shown}) > 1:
        raise ValueError("methods of one task name its classes differently")
    if not shown[0].names:
        colours = matplotlib.colormaps[COLOUR_MAP](np.linspace(0.0, MAP_END, len(values)))
        return [
            ClassStyle(float(value), f"{value:g}", tuple(colour))
            for value, colour in zip(values, colours, strict=True)
        ]
    names = [name.replace(",", ", ").replace("deg", "°") for name in shown[0].names]
    return [
        ClassStyle(
            index,
            names[index],
            COLOURS[index % len(COLOURS)],
            MARKERS[index // len(COLOURS) % len(MARKERS)],  # another when colours begin again
        )
        for index in values.astype(int)
    ]


def class_handles(classes: Sequence[ClassStyle], **options: Any) -> list[Line2D]:
    """Return one legend entry per class; further options are those of `Line2D`."""
    return [
        Line2D([], [], ls="", marker=one.marker, color=one.color, label=one.text, **options)
        for one in classes
    ]


def draw_projection(
    axes: Axes, projection: Projection | None, classes: Sequence[ClassStyle], per_line: int
) -> None:
    """Draw points coloured by their true class, with scores below, `per_line` in a line.

    Axes of t-SNE have no meaning and are not drawn. Without a projection, nothing is.
    """
    axes.set(xticks=[], yticks=[], box_aspect=1)
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("0.7")
    if projection is None:
        axes.set_axis_off()
        return
    _scatter(axes, projection, classes)
    axes.set_aspect("equal", adjustable="datalim")
    texts = [
        f"{score.short} {signed(projection.scores[score.column])}"
        for score in SCORES
        if score.column in projection.scores
    ]
    starts = range(0, len(texts), per_line)
    lines = ["  ".join(texts[start : start + per_line]) for start in starts]
    axes.set_xlabel("\n".join(lines), fontsize=SCORE_SIZE)


def scores_height(per_line: int) -> float:
    """Return the height of the scores below a panel, in inches."""
    return 0.1 * len(SCORES) / per_line + 0.12


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
