"""One training step, from top to bottom (paper, sections 3.1 and 4.1)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dasr.architectures import Network, build_network
from dasr.architectures.encoder import Encoder, build_encoder
from dasr.config import ModelConfig, Stage
from dasr.seeds import generator, initialisation
from dasr.training.batches import Batch
from dasr.training.contrast import KeyEncoder, Memory, contrastive_logits, contrastive_loss
from dasr.training.contrast.loss import unit_vectors
from dasr.training.hardware import arithmetic
from dasr.training.losses import l1_loss

Losses = dict[str, Tensor]
"""Scalars by name; the names become columns of the history."""


@dataclass(frozen=True)
class Learner:
    """What a stage trains: an encoder by contrast, a network by L1, or both together."""

    stage: Stage
    network: Network | None
    """None in an encoder stage."""
    encoder: Encoder | None
    """The network's own in a joint stage; None where there is no contrastive term."""
    key_encoder: KeyEncoder | None
    memory: Memory | None

    def modules(self) -> nn.ModuleDict:
        """Return everything with weights or buffers.

        In both stages an encoder is called network.encoder, so that one takes it over from
        the other.
        """
        found: dict[str, nn.Module] = {}
        if self.network is not None:
            found["network"] = self.network
        elif self.encoder is not None:
            found["network"] = nn.ModuleDict({"encoder": self.encoder})
        if self.key_encoder is not None and self.memory is not None:
            found |= {"key_encoder": self.key_encoder, "memory": self.memory}
        return nn.ModuleDict(found)

    def compiled_parts(self) -> list[nn.Module]:
        """Return what torch.compile takes, for stages that want it."""
        parts = self.network.compiled_parts() if self.network is not None else [self.encoder]
        keys = [] if self.key_encoder is None else [self.key_encoder.encoder]
        return [part for part in [*parts, *keys] if part is not None]


def new_learner(stage: Stage, model: ModelConfig | None) -> Learner:
    """Return what a stage trains, freshly initialised.

    Args:
        stage: the encoder stage or the joint one.
        model: the network's configuration; None in an encoder stage.
    """
    encoder = None if stage.encoder is None else build_encoder(stage.encoder, stage.seed)
    network = None
    if model is not None:
        with initialisation(stage.seed, "generator"):
            network = build_network(model, stage.scale)
        if encoder is not None:
            network.encoder = encoder
    if encoder is None or stage.contrastive.weight == 0:
        return Learner(stage, network, None, None, None)
    contrast, rng = stage.contrastive, generator(stage.seed, "queue")
    memory = Memory(encoder.representation_features, contrast.queue_size, rng)
    return Learner(stage, network, encoder, KeyEncoder(encoder, contrast.momentum), memory)


def step_losses(learner: Learner, batch: Batch) -> Losses:
    """Return the losses of a batch, each with its graph.

    The key encoder follows before it encodes, and the memory takes the keys up after they
    were compared with what it held: both are changed here, and nowhere else.
    """
    query, key = batch.lr_images[:, 0], batch.lr_images[:, 1]
    network, encoder, losses = learner.network, learner.encoder, Losses()
    logits = sr = None
    with arithmetic(learner.stage.training, query.device):
        representation: Tensor | None = None
        if encoder is not None:
            key_encoder, memory = learner.key_encoder, learner.memory
            assert key_encoder is not None
            assert memory is not None
            representation, projection = encoder(query)
            key_encoder.follow(encoder)
            negatives = memory.negatives()
            queries = unit_vectors(projection, negatives)
            keys = unit_vectors(key_encoder(key), negatives)
            temperature = learner.stage.contrastive.temperature
            logits = contrastive_logits(queries, keys, negatives, temperature)
            memory.enqueue(keys)
        elif network is not None:
            representation = network.represent(query, batch.degradation)
        if network is not None:
            sr = network.restore(query, representation)
    if sr is not None:
        losses["l1"] = l1_loss(sr, batch.hr[:, 0])
    if logits is not None:
        losses["contrastive"] = contrastive_loss(logits)
    return losses


def descend(
    optimizer: torch.optim.Optimizer, losses: Losses, weights: dict[str, float], rate: float
) -> None:
    """Take a step down the weighted sum of the losses.

    Args:
        optimizer: of everything trainable.
        losses: of this step.
        weights: of losses by name; 1 for those that are not in it.
        rate: the learning rate of this step.
    """
    for group in optimizer.param_groups:
        group["lr"] = rate
    terms = [weights.get(name, 1.0) * value for name, value in losses.items()]
    optimizer.zero_grad(set_to_none=True)
    torch.stack(terms).sum().backward()
    optimizer.step()
