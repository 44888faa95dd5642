"""The encoder before any training: what representations show without having learned.

A random convolutional network tells some degradations apart by itself. Scores of trained
encoders say what training gave only beside those of the encoder that it started from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from dasr.architectures.encoder import Encoder, build_encoder
from dasr.config import Stage
from dasr.data import open_packed
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch, degrade, sample_degradations
from dasr.seeds import generator

CALIBRATION_PATCHES = 512
"""LR patches over which normalisation statistics are averaged, at least: as many as a few
dozen batches of a small study have, so that no batch decides them."""


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
    calibrate(encoder, stage, sampler)
    return UntrainedEncoder(encoder)


@torch.no_grad()
def calibrate(encoder: nn.Module, stage: Stage, sampler: PatchSampler) -> None:
    """Set the statistics of batch normalisation to their mean over the first batches.

    In a fresh network they are those of no image (mean 0, variance 1), while training sets
    them whether it learns or not. Here they are what a training at rate zero would find:
    batches are those of the stage's first steps, same patches and same degradations in the
    same order, weights stay. The encoder is in evaluation mode afterwards.

    Args:
        encoder: as it was initialised.
        stage: what it would be trained by.
        sampler: HR patches of the training images.
    """
    layers = [one for one in encoder.modules() if isinstance(one, nn.BatchNorm2d)]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # each batch counts the same
    encoder.train()
    for step in range(-(-CALIBRATION_PATCHES // stage.training.batch_size)):
        encoder(first_patches(stage, sampler, step))
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    encoder.eval()


def first_patches(stage: Stage, sampler: PatchSampler, step: int) -> Tensor:
    """Return the LR patches that the encoder is given at a step, (B, 3, h, w), [0, 255].

    They are those of `dasr.training.batches.draw_batch`, which a test compares them with.
    """
    count = stage.training.batch_size
    rng = generator(stage.seed, stage.name, step)
    hr = sampler.sample(count, rng)
    degradation = sample_degradations(stage.degradation, stage.scale, count, rng)
    return degrade(hr, degradation, stage.scale, rng)[:, 0]
