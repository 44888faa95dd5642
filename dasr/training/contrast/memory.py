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

    def newest_and_older(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return the last keys, all others, and the ages of these.

        Returns:
            (count, D), in the order in which they were taken up; (D, K - count), the youngest
            first; and (K - count,): how many keys were taken up after each. Random first
            keys count as older than all others.
        """
        size = self.keys.shape[1]
        ages = torch.arange(size, device=self.keys.device)
        columns = (self.position - 1 - ages) % size
        newest, older = columns[:count].flip(0), columns[count:]
        return self.keys[:, newest].T, self.keys[:, older], ages[count:]

    @torch.no_grad()
    def enqueue(self, keys: Tensor) -> None:
        """Overwrite the oldest keys with new ones, (B, D), unit vectors."""
        size = self.keys.shape[1]
        columns = (self.position + torch.arange(len(keys), device=keys.device)) % size
        self.keys[:, columns] = keys.T.to(self.keys.dtype)
        self.position.copy_((self.position + len(keys)) % size)
