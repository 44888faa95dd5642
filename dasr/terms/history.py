"""What histories of encoder stages tell beside losses, and when a stage has learned nothing.

Who trains writes these columns (`dasr.training.diagnosis`); statistics, tables and figures
read them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LOSS = "contrastive"
"""Column: the contrastive loss in nats, mean over an interval of steps."""
RANK = "rank_"
"""Begins the columns of rank correlations: "rank_kernel_width"."""
IN_BATCH = "contrastive_in_batch"
"""Column: the loss against the step's other keys in place of the queue, in nats."""
OLD_AMONG_CONFUSED = "old_among_confused"
"""Column: of the keys in the queue that queries find nearer than their positive, the share
that is older than `NEW_STEPS` steps; NaN if there is none. `old_in_queue` if age told
nothing."""
NEW_STEPS = 4
"""Keys of the last so many steps are new."""


@dataclass(frozen=True)
class Rank:
    """Spearman's rho of a quantity with what neighbours in other images predict of it."""

    column: str
    """Of the history."""
    at_end: float
    untrained: float
    """Of the encoder that the stage began with."""

    @property
    def quantity(self) -> str:
        """What is told apart, in words: "kernel width"."""
        return quantity_text(self.column)

    @property
    def is_better(self) -> bool:
        """Whether the stage knows more than it began with; a number that is none is not."""
        return self.at_end > self.untrained


def rank_columns(columns: Iterable[str]) -> list[str]:
    """Return which columns of a history are rank correlations."""
    return [name for name in columns if name.startswith(RANK)]


def quantity_text(column: str) -> str:
    """Return what a rank correlation is of, in words: "kernel width"."""
    return column.removeprefix(RANK).replace("_", " ")


def ranks(history: Sequence[Mapping[str, float]]) -> list[Rank]:
    """Return what a stage knew when it began and when it ended, by quantity.

    Args:
        history: its rows, the first before training; a stage that was not asked has no
            column of ranks.
    """
    first, last = history[0], history[-1]
    return [Rank(name, last[name], first[name]) for name in rank_columns(first)]


def old_in_queue(queue_size: int, batch_size: int) -> float:
    """Return the share of old keys among those that queries are compared with."""
    return max(0, queue_size - NEW_STEPS * batch_size) / max(1, queue_size - batch_size)
