"""Points of representations in the plane, and what their classes look like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib
import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dasr.reporting.figures.style import COLOURS, MARKERS

MAP = "viridis"
PALEST = 0.92
"""Where the colour map ends: its yellow is pale on white."""


@dataclass(frozen=True)
class Projection:
    """The representations of one method and task, in the plane."""

    coordinates: NDArray[np.float32]  # (N, 2), t-SNE
    label: NDArray[np.float64]
    """(N,): width in HR pixels, level in grey levels, or place in `names`."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """ari, nmi, silhouette and probe_accuracy: of the representations, not of the plane."""
    names: Sequence[str] = ()
    """Of classes without an order, label i is names[i]; a kernel's label such as
    "2,1,10deg" is written "2, 1, 10°"."""

    def __post_init__(self) -> None:
        """Refuse labels without a name."""
        if self.names and not set(self.label) <= set(range(len(self.names))):
            raise ValueError(f"labels {np.unique(self.label)} are no places in {self.names}")


@dataclass(frozen=True)
class ClassStyle:
    """What the points of one class look like."""

    value: float
    text: str
    color: Any
    marker: str = "o"


def class_styles(shown: Sequence[Projection]) -> list[ClassStyle]:
    """Return the classes of a task: along a colour map if they have an order.

    Raises:
        ValueError: the projections, one a method, name their classes differently.
    """
    values = np.unique(np.concatenate([one.label for one in shown]))
    if len({tuple(one.names) for one in shown}) > 1:
        raise ValueError("methods of one task name its classes differently")
    if not shown[0].names:
        colours = matplotlib.colormaps[MAP](np.linspace(0.0, PALEST, len(values)))
        return [
            ClassStyle(float(value), f"{value:g}", tuple(colour))
            for value, colour in zip(values, colours, strict=True)
        ]
    names = [name.replace(",", ", ").replace("deg", "°") for name in shown[0].names]
    return [
        ClassStyle(place, names[place], COLOURS[place % len(COLOURS)], _marker(place))
        for place in values.astype(int)
    ]


def _marker(place: int) -> str:
    """Return a marker: another one whenever the colours begin again."""
    return MARKERS[place // len(COLOURS) % len(MARKERS)]


def class_handles(classes: Sequence[ClassStyle], **options: Any) -> list[Line2D]:
    """Return one legend entry a class; further options are those of `Line2D`."""
    return [
        Line2D(
            [],
            [],
            linestyle="",
            marker=look.marker,
            color=look.color,
            label=look.text,
            **options,
        )
        for look in classes
    ]
