"""LR images made of one HR image, and images as tensors."""

import numpy as np
import pytest
import torch
from torch import Tensor

from dasr.config import Degradation, Kernel
from dasr.degradation import DegradationBatch, degrade, lr_images, to_pixels, to_tensor
from dasr.seeds import generator

KERNELS = (Kernel.of_width(1.2), Kernel(lambda_1=2.0, lambda_2=1.0, theta_deg=10.0))


@pytest.mark.parametrize("downsample", ["bicubic", "s-fold"])
def test_a_batch_is_the_images_made_one_by_one(downsample: str) -> None:
    """By `degrade`, with a generator each: the seed is purpose, image, kernel and level."""
    hr = np.random.default_rng(0).integers(0, 256, (31, 37, 3), np.uint8)
    grid = [
        Degradation(kernel=kernel, noise_level=level, downsample=downsample)  # type: ignore[arg-type]
        for kernel in KERNELS
        for level in (0.0, 10.0)
    ]
    made = lr_images(hr, grid, 3, 5, "test noise", "baby")
    assert made.shape == (4, 3, 10, 12)
    image = to_tensor(hr[:30, :36])[None, None]
    for lr_image, one in zip(made, grid, strict=True):
        rng = generator(5, "test noise", "baby", one.kernel.label, f"{one.noise_level:g}")
        alone = degrade(image, DegradationBatch.of([one]), 3, rng)
        assert torch.equal(lr_image, alone[0, 0])


def test_noise_differs_between_purposes_images_kernels_levels_and_seeds() -> None:
    hr = np.full((64, 64, 3), 128, np.uint8)

    def noise(
        *, purpose: str = "p", image: str = "a", width: float = 1.0, level: float = 10.0,
        seed: int = 0,
    ) -> Tensor:  # fmt: skip
        one = Degradation(kernel=Kernel.of_width(width), noise_level=level)
        return lr_images(hr, [one], 2, seed, purpose, image)[0] - 128

    base = noise()
    assert torch.equal(base, noise())
    others = (noise(purpose="q"), noise(image="b"), noise(width=2.0), noise(level=11.0))
    for other in (*others, noise(seed=1)):
        correlation = torch.corrcoef(torch.stack([base.flatten(), other.flatten()]))[0, 1]
        assert abs(correlation.item()) < 0.1  # 3072 samples: over five standard errors


def test_a_batch_has_the_numbers_of_its_degradations() -> None:
    turned = Kernel(lambda_1=2.0, lambda_2=0.5, theta_deg=90.0)
    values = [
        Degradation(kernel=turned, noise_level=10.0, downsample="s-fold"),
        Degradation(kernel=Kernel.of_width(3.0), downsample="s-fold"),
    ]
    batch = DegradationBatch.of(values)
    assert batch.lambda_1.tolist() == [2.0, 3.0]
    assert batch.lambda_2.tolist() == [0.5, 3.0]
    assert batch.theta.tolist() == pytest.approx([np.pi / 2, 0.0])
    assert batch.noise_level.tolist() == [10.0, 0.0]
    assert batch.downsample == "s-fold"


def test_a_batch_has_one_reduction() -> None:
    kernel = Kernel.of_width(1.0)
    mixed = [Degradation(kernel=kernel), Degradation(kernel=kernel, downsample="s-fold")]
    with pytest.raises(ValueError, match=r"one reduction, got \['bicubic', 's-fold'\]"):
        DegradationBatch.of(mixed)


def test_pixels_are_rounded_and_clamped() -> None:
    values = torch.tensor([-3.0, 0.4, 0.6, 254.6, 300.0, 99.5]).view(1, 2, 3).expand(3, 2, 3)
    assert to_pixels(values, "a")[:, :, 0].tolist() == [[0, 0, 1], [255, 255, 100]]
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert np.array_equal(to_pixels(to_tensor(pixels), "a"), pixels)
