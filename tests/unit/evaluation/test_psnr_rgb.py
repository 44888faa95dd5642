"""PSNR on RGB beside scikit-image's."""

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from dasr.evaluation.metrics import image_quality
from dasr.terms.metrics import PSNR_RGB, PSNR_Y

SCALE = 3


def _psnr(sr: np.ndarray, hr: np.ndarray) -> float:
    return image_quality(sr, hr, SCALE, [PSNR_RGB])["psnr_rgb_db"]


def test_it_is_scikit_images_inside_the_border() -> None:
    rng = np.random.default_rng(0)
    hr = rng.integers(0, 256, (40, 36, 3), np.uint8)
    sr = np.clip(hr + rng.integers(-30, 31, hr.shape), 0, 255).astype(np.uint8)
    inside = (slice(SCALE, -SCALE), slice(SCALE, -SCALE))
    expected = peak_signal_noise_ratio(hr[inside], sr[inside], data_range=255)
    assert _psnr(sr, hr) == pytest.approx(expected, abs=1e-9)
    assert _psnr(hr, hr) == float("inf")


def test_it_sees_colour_that_luma_does_not() -> None:
    hr = np.full((30, 30, 3), 128, np.uint8)
    sr = hr.copy()
    sr[..., 0] += 40  # more red, and as much less green as leaves Y where it was
    sr[..., 1] -= 20
    quality = image_quality(sr, hr, SCALE, [PSNR_Y, PSNR_RGB])
    assert quality["psnr_y_db"] > quality["psnr_rgb_db"] + 10


def test_the_darkest_and_the_brightest_are_255_apart() -> None:
    black, white = np.zeros((12, 12, 3), np.uint8), np.full((12, 12, 3), 255, np.uint8)
    assert _psnr(black, white) == pytest.approx(0.0, abs=1e-12)
