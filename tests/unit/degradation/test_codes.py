"""Codes of kernels, against NumPy's own decomposition of the same family."""

import math

import numpy as np
import pytest
import torch

from dasr.config import Degradation, Kernel
from dasr.degradation import DegradationBatch
from dasr.degradation.codes import FAMILY_SIZE, kernel_codes, kernel_components
from dasr.seeds import generator

SIDE = 21


def _kernel(first: float, second: float, theta: float) -> np.ndarray:
    """Return a Gaussian kernel by its definition, normalised; width 0 is its centre alone."""
    offsets = np.arange(SIDE) - SIDE // 2
    x, y = np.meshgrid(offsets, offsets)
    if first == 0:
        return ((x == 0) & (y == 0)).astype(float)
    turn = np.array([[math.cos(theta), -math.sin(theta)], [math.sin(theta), math.cos(theta)]])
    inverse = np.linalg.inv(turn @ np.diag([first**2, second**2]) @ turn.T)
    points = np.stack([x, y], axis=-1)
    density = np.exp(-0.5 * np.einsum("...i,ij,...j", points, inverse, points))
    return density / density.sum()


def _family() -> np.ndarray:
    drawn = torch.rand(
        3, FAMILY_SIZE, generator=generator("kernel components"), dtype=torch.float64
    ).numpy()
    return np.stack(
        [_kernel(0.2 + 3.8 * a, 0.2 + 3.8 * b, math.pi * c).ravel() for a, b, c in drawn.T]
    )


def test_codes_are_projections_on_the_leading_singular_vectors() -> None:
    family = _family()
    vectors = np.linalg.svd(family, full_matrices=False)[2][:6].T
    unit = np.sqrt(np.mean((family @ vectors) ** 2))
    turned = Kernel(lambda_1=3.5, lambda_2=1.5, theta_deg=30.0)
    kernels = [Kernel.of_width(0.0), Kernel.of_width(1.3), turned]
    batch = DegradationBatch.of([Degradation(kernel=kernel) for kernel in kernels])
    found = kernel_codes(batch, kernel_components(6)).numpy()
    for code, kernel in zip(found, kernels, strict=True):
        own = _kernel(kernel.lambda_1, kernel.lambda_2, math.radians(kernel.theta_deg)).ravel()
        np.testing.assert_allclose(np.abs(code), np.abs(own @ vectors) / unit, atol=2e-5)


def test_a_number_of_a_code_has_mean_square_one() -> None:
    codes = torch.from_numpy(_family()).float() @ kernel_components(15)
    assert codes.square().mean().item() == pytest.approx(1, rel=1e-4)


def test_signs_are_decided() -> None:
    components = kernel_components(5)
    largest = components.abs().argmax(dim=0)
    assert bool((components.gather(0, largest[None]) > 0).all())


@pytest.mark.parametrize("length", [0, SIDE**2 + 1])
def test_a_code_has_as_many_numbers_as_a_kernel_at_most(length: int) -> None:
    with pytest.raises(ValueError, match=f"code_length {length} must be from 1 to 441"):
        kernel_components(length)
