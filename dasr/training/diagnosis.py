"""What an encoder stage has learned so far: beside its loss, which does not say.

A contrastive loss falls when a query finds its positive by any means. With a queue it may find
it by its age, if keys drift faster than the queue turns over: then the loss is far below
chance, and nothing about degradations is learned. So every now and then the stage asks

- whether degradations can be read off the representations of validation crops, and
- with a queue, which keys the positive is mistaken for, and what the loss is against the
  step's other keys, which are as old as the positive.

None of it changes the training: nothing is drawn from its random streams, and encoders are
copied.
"""

import copy
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dasr.architectures.calibration import calibrate, calibration_steps
from dasr.config import Stage
from dasr.terms.history import IN_BATCH, NEW_STEPS, OLD_AMONG_CONFUSED, RANK, ranks
from dasr.training.contrast import Memory, contrastive_loss, logits_in_batch
from dasr.training.contrast.loss import unit_vectors
from dasr.training.hardware import arithmetic
from dasr.training.step import Learner
from dasr.training.validation import ValidationCrops

TIMES = 8
"""So often a stage is diagnosed, after its start: a few per cent of its time."""


@dataclass(frozen=True)
class Diagnosis:
    """Asks an encoder stage what it has learned."""

    stage: Stage
    crops: Mapping[str, ValidationCrops]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of what it finds, in the order of the history's columns."""
        queue = self.stage.contrastive.negatives == "queue"
        ranks = (f"{RANK}{name}" for name in self.crops)
        return (*((IN_BATCH, OLD_AMONG_CONFUSED) if queue else ()), *ranks)

    def untrained(self, encoder: nn.Module, batches: Iterable[Tensor]) -> dict[str, float]:
        """Return the ranks of an encoder before its first step; the rest is NaN.

        Args:
            encoder: as it starts.
            batches: its first queries, for the statistics of normalisation.
        """
        fresh = copy.deepcopy(encoder)
        calibrate(fresh, batches)
        return {**dict.fromkeys(self.columns, math.nan), **self._ranks(fresh)}

    def after(
        self, encoder: nn.Module, memory: Memory | None, views: Tensor
    ) -> dict[str, float]:
        """Return everything, by column.

        Args:
            encoder: of queries, in training.
            memory: the queue, where there is one.
            views: of the last step, (B, V, 3, h, w), [0, 255]; their keys are the newest in
                the queue.
        """
        own = {} if memory is None else self._keys(encoder, memory, views[:, 0])
        return {**own, **self._ranks(copy.deepcopy(encoder).eval())}

    def _ranks(self, encoder: nn.Module) -> dict[str, float]:
        return {f"{RANK}{name}": crops.rank(encoder) for name, crops in self.crops.items()}

    @torch.no_grad()
    def _keys(self, encoder: nn.Module, memory: Memory, query: Tensor) -> dict[str, float]:
        count, temperature = len(query), self.stage.contrastive.temperature
        keys, negatives, ages = memory.newest_and_older(count)
        with arithmetic(self.stage.training, query.device):
            queries = unit_vectors(copy.deepcopy(encoder)(query)[1], keys)
        confused = queries @ negatives > (queries * keys).sum(dim=1, keepdim=True)
        old = ages >= NEW_STEPS * count
        share = (confused & old).sum() / confused.sum()  # 0 / 0 is NaN
        loss = contrastive_loss(logits_in_batch(queries, keys, temperature))
        return {IN_BATCH: float(loss), OLD_AMONG_CONFUSED: float(share)}


@dataclass(frozen=True)
class Watched:
    """A stage's learner under diagnosis, a few times on its way."""

    diagnosis: Diagnosis
    learner: Learner

    def start(self, views: Callable[[int], Tensor]) -> dict[str, float]:
        """Return the history's row of step 0.

        Args:
            views: of a step, (B, V, 3, h, w), [0, 255].
        """
        assert self.learner.encoder is not None
        steps = calibration_steps(self.learner.stage.training.batch_size)
        queries = (views(step)[:, 0] for step in steps)
        found = self.diagnosis.untrained(self.learner.encoder, queries)
        return {"step": 0, "learning_rate": math.nan, "contrastive": math.nan, **found}

    def after(self, views: Tensor, row: int, rows: int) -> dict[str, float]:
        """Return the diagnosis after a step, or NaN by column where none is due.

        Args:
            views: of that step, (B, V, 3, h, w), [0, 255].
            row: number of the history's row, from 1.
            rows: of the whole history.
        """
        every = max(1, rows // TIMES)
        if row % every and row < rows:
            return dict.fromkeys(self.diagnosis.columns, math.nan)
        assert self.learner.encoder is not None
        return self.diagnosis.after(self.learner.encoder, self.learner.memory, views)


def complaint(history: Sequence[Mapping[str, float]]) -> str:
    """Return in a sentence what a stage ends knowing less of than it started, or "".

    Args:
        history: its rows, the first before training.
    """
    worse = [
        f"{one.quantity} {one.at_end:.2f} (untrained {one.untrained:.2f})"
        for one in ranks(history)
        if not one.is_better
    ]
    if not worse:
        return ""
    return (
        "the encoder stage ends knowing no more of degradations than an untrained encoder: "
        f"rank correlation of {' and '.join(worse)}; see docs/troubleshooting.md"
    )
