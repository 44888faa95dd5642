"""The degradation encoder and its contrastive learning (paper, section 3.1).

Shapes: B images, D = 4 * features numbers in a representation, K keys in the queue.
"""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = 0.1
"""Negative slope of every LeakyReLU in the paper's networks."""


class Encoder(nn.Module):
    """Degradation encoder: LR image -> representation and projection.

    The representation conditions super-resolution; only the contrastive loss sees the
    projection, which the two-layer MLP makes from it.
    """

    def __init__(self, features: int) -> None:
        """Build six convolutions of widths f, f, 2f, 2f, 4f, 4f and the MLP."""
        super().__init__()
        self.representation_features = 4 * features
        widths = [
            features,
            features,
            2 * features,
            2 * features,
            4 * features,
            4 * features,
        ]
        strides = [1, 1, 2, 1, 2, 1]
        layers: list[nn.Module] = []
        previous = 3
        for width, stride in zip(widths, strides, strict=True):
            layers += [
                nn.Conv2d(previous, width, 3, stride, padding=1),
                nn.BatchNorm2d(width),
                nn.LeakyReLU(SLOPE, inplace=True),
            ]
            previous = width
        self.convs = nn.Sequential(*layers)
        self.mlp = nn.Sequential(
            nn.Linear(previous, previous),
            nn.LeakyReLU(SLOPE),
            nn.Linear(previous, previous),
        )

    def forward(self, lr_image: Tensor) -> tuple[Tensor, Tensor]:
        """Return representation and projection, both (B, D), of (B, 3, h, w) in [0, 255]."""
        representation = self.convs(lr_image).mean(dim=(2, 3))  # (B, D)
        return representation, self.mlp(representation)


class MomentumContrast(nn.Module):
    """Query encoder, key encoder and queue of negative keys (MoCo).

    As in the released code the momentum update touches parameters and not BatchNorm
    buffers, and both encoders normalise by their batch's statistics while training.
    """

    queue: Tensor
    position: Tensor

    def __init__(
        self,
        encoder: Encoder,
        *,
        queue_size: int,
        momentum: float,
        temperature: float,
        rng: torch.Generator,
    ) -> None:
        """Start the key encoder as a copy and the queue with random unit vectors.

        Args:
            encoder: the query encoder; it is shared, not copied.
            queue_size: number of negative keys, a multiple of every batch's size.
            momentum: share of itself that the key encoder keeps in an update.
            temperature: divisor of the logits.
            rng: generator of the queue's first keys.
        """
        super().__init__()
        self.momentum = momentum
        self.temperature = temperature
        self.query_encoder = encoder
        self.key_encoder = copy.deepcopy(encoder).requires_grad_(False)
        keys = torch.randn(encoder.representation_features, queue_size, generator=rng)
        self.register_buffer("queue", F.normalize(keys, dim=0))  # (D, K)
        self.register_buffer("position", torch.zeros((), dtype=torch.long))

    def forward(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        """Return representation (B, D) of the query patches and logits (B, 1 + K).

        Column 0 of the logits is the positive pair, the others are the queue; they are
        divided by the temperature. Updates key encoder and queue: training only.

        Args:
            query: LR patches, (B, 3, h, w), [0, 255].
            key: other patches of the same images, degraded alike.
        """
        representation, projection = self.query_encoder(query)
        with torch.no_grad():
            self._update_key_encoder()
            keys = self.key_encoder(key)[1]
        with torch.autocast(query.device.type, enabled=False):
            projection = F.normalize(projection.to(self.queue), dim=1)  # (B, D)
            keys = F.normalize(keys.to(self.queue), dim=1)  # (B, D)
            positive = (projection * keys).sum(dim=1, keepdim=True)  # (B, 1)
            negative = projection @ self.queue.clone()  # (B, K)
        logits = torch.cat([positive, negative], dim=1) / self.temperature
        self._enqueue(keys)
        return representation, logits

    @torch.no_grad()
    def _update_key_encoder(self) -> None:
        keys: list[Tensor] = list(self.key_encoder.parameters())
        queries: list[Tensor] = list(self.query_encoder.parameters())
        torch._foreach_mul_(keys, self.momentum)
        torch._foreach_add_(keys, queries, alpha=1 - self.momentum)

    @torch.no_grad()
    def _enqueue(self, keys: Tensor) -> None:
        """Overwrite the oldest keys; the queue's length is a multiple of the batch."""
        size = self.queue.shape[1]
        columns = (self.position + torch.arange(len(keys), device=keys.device)) % size
        self.queue[:, columns] = keys.T.to(self.queue.dtype)
        self.position.copy_((self.position + len(keys)) % size)
