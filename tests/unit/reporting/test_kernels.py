"""Pictures of kernels against the kernels that images are blurred with."""

from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from dasr.degradation import gaussian_2d
from dasr.reporting.tabulating.kernels import gaussian_kernel, kernel_picture

KERNELS = [(2.0, 0.2, 0.0), (3.5, 1.5, 30.0), (4.0, 3.0, 165.0), (4.0, 4.0, 180.0)]


def blurring_kernel(one: float, two: float, theta: float) -> np.ndarray:
    numbers = (torch.tensor([x], dtype=torch.float64) for x in (one, two, np.deg2rad(theta)))
    return gaussian_2d(*numbers)[0].numpy()


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_are_those_of_the_degradation(kernel: tuple[float, float, float]) -> None:
    mine = gaussian_kernel(*kernel)
    assert mine.shape == (21, 21)
    np.testing.assert_allclose(mine, blurring_kernel(*kernel), rtol=1e-9, atol=1e-15)


def test_width_0_is_no_blur() -> None:
    kernel = gaussian_kernel(0.0, 0.0, 0.0)
    assert kernel[10, 10] == kernel.sum() == 1


@pytest.mark.parametrize("kernel", KERNELS)
def test_pictures_show_the_kernel_upright(kernel: tuple[float, float, float]) -> None:
    values = blurring_kernel(*kernel)
    picture = kernel_picture("kernel1", gaussian_kernel(*kernel))
    with Image.open(BytesIO(picture.png)) as image:
        pixels = np.asarray(image.convert("L")).astype(float)
    assert pixels.shape == (105, 105)
    squares = pixels.reshape(21, 5, 21, 5)
    assert np.ptp(squares, axis=(1, 3)).max() == 0
    grey = 255 * (values - values.min()) / np.ptp(values)
    np.testing.assert_allclose(squares[:, 0, :, 0], grey, atol=2)  # 256 greys, cut off
    assert picture.pdf.startswith(b"%PDF")


def test_30_degrees_point_down_to_the_right() -> None:
    kernel = gaussian_kernel(3.5, 1.5, 30.0)  # rows are y, downwards
    assert kernel[10 + 2, 10 + 3] > 2 * kernel[10 - 2, 10 + 3]


def test_the_same_kernel_gives_the_same_bytes() -> None:
    kernel = gaussian_kernel(2.0, 1.0, 10.0)
    assert kernel_picture("a", kernel) == kernel_picture("a", kernel)
