"""Where a stage runs, and what decides its weights beside its configuration."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import torch

from dasr.config import RunConfig, Stage, digest
from dasr.training.checkpoints import Checkpoints


class FinishedStage(NamedTuple):
    """A stage that a joint stage goes on from: of the encoder, or of another part."""

    state: Path
    """Encoders, memory and optimizer; or the part."""
    identity: str
    """What `state` has to carry."""


def seen_images(images: str, *others: str) -> str:
    """Return the digest of all images that a stage sees, given those of its sets.

    Args:
        images: digest of the training images.
        others: of what it sees beside: the contrastive term's own, validation images.
    """
    return digest([images, *others]) if others else images


@dataclass(frozen=True)
class RunContext:
    """Folder, images, code and device of a stage."""

    folder: Path
    """Where its unfinished state is kept (dasr.training.handover)."""
    inputs: str
    """Digest of what decides the weights beside the configuration: images and code."""
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    checkpoint_seconds: float = 15.0
    """Between two writings of the unfinished state."""
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    """Of a joint stage: the steps whose networks are kept."""

    def identity(self, config: Stage | RunConfig) -> str:
        """Return the digest that a state of a stage carries.

        Args:
            config: an encoder stage, or the run of a joint stage.
        """
        return digest([digest(config), self.inputs])
