"""Statistics of batch normalisation of an encoder that is not trained."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

CALIBRATION_PATCHES = 512
"""LR patches over which normalisation statistics are averaged, at least: as many as a few
dozen batches of a small study have, so that no batch decides them."""


def calibration_steps(batch_size: int) -> range:
    """Return the first steps of a training whose queries are enough for `calibrate`."""
    return range(-(-CALIBRATION_PATCHES // batch_size))


@torch.no_grad()
def calibrate(encoder: nn.Module, batches: Iterable[Tensor]) -> None:
    """Set the statistics of batch normalisation to their mean over some batches.

    In a fresh network they are those of no image (mean 0, variance 1), while training sets
    them whether it learns or not. With the queries of a stage's first steps they are what a
    training at rate zero would find; weights stay. The encoder is in evaluation mode
    afterwards.

    Args:
        encoder: as it was initialised.
        batches: of LR patches, (B, 3, h, w), [0, 255].
    """
    layers = [one for one in encoder.modules() if isinstance(one, nn.BatchNorm2d)]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # each batch counts the same
    encoder.train()
    for lr_images in batches:
        encoder(lr_images)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    encoder.eval()
