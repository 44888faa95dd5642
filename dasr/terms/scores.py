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
    under_labels: Callable[[Any, Any], Any]
    """Function of `dasr.embedding.points.LabelledPoints` and of P labellings of its N points,
    whole numbers (P, N): the score of each, (P,), NaN where there is no such number. The
    score itself is that of the true classes, chance that of others."""
    over_images: Callable[[Any, Any], Any]
    """Function of such points and of how often each of M images is drawn in B resamplings,
    (B, M): the score of each, (B,), with nothing fitted anew."""
    decimals: int = 2
    larger_is_better: bool = True

    def measure(self, points: Any) -> float:
        """Return the score of points under their own labels."""
        return float(self.under_labels(points, points.codes[None])[0])

    @property
    def bounds(self) -> tuple[str, str]:
        """Columns of the lower and the upper end of its 95 % interval."""
        return f"{self.column}_low", f"{self.column}_high"

    @property
    def by_seed(self) -> str:
        """Column of the seeds' own values, text."""
        return f"{self.column}_by_seed"

    @property
    def chance(self) -> tuple[str, str]:
        """Columns of what permuted labels give: the mean, and what 95 % stay below."""
        return f"{self.column}_chance", f"{self.column}_chance_high"
