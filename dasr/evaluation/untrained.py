"""The encoder before any training: what representations show without having learned.

A random convolutional network tells some degradations apart by itself. Scores of trained
encoders say what training gave only beside those of the encoder that it started from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from dasr.architectures.calibration import calibrate, calibration_steps
from dasr.architectures.encoder import Encoder, build_encoder
from dasr.config import Stage
from dasr.data import open_packed
from dasr.data.batches import draw_batch
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch


@dataclass(frozen=True)
class UntrainedEncoder:
    """An encoder as a network that represents and restores nothing."""

    encoder: Encoder

    def represent(
        self, lr_image: Tensor, degradation: DegradationBatch | None = None
    ) -> Tensor:
        """Return the representation, (B, D), of LR images (B, 3, h, w), [0, 255]."""
        representation: Tensor = self.encoder(lr_image)[0]
        return representation


def untrained_encoder(
    stage: Stage, pixels: Sequence[Path], index: Sequence[Path]
) -> UntrainedEncoder:
    """Return the encoder that a stage starts from, with calibrated normalisation.

    Args:
        stage: the first of a training: its seed decides the weights.
        pixels: packed training images.
        index: their indices, in the same order.
    """
    assert stage.encoder is not None, "a stage without an encoder is not asked"
    sets = [open_packed(*files) for files in zip(pixels, index, strict=True)]
    sampler = PatchSampler(sets, stage.training.patch_size * stage.scale)
    encoder = build_encoder(stage.encoder, stage.seed)
    steps = calibration_steps(stage.training.batch_size)
    batches = (draw_batch(stage, sampler, step, torch.device("cpu")) for step in steps)
    calibrate(encoder, (batch.lr_images[:, 0] for batch in batches))
    return UntrainedEncoder(encoder)
