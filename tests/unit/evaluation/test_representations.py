"""Which crops are embedded, under which labels."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from dasr.config import Degradation, DegradationConfig, EmbeddingConfig, Kernel
from dasr.config.embedded import RepresentationConfig, representations
from dasr.degradation import DegradationBatch
from dasr.errors import UserError
from dasr.evaluation.representations import (
    Representations,
    represent_task,
    representation_arrays,
)
from dasr.terms.tasks import KERNEL_WIDTH
from tests.tiny import images, packed


def _picked(width: float, noise_level: float = 0.0) -> Degradation:
    """Return a degradation that keeps every second pixel."""
    kernel = Kernel.of_width(width)
    return Degradation(kernel=kernel, noise_level=noise_level, downsample="s-fold")


NO_BLUR = _picked(0.0)


def _stub(seen: list[Tensor]) -> Any:
    """Return a network that represents a crop by its mean and its corner."""

    def represent(crops: Tensor, degradation: DegradationBatch | None) -> Tensor:
        assert degradation is None
        seen.append(crops)
        return torch.stack([crops.mean(dim=(1, 2, 3)), crops[:, 0, 0, 0]], dim=1)

    return SimpleNamespace(represent=represent)


def _represent(
    folder: Path,
    named: dict[str, np.ndarray],
    *classes: Degradation,
    crop_size: int = 8,
    crops: int = 4,
) -> tuple[Representations, list[Tensor]]:
    """Return representations by a stub, and the crops it saw."""
    seen: list[Tensor] = []
    config = RepresentationConfig(
        classes={"kernel_width": classes}, crop_size=crop_size, crops_per_image=crops, seed=0
    )
    found = represent_task(
        _stub(seen),
        packed(folder, named),
        KERNEL_WIDTH,
        config,
        scale=2,
        device=torch.device("cpu"),
    )
    return found, seen


def test_points_carry_class_and_image(tmp_path: Path) -> None:
    found, seen = _represent(tmp_path, images(3, 33, 40), _picked(0.5), _picked(2.0))
    assert found.representation.shape == (3 * 2 * 4, 2)
    assert found.label.tolist() == ([0.5] * 4 + [2.0] * 4) * 3
    assert found.image.tolist() == [f"image{n}" for n in range(3) for _ in range(8)]
    assert [tuple(crops.shape) for crops in seen] == [(4, 3, 8, 8)] * 6
    # a crop is the same window under both classes: 4 of each image, none shared by images
    windows = [np.arange(4) + 4 * image for image in range(3)]
    assert found.crop.tolist() == np.concatenate([np.tile(one, 2) for one in windows]).tolist()
    means = torch.cat([crops.mean(dim=(1, 2, 3)) for crops in seen])
    np.testing.assert_allclose(found.representation[:, 0], means, rtol=1e-6)


def test_crops_cover_the_image(tmp_path: Path) -> None:
    # without blur, s-fold keeps every second pixel: LR pixels say where they are
    rows, columns = np.mgrid[0:32, 0:48]
    place = np.stack([rows // 2, columns // 2, 0 * rows], axis=2).astype(np.uint8)
    _, seen = _represent(tmp_path, {"places": place}, NO_BLUR, crops=6)
    corners = [(int(crop[0, 0, 0]), int(crop[1, 0, 0])) for crop in seen[0]]
    assert corners == [(0, 0), (0, 8), (0, 16), (8, 0), (8, 8), (8, 16)]


def test_noise_repeats_itself(tmp_path: Path) -> None:
    first, _ = _represent(tmp_path, images(2, 32, 32), _picked(0.0, 5.0))
    again, _ = _represent(tmp_path, images(2, 32, 32), _picked(0.0, 5.0))
    clean, _ = _represent(tmp_path, images(2, 32, 32), NO_BLUR)
    assert np.array_equal(first.representation, again.representation)
    assert not np.array_equal(first.representation, clean.representation)


def test_image_smaller_than_a_crop_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"crop_size 17: .*'image0' is only 20x16 pixels"):
        _represent(tmp_path, images(1, 32, 40), NO_BLUR, crop_size=17)


def test_arrays_hold_every_task_and_the_names_of_classes_without_order(tmp_path: Path) -> None:
    kernels = ((2.0, 1.0, 10.0), (4.0, 1.5, 120.0))
    config = EmbeddingConfig(kernels=kernels, noise_levels=(0.0, 15.0), crop_size=8)
    trained_on = DegradationConfig(
        blur="anisotropic", kernel_width={2: (0.2, 4.0)}, noise_level=(0.0, 25.0)
    )
    found = representation_arrays(
        _stub([]),
        packed(tmp_path, images(1, 32, 32)),
        representations(config, trained_on),
        scale=2,
        device=torch.device("cpu"),
    )
    assert list(found) == [
        f"{task}_{kind}"
        for task in ("kernel_width", "noise_level", "kernel")
        for kind in ("representation", "label", "image", "crop")
    ] + ["kernel_names"]
    assert np.unique(found["kernel_width_label"]).tolist() == [0.2, 1.2, 2.4, 3.6]
    assert np.unique(found["noise_level_label"]).tolist() == [0.0, 15.0]
    assert np.unique(found["kernel_label"]).tolist() == [0.0, 1.0]
    assert found["kernel_names"].tolist() == ["2,1,10deg", "4,1.5,120deg"]
