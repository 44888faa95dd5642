"""What every part that has a stage of its own is to that stage."""

from torch import Tensor, nn

from dasr.architectures.losses import Losses
from dasr.degradation import DegradationBatch


class Part(nn.Module):
    """A part of networks: trained alone, then taken over by every network that has it.

    The module that builds it, named by its configuration, has

        build_part(config, scale) -> Part
    """

    def losses(self, lr_image: Tensor, hr: Tensor, degradation: DegradationBatch) -> Losses:
        """Return what its stage descends, by name.

        Args:
            lr_image: (B, 3, h, w), [0, 255].
            hr: what they were made of, (B, 3, H, W), [0, 255].
            degradation: what was done to them.
        """
        raise NotImplementedError
