"""Representations of test crops over kernel widths and over noise levels."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dasr.architectures import Network
from dasr.config import EmbeddingConfig, Kernel
from dasr.config.embedded import crop_places
from dasr.data import PackedImages
from dasr.degradation import Degradation, degrade
from dasr.errors import UserError
from dasr.seeds import generator


@dataclass(frozen=True)
class Embedding:
    """Representations of one task: N points of D numbers, with labels."""

    task: str
    """"kernel_width", "noise_level" or "kernel"."""
    representation: NDArray[np.float32]  # (N, D)
    label: NDArray[np.float64]
    """(N,): width in HR pixels, level in grey levels, or place in the list of kernels."""
    image: NDArray[np.str_]  # (N,)


def embed(
    network: Network,
    images: PackedImages,
    classes: list[tuple[float, Kernel, float]],
    config: EmbeddingConfig,
    *,
    task: str,
    scale: int,
    downsample: str,
    device: torch.device,
) -> Embedding:
    """Return the representations of crops of every image under every class.

    Raises:
        UserError: an image whose LR version is smaller than a crop, or a representation
            with NaN or infinite values.
    """
    vectors, labels, names = [], [], []
    for number, name in enumerate(images.names):
        hr = images[number]
        height, width = (side // scale * scale for side in hr.shape[:2])
        tensor = torch.from_numpy(hr[:height, :width].copy()).permute(2, 0, 1).float()
        for label, kernel, level in classes:
            rng = generator(config.seed, "embedding noise", name, kernel.label, f"{level:g}")
            one = Degradation.of(kernel, level)
            lr_image = degrade(tensor[None, None], one, scale, downsample, rng)[0, 0]
            crops = _crops(lr_image, name, config)
            with torch.inference_mode():
                representation = network.represent(crops.to(device), None)
            assert representation is not None, "this architecture has no representation"
            if not bool(representation.isfinite().all()):
                raise UserError(
                    f"representation of {images.name}/{name} at kernel {kernel.label}, "
                    f"noise {level:g} holds NaN or infinite values"
                )
            vectors.append(representation.float().cpu().numpy())
            labels += [label] * len(crops)
            names += [name] * len(crops)
    return Embedding(task, np.concatenate(vectors), np.array(labels), np.array(names))


def _crops(lr_image: Tensor, name: str, config: EmbeddingConfig) -> Tensor:
    """Return evenly spread square crops, (crops, 3, size, size)."""
    size, count = config.crop_size, config.crops_per_image
    height, width = lr_image.shape[-2:]
    if min(height, width) < size:
        raise UserError(
            f"embedding.crop_size {size}: the LR version of test image {name!r} is only "
            f"{width}x{height} pixels"
        )
    places = crop_places(height, width, size, count)
    return torch.stack([lr_image[:, y : y + size, x : x + size] for y, x in places])
