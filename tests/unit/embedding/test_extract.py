"""Which crops are embedded, under which labels."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor

from dasr.config import DegradationConfig, EmbeddingConfig, Kernel
from dasr.config.embedded import tasks
from dasr.degradation import Degradation
from dasr.embedding.extract import Embedding, embed
from dasr.errors import UserError
from tests.tiny import images, packed

NO_BLUR = Kernel(lambda_1=0.0, lambda_2=0.0)


def _embed(
    folder: Path,
    named: dict[str, np.ndarray],
    config: EmbeddingConfig,
    classes: list[tuple[float, Kernel, float]],
) -> tuple[Embedding, list[Tensor]]:
    """Return an embedding by a stub (mean and position of a crop), and its crops."""
    seen: list[Tensor] = []

    def represent(crops: Tensor, degradation: Degradation | None) -> Tensor:
        assert degradation is None
        seen.append(crops)
        return torch.stack([crops.mean(dim=(1, 2, 3)), crops[:, 0, 0, 0]], dim=1)

    found = embed(
        SimpleNamespace(represent=represent),  # type: ignore[arg-type]
        packed(folder, named),
        classes,
        config,
        task="kernel_width",
        scale=2,
        downsample="s-fold",
        device=torch.device("cpu"),
    )
    return found, seen


def test_points_carry_class_and_image(tmp_path: Path) -> None:
    config = EmbeddingConfig(crop_size=8, crops_per_image=4)
    classes = [(width, Kernel(lambda_1=width, lambda_2=width), 0.0) for width in (0.5, 2.0)]
    found, seen = _embed(tmp_path, images(3, 33, 40), config, classes)
    assert found.representation.shape == (3 * 2 * 4, 2)
    assert found.label.tolist() == ([0.5] * 4 + [2.0] * 4) * 3
    assert found.image.tolist() == [f"image{n}" for n in range(3) for _ in range(8)]
    assert [tuple(crops.shape) for crops in seen] == [(4, 3, 8, 8)] * 6
    means = torch.cat([crops.mean(dim=(1, 2, 3)) for crops in seen])
    np.testing.assert_allclose(found.representation[:, 0], means, rtol=1e-6)


def test_crops_cover_the_image(tmp_path: Path) -> None:
    # without blur, s-fold keeps every second pixel: LR pixels say where they are
    rows, columns = np.mgrid[0:32, 0:48]
    place = np.stack([rows // 2, columns // 2, 0 * rows], axis=2).astype(np.uint8)
    config = EmbeddingConfig(crop_size=8, crops_per_image=6)
    _, seen = _embed(tmp_path, {"places": place}, config, [(0.0, NO_BLUR, 0.0)])
    corners = [(int(crop[0, 0, 0]), int(crop[1, 0, 0])) for crop in seen[0]]
    assert corners == [(0, 0), (0, 8), (0, 16), (8, 0), (8, 8), (8, 16)]


def test_noise_repeats_itself(tmp_path: Path) -> None:
    config = EmbeddingConfig(crop_size=8, crops_per_image=4)
    first, _ = _embed(tmp_path, images(2, 32, 32), config, [(5.0, NO_BLUR, 5.0)])
    again, _ = _embed(tmp_path, images(2, 32, 32), config, [(5.0, NO_BLUR, 5.0)])
    clean, _ = _embed(tmp_path, images(2, 32, 32), config, [(5.0, NO_BLUR, 0.0)])
    assert np.array_equal(first.representation, again.representation)
    assert not np.array_equal(first.representation, clean.representation)


def test_image_smaller_than_a_crop_is_named(tmp_path: Path) -> None:
    config = EmbeddingConfig(crop_size=17, crops_per_image=4)
    with pytest.raises(UserError, match=r"crop_size 17: .*'image0' is only 20x16 pixels"):
        _embed(tmp_path, images(1, 32, 40), config, [(0.0, NO_BLUR, 0.0)])


def test_tasks_follow_the_training() -> None:
    config = EmbeddingConfig(
        kernel_widths=(0.2, 3.6),
        fixed_noise_level=5.0,
        noise_levels=(0.0, 15.0),
        fixed_kernel_width=1.2,
    )
    clean = DegradationConfig(kernel_width={4: (0.2, 4.0)})
    noisy = DegradationConfig(kernel_width={4: (0.2, 4.0)}, noise_level=(0.0, 25.0))
    narrow, wide = (Kernel(lambda_1=w, lambda_2=w) for w in (0.2, 3.6))
    widths = [(0.2, narrow, 5.0), (3.6, wide, 5.0)]
    fixed = Kernel(lambda_1=1.2, lambda_2=1.2)
    assert tasks(config, clean) == {"kernel_width": widths}
    assert tasks(config, noisy) == {
        "kernel_width": widths,
        "noise_level": [(0.0, fixed, 0.0), (15.0, fixed, 15.0)],
    }


def test_kernels_are_a_task_where_training_saw_them() -> None:
    config = EmbeddingConfig(kernels=((2.0, 1.0, 10.0), (4.0, 1.5, 120.0)))
    widths = {4: (0.2, 4.0)}
    found = tasks(config, DegradationConfig(blur="anisotropic", kernel_width=widths))
    assert list(found) == ["kernel_width", "kernel"]
    labels, kernels, levels = zip(*found["kernel"], strict=True)
    assert labels == (0.0, 1.0)
    assert [kernel.label for kernel in kernels] == ["2,1,10deg", "4,1.5,120deg"]
    assert set(levels) == {config.fixed_noise_level}
    assert "kernel" not in tasks(config, DegradationConfig(kernel_width=widths))
