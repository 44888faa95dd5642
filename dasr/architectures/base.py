"""What every architecture is to training, evaluation and commands.

Shapes: B images, D numbers in a representation, h x w LR, H x W = scale * (h x w).
"""

from torch import Tensor, nn

from dasr.architectures.encoder import Encoder
from dasr.architectures.losses import Losses, l1_loss
from dasr.architectures.upsampling import ShuffledConv
from dasr.config.models.base import ModelConfig
from dasr.degradation import DegradationBatch


class Network(nn.Module):
    """A super-resolution network, in two steps: represent, then restore.

    A module of this package builds one architecture. It has

        build(config, scale) -> Network
        sizes(tensors) -> dict[str, int]

    where `sizes` tells, from names and shapes of a file's tensors alone, those numbers of
    the configuration that decide how much is allocated; a card is checked against them.
    """

    encoder: Encoder | nn.Module | None
    """An `Encoder` where `config.encoder` is set: what contrast and an encoder stage train,
    and what `represent` asks."""

    def __init__(self, config: ModelConfig, scale: int) -> None:
        """Remember what the network is, and that it has no encoder yet."""
        super().__init__()
        self.config = config
        self.scale = scale
        self.encoder = None

    def represent(
        self, lr_image: Tensor, degradation: DegradationBatch | None
    ) -> Tensor | None:
        """Return what restoring is conditioned on, (B, D), or None for nothing.

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            degradation: the true one; only `representation` "oracle" looks at it.

        Raises:
            ValueError: an oracle without a degradation.
        """
        raise NotImplementedError

    def restore(self, lr_image: Tensor, representation: Tensor | None) -> Tensor:
        """Return the SR image, (B, 3, H, W), neither rounded nor clamped to [0, 255].

        Args:
            lr_image: (B, 3, h, w), [0, 255]: whole images or tiles of them.
            representation: of the whole images, as `represent` returned it.
        """
        raise NotImplementedError

    def forward(self, lr_image: Tensor, degradation: DegradationBatch | None = None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of (B, 3, h, w) in [0, 255]."""
        return self.restore(lr_image, self.represent(lr_image, degradation))

    def losses(
        self,
        lr_image: Tensor,
        hr: Tensor,
        degradation: DegradationBatch,
        representation: Tensor | None = None,
    ) -> Losses:
        """Return what the joint stage descends beside a contrastive term, by name.

        Here: L1. An architecture that learns more than to restore has more of them.

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            hr: what they were made of, (B, 3, H, W), [0, 255].
            degradation: what was done to them.
            representation: as `represent` would return it, where it is known already.
        """
        if representation is None:
            representation = self.represent(lr_image, degradation)
        return {"l1": l1_loss(self.restore(lr_image, representation), hr)}

    def part_paths(self) -> dict[str, str]:
        """Return where each of the configuration's parts is: its name as a submodule."""
        return {}

    def kept_still(self) -> list[nn.Module]:
        """Return the submodules that the joint stage leaves as their own stages made them."""
        return []

    def compiled_parts(self) -> list[nn.Module]:
        """Return the submodules that torch.compile takes: called as a whole, with tensors."""
        return []

    def compute_by_definition(self) -> None:
        """Undo what only makes computing faster, so that arithmetic can be counted.

        Here: convolutions behind a shuffle shuffle large maps instead of folding. An
        architecture with other shortcuts undoes its own too.
        """
        for module in self.modules():
            if isinstance(module, ShuffledConv):
                module.folded = False


class Unconditioned(Network):
    """A generator and nothing beside it: LR image -> SR image, told of no degradation."""

    def __init__(self, config: ModelConfig, scale: int, generator: nn.Module) -> None:
        """Take the generator: (B, 3, h, w) -> (B, 3, H, W), both in [0, 255]."""
        super().__init__(config, scale)
        self.generator = generator

    def represent(self, lr_image: Tensor, degradation: DegradationBatch | None) -> None:
        """Return None: there is no representation of LR images (B, 3, h, w), [0, 255]."""
        return None

    def restore(self, lr_image: Tensor, representation: Tensor | None) -> Tensor:
        """Return the SR image, (B, 3, H, W), of an LR image; there is no representation."""
        sr: Tensor = self.generator(lr_image)
        return sr

    def compiled_parts(self) -> list[nn.Module]:
        """Return the generator."""
        return [self.generator]


def told_truth(degradation: DegradationBatch | None) -> DegradationBatch:
    """Return the true degradation that an oracle asks for.

    Raises:
        ValueError: there is none.
    """
    if degradation is None:
        raise ValueError(
            "an oracle network needs the true degradation: it cannot be used on "
            "images whose degradation is unknown"
        )
    return degradation
