"""The key encoder, which follows the query encoder slowly."""

import copy

import torch
from torch import Tensor, nn


class KeyEncoder(nn.Module):
    """A copy of an encoder that no gradient reaches.

    As in the released code the momentum update touches parameters and not BatchNorm
    buffers, and both encoders normalise by their batch's statistics while training.
    """

    def __init__(self, encoder: nn.Module, momentum: float) -> None:
        """Start as a copy of the query encoder.

        Args:
            encoder: the query encoder: images to (representation, projection).
            momentum: share of itself that the key encoder keeps in an update.
        """
        super().__init__()
        self.momentum = momentum
        self.encoder = copy.deepcopy(encoder).requires_grad_(False)

    @torch.no_grad()
    def follow(self, encoder: nn.Module) -> None:
        """Move a little towards the query encoder."""
        keys: list[Tensor] = list(self.encoder.parameters())
        queries: list[Tensor] = list(encoder.parameters())
        torch._foreach_mul_(keys, self.momentum)
        torch._foreach_add_(keys, queries, alpha=1 - self.momentum)

    @torch.no_grad()
    def forward(self, lr_image: Tensor) -> Tensor:
        """Return the projection (B, D) of patches (B, 3, h, w), [0, 255]."""
        projection: Tensor = self.encoder(lr_image)[1]
        return projection
