"""Random streams derived from a seed and a purpose; nothing draws from a global one."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import torch


def derive_seed(*parts: object) -> int:
    """Return a 63-bit seed that depends on every part, e.g. (seed, "patches", step)."""
    text = "/".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(*parts: object, device: torch.device | str = "cpu") -> torch.Generator:
    """Return a generator for one purpose, on the CPU if nothing else is said.

    Training makes a new one for every step, so that what a step draws is a function of
    the step alone and an interrupted run has no generator state to lose.
    """
    return torch.Generator(device).manual_seed(derive_seed(*parts))


@contextmanager
def initialisation(*parts: object) -> Iterator[None]:
    """Seed PyTorch's layer initialisation inside the block, and restore it afterwards.

    The one place where a global stream is used: `torch.nn` layers initialise from it.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed(*parts))
        yield
