"""What a score of representations is; each one is a module of `dasr.embedding.scores`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Score:
    """A number that says how well representations show the classes of a task."""

    column: str
    """Of rows and files, e.g. "probe_accuracy"."""
    order: int
    """Where it stands in tables, columns and legends: the lower comes first."""
    title: str
    """Of table columns and legends."""
    short: str
    """Under panels, where there is little room."""
    axis: str
    """Of an axis, with what chance gives where that is known."""
    explanation: str
    """Within the notes of tables: what is measured, on what."""
    measure: Callable[[Any], float]
    """Function of `dasr.embedding.points.LabelledPoints`; NaN where there is no such number."""
    decimals: int = 2
    larger_is_better: bool = True

    @property
    def bounds(self) -> tuple[str, str]:
        """Columns of the lower and the upper end of its 95 % interval over seeds."""
        return f"{self.column}_low", f"{self.column}_high"
