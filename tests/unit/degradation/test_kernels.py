"""Blur kernels: sums, widths, directions."""

import math

import numpy as np
import pytest
import torch

from dasr.degradation import gaussian_1d, gaussian_2d
from tests.unit.degradation import slow


def _kernel(l1: float, l2: float, theta: float) -> np.ndarray:
    values = (torch.tensor([value], dtype=torch.float64) for value in (l1, l2, theta))
    return gaussian_2d(*values)[0].numpy()


@pytest.mark.parametrize("theta_deg", [0, 30, 90, 135])
def test_kernel_is_the_slow_one(theta_deg: float) -> None:
    theta = math.radians(theta_deg)
    kernel = _kernel(3.5, 1.5, theta)
    assert kernel.sum() == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(kernel, slow.gaussian(3.5, 1.5, theta), atol=1e-14)


def test_covariance_is_the_turned_diagonal() -> None:
    # moments of the kernel itself, x to the right and y down: the sign of xy is the turn
    theta = math.radians(30)
    kernel = _kernel(2.0, 1.0, theta)
    y, x = np.mgrid[-10:11, -10:11]
    moments = [(kernel * x * x).sum(), (kernel * x * y).sum(), (kernel * y * y).sum()]
    cos, sin = math.cos(theta), math.sin(theta)
    expected = [4 * cos**2 + sin**2, (4 - 1) * sin * cos, 4 * sin**2 + cos**2]
    np.testing.assert_allclose(moments, expected, atol=1e-3)


def test_isotropic_kernel_is_an_outer_product() -> None:
    width = torch.tensor([1.7], dtype=torch.float64)
    taps = gaussian_1d(width)[0].numpy()
    np.testing.assert_allclose(np.outer(taps, taps), _kernel(1.7, 1.7, 0.3), atol=1e-14)


def test_width_zero_is_a_delta_beside_other_widths() -> None:
    taps = gaussian_1d(torch.tensor([0.0, 1.0]))
    assert taps[0].tolist() == [0.0] * 10 + [1.0] + [0.0] * 10
    # a density of 1, exp(-1/2), exp(-2) ... at distances 0, 1, 2 ...
    total = 1 + 2 * sum(math.exp(-0.5 * k * k) for k in range(1, 11))
    assert taps[1, 10].item() == pytest.approx(1 / total)
    assert taps[1, 12].item() == pytest.approx(math.exp(-2) / total)
