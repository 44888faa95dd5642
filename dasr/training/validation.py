"""Validation crops under degradations that differ in one quantity, read by an encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import spearmanr
from torch import Tensor, nn

from dasr.config import Degradation, DegradationConfig, Kernel, Stage
from dasr.config.crops import crop_corners
from dasr.data import PackedImages
from dasr.degradation import lr_images
from dasr.embedding.nearest import NEIGHBOURS, nearest_of_other_images, predicted
from dasr.terms.quantities import JPEG_QUALITY, NOISE_LEVEL

VALUES = 5
"""Kernel widths, and values of each other quantity, that are told apart."""
CROP_SIZE, CROPS = 48, 2
"""Side in LR pixels, or a smaller image's own, and number of an image's crops at most."""
MILD = {NOISE_LEVEL.name: 0, JPEG_QUALITY.name: 1}
"""Which end of a training range is the milder one."""
NOISE = "validation noise"
"""The purpose within the seed of the noise."""


@dataclass(frozen=True)
class ValidationCrops:
    """N LR crops of validation images, under degradations that differ in one quantity."""

    lr_images: Tensor
    """(N, 3, h, w), [0, 255]."""
    label: NDArray[np.float64]
    """(N,): values of the quantity."""
    image: NDArray[np.str_]
    """(N,)."""

    def rank(self, encoder: nn.Module) -> float:
        """Return Spearman's rho of labels with what neighbours in other images predict.

        Args:
            encoder: in evaluation mode.
        """
        device = next(encoder.parameters()).device
        with torch.inference_mode():
            found = [encoder(part.to(device))[0] for part in self.lr_images.split(256)]
        features = torch.cat(found).double().cpu().numpy()
        images = np.unique(self.image, return_inverse=True)[1]
        # no more than a class has in other images, or few images would have all as neighbours
        others = len(images) - int(np.bincount(images).max())
        wanted = max(1, min(NEIGHBOURS, others // len(np.unique(self.label))))
        neighbours = nearest_of_other_images(features, images, wanted)
        (means,) = predicted(self.label[None], neighbours)
        if np.ptp(means) == 0:
            return 0.0
        return float(spearmanr(self.label, means).statistic)


def validation_crops(
    stage: Stage, validation: Sequence[PackedImages]
) -> dict[str, ValidationCrops]:
    """Return crops by the quantity that tells them apart: "kernel_width", "noise_level".

    Values are spread evenly over the training range, kernels isotropic; beside the quantity
    itself degradations are the mildest of training for widths, and of medium width for others.

    Args:
        stage: its ranges and its scale.
        validation: images; none gives no crops.
    """
    if sum(len(images) for images in validation) < 2:  # a neighbour is of another image
        return {}
    return {
        name: _crops(validation, name, degradations, stage.scale)
        for name, degradations in told_apart(stage.degradation, stage.scale).items()
    }


def told_apart(config: DegradationConfig, scale: int) -> dict[str, list[Degradation]]:
    """Return the degradations that are told apart, by what varies among them in training."""
    low, high = config.kernel_width[scale]
    middle = Kernel.of_width((low + high) / 2)
    ranges = {one.name: getattr(config, one.name) for one in config.seen()}
    mild = {name: values[MILD[name]] for name, values in ranges.items()}

    def degraded(kernel: Kernel, **values: Any) -> Degradation:
        return Degradation(kernel=kernel, downsample=config.downsample, **{**mild, **values})

    found = {"kernel_width": [degraded(Kernel.of_width(one)) for one in _spread(low, high)]}
    for name, (first, last) in ranges.items():
        whole = isinstance(first, int)
        values = [round(one) if whole else one for one in _spread(first, last)]
        found[name] = [degraded(middle, **{name: one}) for one in dict.fromkeys(values)]
    return {name: classes for name, classes in found.items() if len(set(classes)) > 1}


def _spread(low: float, high: float) -> list[float]:
    return np.linspace(low, high, VALUES).round(4).tolist()


def _crops(
    validation: Sequence[PackedImages],
    quantity: str,
    degradations: Sequence[Degradation],
    scale: int,
) -> ValidationCrops:
    found: list[Tensor] = []
    labels, names = list[float](), list[str]()
    sides = [row // scale for images in validation for row in _sides(images)]
    size = min(CROP_SIZE, *sides)
    for images in validation:
        for number, name in enumerate(images.names):
            made = lr_images(images[number], degradations, scale, 0, NOISE, name)
            height, width = made.shape[-2:]
            corners = crop_corners(height, width, size, CROPS)
            for degradation, lr_image in zip(degradations, made, strict=True):
                found += [lr_image[:, y : y + size, x : x + size] for y, x in corners]
                labels += [float(degradation.keys()[quantity])] * len(corners)
                names += [f"{images.name}/{name}"] * len(corners)
    return ValidationCrops(torch.stack(found), np.array(labels), np.array(names))


def _sides(images: PackedImages) -> list[int]:
    return images.index[["height", "width"]].to_numpy().ravel().tolist()
