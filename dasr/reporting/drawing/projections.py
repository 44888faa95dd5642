"""Points of representations in the plane, and what their classes look like."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dasr.config.kernel import label_text
from dasr.embedding.scores import COLUMNS, SCORES
from dasr.errors import UserError
from dasr.reporting.drawing.panels import panel_grid
from dasr.reporting.drawing.style import COLOURS, COLUMN_WIDTH, FONT_SIZE, FULL_WIDTH, MARKERS
from dasr.reporting.drawing.text import signed, wrapped_to
from dasr.reporting.specs import Item
from dasr.terms.tasks import TASKS
from dasr.text import number_text

LEGEND: dict[str, Any] = {
    "loc": "center left",
    "bbox_to_anchor": (1.02, 0.5),
    "handlelength": 1.0,
    "title_fontsize": "small",
    "alignment": "left",
}
LEGEND_WIDTH = 0.9
"""Of the legends on the right, in inches."""
MAX_SIDE = 1.8
MIN_SIDE_FOR_TWO = 1.2
"""Width of a panel, in inches, above which two scores stand in a line."""
COLOUR_MAP, MAP_END = "viridis", 0.92
"""Where the colour map ends: its yellow is pale on white."""
SCORE_SIZE = 6.0
"""Of the scores below a panel, in points."""


Arrays = Mapping[str, NDArray[Any]]
"""The contents of a network's file."""


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


def projection_files(item: Item[Figure]) -> dict[str, list[str]]:
    """Return coordinates and scores of the networks of each method's first seed."""
    runs, testset = item.runs(first_seed=True), item.cell.testset
    return {
        "projections": [item.plan.projection_file(run, testset) for run in runs],
        "clusters": [item.plan.clusters_file(run, testset) for run in runs],
    }


def tsne_projections(
    item: Item[Figure], perplexity: float | None = None
) -> dict[str, dict[str, Projection]]:
    """Return t-SNE coordinates and scores by method and task.

    Args:
        item: with the files of `projection_files`.
        perplexity: one of the study's; by default the first.
    """
    name = number_text(perplexity or item.plan.config.embedding.perplexities[0])
    return projections_of(item, lambda arrays, task: arrays[f"{task}_tsne_{name}"])


def projections_of(
    item: Item[Figure], coordinates: Callable[[Arrays, str], NDArray[np.float32]]
) -> dict[str, dict[str, Projection]]:
    """Return coordinates and scores by method and task.

    Args:
        item: with the files "projections" and "clusters".
        coordinates: function of a network's file and of a task.

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
                coordinates=coordinates(arrays, str(task)),
                label=arrays[f"{task}_label"],
                scores={name: float(scores.loc[task, name]) for name in COLUMNS},
                names=[str(name) for name in arrays.get(f"{task}_names", ())],
            )
            for task in scores.index
        }
    return found


def settings_text(item: Item[Figure], perplexity: float | None = None) -> str:
    """Return what t-SNE was run with; by default at the first perplexity of the study."""
    embedding, seed = item.plan.config.embedding, item.plan.config.seeds[0]
    return (
        f"t-SNE of representations, perplexity {perplexity or embedding.perplexities[0]:g}, "
        f"t-SNE seed {embedding.seed}, networks of seed {seed}"
    )


def class_handles(shown: Sequence[Projection]) -> dict[float, Line2D]:
    """Return the legend entries of a task's classes by label, coloured along their order.

    Raises:
        ValueError: the projections, one per method, name their classes differently.
    """
    values = np.unique(np.concatenate([one.label for one in shown]))
    if len({tuple(one.names) for one in shown}) > 1:
        raise ValueError("methods of one task name its classes differently")
    names = [label_text(name) for name in shown[0].names]
    colours = matplotlib.colormaps[COLOUR_MAP](np.linspace(0.0, MAP_END, len(values)))
    handles = {}
    for value, colour in zip(values, colours, strict=True):
        look: dict[str, Any] = {"color": tuple(colour), "marker": "o", "label": f"{value:g}"}
        if names:  # without an order; another marker when colours begin again
            turn, index = divmod(int(value), len(COLOURS))
            look = {"color": COLOURS[index], "marker": MARKERS[turn % len(MARKERS)]}
            look["label"] = names[int(value)]
        handles[float(value)] = Line2D([], [], ls="", **look)
    return handles


def draw_projection(
    axes: Axes, projection: Projection | None, classes: Mapping[float, Line2D], per_line: int
) -> None:
    """Draw points coloured by their true class, with scores below, `per_line` in a line.

    Axes of t-SNE have no meaning and are not drawn. Without a projection, nothing is.
    """
    axes.set(xticks=[], yticks=[], box_aspect=1)
    axes.spines[:].set(visible=True, color="0.7")
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
        classes = class_handles([one for one in shown if one])  # also where one lacks a class
        for axes, projection in zip(row, shown, strict=True):
            draw_projection(axes, projection, classes, per_line)
        row[-1].legend(handles=classes.values(), title=TASKS[task].axis, **LEGEND)
    for axes, method in zip(panels[0], methods, strict=True):
        axes.set_title(wrapped_to(labels[method], side, FONT_SIZE))
    figure.suptitle(heading)
    return figure


def _scatter(axes: Axes, projection: Projection, classes: Mapping[float, Line2D]) -> None:
    # In a fixed shuffled order, or the last class would lie on top of all others.
    order = np.random.default_rng(0).permutation(len(projection.label))
    looks = [classes[label] for label in projection.label[order]]
    markers = np.array([look.get_marker() for look in looks])
    colours = np.array([to_rgba(look.get_color()) for look in looks])
    size = float(np.clip(1500 / len(order), 1.5, 7.0))
    for marker in dict.fromkeys(str(look.get_marker()) for look in classes.values()):
        own = markers == marker
        x, y = projection.coordinates[order][own].T
        points: dict[str, Any] = {"s": size, "c": colours[own], "marker": marker}
        axes.scatter(x, y, linewidths=0, alpha=0.85, **points)
