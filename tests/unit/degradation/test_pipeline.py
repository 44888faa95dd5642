"""Blur, downsampling, noise and rounding: the fast paths against the slow one."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from dasr.config import Kernel
from dasr.config.degradation import Reduction
from dasr.degradation import DegradationBatch, blur_and_downsample, degrade, resize
from tests.unit.degradation import slow

NO_BLUR = Kernel(lambda_1=0.0, lambda_2=0.0)


def _images(*shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, shape, generator=rng).double()


def _degradations(
    *kernels: Kernel, noise_level: float = 0.0, downsample: Reduction = "bicubic"
) -> DegradationBatch:
    values = [(k.lambda_1, k.lambda_2, math.radians(k.theta_deg)) for k in kernels]
    columns = torch.tensor(values, dtype=torch.float64).T
    return DegradationBatch(*columns, torch.full((len(kernels),), noise_level), downsample)


def _slowly(image: Tensor, kernel: Kernel, scale: int, downsample: str) -> np.ndarray:
    theta = math.radians(kernel.theta_deg)
    taps = slow.gaussian(kernel.lambda_1, kernel.lambda_2, theta)
    return slow.reduce(slow.blur(image.numpy(), taps), scale, downsample)


@pytest.mark.parametrize("downsample", ["bicubic", "s-fold"])
@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize(
    "kernels",
    [
        (Kernel(lambda_1=0.4, lambda_2=0.4), Kernel(lambda_1=3.6, lambda_2=3.6)),
        (Kernel(lambda_1=4.0, lambda_2=1.5, theta_deg=120.0), Kernel(lambda_1=2, lambda_2=2)),
    ],
    ids=["isotropic", "anisotropic"],
)
def test_is_convolution_then_reduction(
    kernels: tuple[Kernel, Kernel], scale: int, downsample: Reduction
) -> None:
    hr = _images(2, 2, 3, 24, 36)
    lr_images = blur_and_downsample(hr, _degradations(*kernels, downsample=downsample), scale)
    assert lr_images.shape == (2, 2, 3, 24 // scale, 36 // scale)
    for group, patch, channel in ((0, 0, 0), (0, 1, 2), (1, 0, 1), (1, 1, 2)):
        expected = _slowly(hr[group, patch, channel], kernels[group], scale, downsample)
        ours = lr_images[group, patch, channel].numpy()
        np.testing.assert_allclose(ours, expected, atol=1e-9)


@pytest.mark.parametrize(
    ("scale", "downsample"), [(4, "bicubic"), (3, "bicubic"), (4, "s-fold")]
)
def test_large_images_are_pieced_together(scale: int, downsample: Reduction) -> None:
    # three blocks of LR rows and two of columns, the last of each incomplete
    hr = _images(1, 1, 1, 30 * scale, 50 * scale)
    turned = Kernel(lambda_1=3.5, lambda_2=0.7, theta_deg=30.0)
    ours = blur_and_downsample(hr, _degradations(turned, downsample=downsample), scale)[0, 0, 0]
    expected = _slowly(hr[0, 0, 0], turned, scale, downsample)
    np.testing.assert_allclose(ours.numpy(), expected, atol=1e-9)


def test_float32_rounds_to_the_same_grey_levels() -> None:
    # the sharpest kernel at 45 degrees needs the most terms
    rng = np.random.default_rng(0)
    widths, angles = rng.uniform(0.2, 4.0, (5, 2)), rng.uniform(0.0, 180.0, 5)
    kernels = [Kernel(lambda_1=4.0, lambda_2=0.2, theta_deg=45.0)] + [
        Kernel(lambda_1=float(first), lambda_2=float(second), theta_deg=float(angle))
        for (first, second), angle in zip(widths, angles, strict=True)
    ]
    wrong = 0
    hr = _images(len(kernels), 1, 3, 192, 192)
    ours = blur_and_downsample(hr.float(), _degradations(*kernels), 4)
    for number, kernel in enumerate(kernels):
        for channel in range(3):
            exact = _slowly(hr[number, 0, channel], kernel, 4, "bicubic")
            off = np.abs(ours[number, 0, channel].numpy().round() - exact.round())
            assert off.max() <= 1
            wrong += int((off > 0).sum())
    assert wrong <= 1e-4 * ours.numel()


def test_isotropic_kernels_give_the_same_on_both_paths() -> None:
    hr = _images(2, 1, 3, 24, 24)
    even, long = Kernel(lambda_1=1.3, lambda_2=1.3), Kernel(lambda_1=3.0, lambda_2=0.5)
    folded = blur_and_downsample(hr, _degradations(even, even), 4)
    convolved = blur_and_downsample(hr, _degradations(even, long), 4)
    torch.testing.assert_close(folded[0], convolved[0])
    assert not torch.allclose(folded[1], convolved[1])


def test_width_zero_is_no_blur() -> None:
    hr = _images(1, 1, 3, 24, 20)
    reduced = blur_and_downsample(hr, _degradations(NO_BLUR), 2)
    torch.testing.assert_close(reduced, resize(hr, 12, 10))
    picked = degrade(hr, _degradations(NO_BLUR, downsample="s-fold"), 2, torch.Generator())
    assert torch.equal(picked, hr[..., ::2, ::2])


def test_degraded_images_are_whole_grey_levels() -> None:
    hr = torch.cat([torch.zeros(1, 1, 3, 24, 24), torch.full((1, 1, 3, 24, 24), 255.0)], dim=1)
    one = _degradations(Kernel(lambda_1=1.0, lambda_2=1.0), noise_level=20.0)
    lr_images = degrade(hr, one, 2, torch.Generator().manual_seed(0))
    assert torch.equal(lr_images, lr_images.round())
    assert (lr_images.min(), lr_images.max()) == (0, 255)
    assert 0 < (lr_images > 0).double().mean() < 1


def test_noise_has_its_level_in_each_group() -> None:
    hr = torch.full((3, 2, 3, 96, 96), 128.0)
    levels = torch.tensor([0.0, 5.0, 15.0])
    flat = torch.ones(3)
    some = DegradationBatch(flat, flat, torch.zeros(3), levels)
    noise = degrade(hr, some, 2, torch.Generator().manual_seed(1)) - 128.0
    assert noise[0].abs().max() == 0
    # rounding adds a variance of 1/12; 13824 samples know their deviation to 0.6 %
    for group, level in ((1, 5.0), (2, 15.0)):
        assert noise[group].std().item() == pytest.approx(
            math.sqrt(level**2 + 1 / 12), rel=0.03
        )
        assert abs(noise[group].mean().item()) < 0.04 * level


def test_generator_is_untouched_without_noise() -> None:
    rng = torch.Generator().manual_seed(5)
    before = rng.get_state()
    degrade(_images(1, 1, 3, 24, 24), _degradations(NO_BLUR), 2, rng)
    assert torch.equal(rng.get_state(), before)
    noisy = _degradations(NO_BLUR, noise_level=1.0)
    degrade(_images(1, 1, 3, 24, 24), noisy, 2, rng)
    assert not torch.equal(rng.get_state(), before)


def test_patches_of_an_image_share_kernel_and_noise_level() -> None:
    patch = _images(1, 1, 3, 24, 24)
    hr = patch.expand(2, 2, -1, -1, -1)
    kernels = Kernel(lambda_1=0.5, lambda_2=0.5), Kernel(lambda_1=3.0, lambda_2=3.0)
    lr_images = degrade(hr, _degradations(*kernels), 2, torch.Generator())
    assert torch.equal(lr_images[0, 0], lr_images[0, 1])
    assert torch.equal(lr_images[1, 0], lr_images[1, 1])
    assert not torch.equal(lr_images[0], lr_images[1])


def test_no_blur_beside_a_turned_kernel() -> None:
    hr = _images(2, 1, 3, 24, 24)
    turned = Kernel(lambda_1=3.0, lambda_2=0.5, theta_deg=45.0)
    mixed = blur_and_downsample(hr, _degradations(NO_BLUR, turned), 2)
    torch.testing.assert_close(mixed[0], resize(hr[0], 12, 12))


@pytest.mark.parametrize("kernel", [NO_BLUR, Kernel(lambda_1=2.0, lambda_2=1.0)])
def test_image_too_small_for_the_padding_is_refused(kernel: Kernel) -> None:
    blur_and_downsample(_images(1, 1, 3, 12, 12), _degradations(kernel), 2)
    with pytest.raises(ValueError, match="image of 24x10 pixels is too small"):
        blur_and_downsample(_images(1, 1, 3, 10, 24), _degradations(kernel), 2)


def test_size_that_the_scale_cannot_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="size 25 is not a multiple of scale 2"):
        blur_and_downsample(_images(1, 1, 3, 25, 24), _degradations(NO_BLUR), 2)
