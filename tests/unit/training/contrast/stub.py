"""An encoder whose projections are known without computing."""

from typing import Any, cast

import torch
from torch import Tensor, nn

from dasr.architectures.encoder import Encoder
from dasr.data.batches import Batch
from dasr.training.contrast import KeyEncoder, Memory
from dasr.training.step import Learner, step_losses
from tests.tiny import run_config


class StubEncoder(nn.Module):
    """Projects a vector (B, D) to itself plus a learned shift."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.representation_features = size
        self.shift = nn.Parameter(torch.zeros(size))

    def forward(self, vectors: Tensor) -> tuple[Tensor, Tensor]:
        return vectors, vectors + self.shift


BATCH: dict[str, Any] = {"negatives": "batch", "queue_size": None, "momentum": None}
"""Settings of negatives from the batch."""


def batch_learner(encoder: nn.Module, **contrastive: Any) -> Learner:
    """Return an encoder stage's learner without a queue, at temperature 1."""
    run = run_config(contrastive={**BATCH, "temperature": 1.0, **contrastive})
    stage = run.encoder_stage()
    assert stage is not None
    return Learner(stage, None, cast(Encoder, encoder), None, None)


def learner(
    size: int,
    *,
    queue_size: int,
    momentum: float = 0.9,
    temperature: float = 1.0,
    encoder: nn.Module | None = None,
    hard_negatives: int = 0,
    **training: Any,
) -> Learner:
    """Return an encoder stage's learner over the stub, or another encoder."""
    contrastive = {"temperature": temperature, "hard_negatives": hard_negatives}
    stage = run_config(contrastive=contrastive, training=training)
    encoder = StubEncoder(size) if encoder is None else encoder
    rng = torch.Generator().manual_seed(0)
    return Learner(
        stage=stage.encoder_stage(),
        network=None,
        encoder=cast(Encoder, encoder),
        key_encoder=KeyEncoder(encoder, momentum),
        memory=Memory(size, queue_size, rng),
    )


def loss_of(one: Learner, query: Tensor, key: Tensor) -> Tensor:
    """Return the contrastive loss of a step on pairs of images."""
    return loss_of_views(one, torch.stack([query, key], dim=1))


def loss_of_views(one: Learner, views: Tensor) -> Tensor:
    """Return the contrastive loss of a step on views, (B, V, ...)."""
    batch = Batch(views, torch.zeros(0), cast(Any, None))
    losses = step_losses(one, batch)
    assert list(losses) == ["contrastive"]
    return losses["contrastive"]
