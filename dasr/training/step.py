"""One training step, from top to bottom (paper, sections 3.1 and 4.1)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dasr.architectures import Network, build_network, build_part
from dasr.architectures.encoder import Encoder, build_encoder
from dasr.architectures.losses import Losses
from dasr.architectures.parts import Part
from dasr.config import ModelConfig, Stage
from dasr.data.batches import Batch
from dasr.seeds import generator, initialisation
from dasr.training.contrast import (
    Comparison,
    KeyEncoder,
    Memory,
    compare_in_batch,
    compare_with_queue,
    contrastive_loss,
)
from dasr.training.hardware import arithmetic
from dasr.training.state import PART


@dataclass(frozen=True)
class Learner:
    """What a stage trains: an encoder by contrast, a part, a network, or both at once."""

    stage: Stage
    network: Network | None
    """None in a stage before the joint one."""
    encoder: Encoder | None
    """The network's own in a joint stage; None where there is no contrastive term."""
    key_encoder: KeyEncoder | None
    """None where negatives come from the batch."""
    memory: Memory | None
    """None where negatives come from the batch."""
    part: Part | None = None
    """Of the stage of a part, which trains nothing else."""

    @property
    def keeps_encoder_still(self) -> bool:
        """Whether the network's encoder stays what its own stage made of it."""
        return self.network is not None and self.stage.training.encoder_rate_share == 0

    def settle(self) -> None:
        """Let what is kept still normalise as it does in use, after `train()`."""
        if self.network is None:
            return
        for module in self.network.kept_still():
            module.eval()
        if self.keeps_encoder_still:
            assert isinstance(self.network.encoder, nn.Module)
            self.network.encoder.eval()

    def rate_shares(self) -> dict[str, float]:
        """Return shares of the learning rate, by the beginning of parameters' names."""
        share = self.stage.training.encoder_rate_share
        return {} if self.network is None or share == 1 else {"network.encoder.": share}

    def compare(self, views: Tensor) -> Comparison:
        """Return what the contrastive loss compares, of LR patches (B, V, 3, h, w)."""
        assert self.encoder is not None
        config = self.stage.contrastive
        if self.key_encoder is None or self.memory is None:
            return compare_in_batch(self.encoder, views, config)
        return compare_with_queue(self.encoder, self.key_encoder, self.memory, views, config)

    def modules(self) -> nn.ModuleDict:
        """Return everything with weights or buffers.

        In both stages an encoder is called network.encoder, so that one takes it over from
        the other.
        """
        found: dict[str, nn.Module] = {}
        if self.part is not None:
            found[PART] = self.part
        if self.network is not None:
            found["network"] = self.network
        elif self.encoder is not None:
            found["network"] = nn.ModuleDict({"encoder": self.encoder})
        if self.key_encoder is not None and self.memory is not None:
            found |= {"key_encoder": self.key_encoder, "memory": self.memory}
        return nn.ModuleDict(found)

    def compiled_parts(self) -> list[nn.Module]:
        """Return what torch.compile takes, for stages that want it."""
        alone = [self.encoder, self.part]
        parts = self.network.compiled_parts() if self.network is not None else alone
        keys = [] if self.key_encoder is None else [self.key_encoder.encoder]
        return [part for part in [*parts, *keys] if part is not None]


def new_learner(stage: Stage, model: ModelConfig | None) -> Learner:
    """Return what a stage trains, freshly initialised.

    Args:
        stage: the encoder stage or the joint one.
        model: the network's configuration; None in a stage before the joint one.
    """
    if stage.part is not None:
        with initialisation(stage.seed, stage.name):
            part = build_part(stage.part, stage.scale)
        return Learner(stage, None, None, None, None, part)
    encoder = None if stage.encoder is None else build_encoder(stage.encoder, stage.seed)
    network = None
    if model is not None:
        with initialisation(stage.seed, "generator"):
            network = build_network(model, stage.scale)
        if encoder is not None:
            network.encoder = encoder
        for module in network.kept_still():
            module.requires_grad_(False)
    if network is not None and stage.training.encoder_rate_share == 0:
        assert encoder is not None, "whoever has no encoder stage learns at the whole rate"
        encoder.requires_grad_(False)
    contrast = stage.contrastive
    if encoder is None or not contrast.has_term:
        return Learner(stage, network, None, None, None)
    if contrast.queue_size is None or contrast.momentum is None:
        return Learner(stage, network, encoder, None, None)
    rng = generator(stage.seed, "queue")
    memory = Memory(encoder.representation_features, contrast.queue_size, rng)
    return Learner(stage, network, encoder, KeyEncoder(encoder, contrast.momentum), memory)


def step_losses(learner: Learner, batch: Batch, contrast: Batch | None = None) -> Losses:
    """Return the losses of a step, each with its graph.

    Key encoder and memory, where there are any, go a step on.

    Args:
        learner: what is trained.
        batch: what a network or a part looks at, and the contrastive term too if it has no
            batch of its own.
        contrast: the contrastive term's own batch.
    """
    query = batch.lr_images[:, 0]
    compared: Comparison | None = None
    losses = Losses()
    with arithmetic(learner.stage.training, query.device):
        if learner.encoder is not None:
            compared = learner.compare((contrast or batch).lr_images)
        if learner.part is not None:
            losses |= learner.part.losses(query, batch.hr[:, 0], batch.degradation)
        if learner.network is not None:
            shared = compared if contrast is None else None
            known = None if shared is None else shared.representation
            losses |= learner.network.losses(query, batch.hr[:, 0], batch.degradation, known)
    if compared is not None:
        losses["contrastive"] = contrastive_loss(compared.logits)
    return losses


def descend(
    optimizer: torch.optim.Optimizer, losses: Losses, weights: dict[str, float], rate: float
) -> None:
    """Take a step down the weighted sum of the losses.

    Args:
        optimizer: of everything trainable.
        losses: of this step.
        weights: of losses by name; 1 for those that are not in it.
        rate: the learning rate of this step, of which a group of parameters may have a share.
    """
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("rate_share", 1.0)
    terms = [weights.get(name, 1.0) * value for name, value in losses.items()]
    optimizer.zero_grad(set_to_none=True)
    torch.stack(terms).sum().backward()
    optimizer.step()
