"""The queue of negative keys.

Shapes: B images, D numbers in a key, K keys in the queue.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Memory(nn.Module):
    """The last K keys, unit vectors; the oldest give way."""

    keys: Tensor
    position: Tensor

    def __init__(self, features: int, size: int, rng: torch.Generator) -> None:
        """Start with random unit vectors.

        Args:
            features: D.
            size: K, a multiple of every batch's size.
            rng: generator of the first keys.
        """
        super().__init__()
        first = torch.randn(features, size, generator=rng)
        self.register_buffer("keys", F.normalize(first, dim=0))  # (D, K)
        self.register_buffer("position", torch.zeros((), dtype=torch.long))

    def negatives(self) -> Tensor:
        """Return a copy of all keys, (D, K): what is enqueued later does not change it."""
        return self.keys.clone()

    @torch.no_grad()
    def enqueue(self, keys: Tensor) -> None:
        """Overwrite the oldest keys with new ones, (B, D), unit vectors."""
        size = self.keys.shape[1]
        columns = (self.position + torch.arange(len(keys), device=keys.device)) % size
        self.keys[:, columns] = keys.T.to(self.keys.dtype)
        self.position.copy_((self.position + len(keys)) % size)
