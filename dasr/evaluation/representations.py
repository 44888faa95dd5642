"""Representations of test crops under the degradations of each task."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dasr.config.crops import crop_corners
from dasr.config.embedded import RepresentationConfig, class_label
from dasr.data import PackedImages
from dasr.degradation import DegradationBatch, lr_images
from dasr.errors import UserError
from dasr.terms.tasks import TASKS, Task

NOISE = "embedding noise"
"""The purpose within the seed of the noise: other noise than that of metrics."""


class Encoding(Protocol):
    """What has representations: a network, or an encoder without one."""

    def represent(
        self, lr_image: Tensor, degradation: DegradationBatch | None
    ) -> Tensor | None:
        """Return the representation, (B, D), of LR images (B, 3, h, w), [0, 255]."""


@dataclass(frozen=True)
class Representations:
    """Representations of one task: N points of D numbers, with labels."""

    representation: NDArray[np.float32]  # (N, D)
    label: NDArray[np.float64]
    """(N,): see `dasr.config.embedded.class_label`."""
    image: NDArray[np.str_]  # (N,)
    crop: NDArray[np.int64]
    """(N,): number of the crop, over all images: the same window under every class."""


def represent_task(
    network: Encoding,
    images: PackedImages,
    task: Task,
    config: RepresentationConfig,
    *,
    scale: int,
    device: torch.device,
) -> Representations:
    """Return the representations of crops of every image under every class of a task.

    Raises:
        UserError: an image whose LR version is smaller than a crop, or a representation
            with NaN or infinite values.
    """
    classes = config.classes[task.name]
    vectors, labels, names, windows = [], list[float](), list[str](), list[int]()
    for number, name in enumerate(images.names):
        made = lr_images(images[number], classes, scale, config.seed, NOISE, name)
        first = max(windows, default=-1) + 1
        for order, (degradation, lr_image) in enumerate(zip(classes, made, strict=True)):
            crops = _crops(lr_image, name, config)
            with torch.inference_mode():
                representation = network.represent(crops.to(device), None)
            assert representation is not None, "a method without one is not asked"
            if not bool(representation.isfinite().all()):
                raise UserError(
                    f"representation of {images.name}/{name} at {degradation.label} "
                    "holds NaN or infinite values"
                )
            vectors.append(representation.float().cpu().numpy())
            labels += [class_label(task, degradation, order)] * len(crops)
            names += [name] * len(crops)
            windows += range(first, first + len(crops))
    return Representations(
        np.concatenate(vectors), np.array(labels), np.array(names), np.array(windows)
    )


def representation_arrays(
    network: Encoding,
    images: PackedImages,
    config: RepresentationConfig,
    *,
    scale: int,
    device: torch.device,
) -> dict[str, NDArray[np.generic]]:
    """Return arrays for an .npz file: the representations of every task.

    Keys: `{task}_representation` (N, D), `{task}_label` (N,), `{task}_image` (N,) and
    `{task}_crop` (N,); where classes have no order, `{task}_names`, one name per label.

    Raises:
        UserError: as `represent_task`.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, classes in config.classes.items():
        task = TASKS[name]
        found = represent_task(network, images, task, config, scale=scale, device=device)
        arrays[f"{name}_representation"] = found.representation
        arrays[f"{name}_label"] = found.label
        arrays[f"{name}_image"] = found.image
        arrays[f"{name}_crop"] = found.crop
        if not task.ordered:
            arrays[f"{name}_names"] = np.array([one.keys()[name] for one in classes])
    return arrays


def _crops(lr_image: Tensor, name: str, config: RepresentationConfig) -> Tensor:
    """Return evenly spread square crops, (crops, 3, size, size)."""
    size, count = config.crop_size, config.crops_per_image
    height, width = lr_image.shape[-2:]
    if min(height, width) < size:
        raise UserError(
            f"embedding.crop_size {size}: the LR version of test image {name!r} is only "
            f"{width}x{height} pixels"
        )
    corners = crop_corners(height, width, size, count)
    return torch.stack([lr_image[:, y : y + size, x : x + size] for y, x in corners])
