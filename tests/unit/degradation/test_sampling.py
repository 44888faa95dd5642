"""Degradations drawn for training."""

import math

import pytest
import torch

from dasr.config import DegradationConfig
from dasr.degradation import DegradationBatch, sample_degradations

WIDTHS = {2: (0.2, 2.0), 4: (0.2, 4.0)}
ISOTROPIC = DegradationConfig(kernel_width=WIDTHS)
GENERAL = DegradationConfig(blur="anisotropic", kernel_width=WIDTHS, noise_level=(0.0, 25.0))


def _draw(config: DegradationConfig, scale: int, seed: int = 0) -> DegradationBatch:
    rng = torch.Generator().manual_seed(seed)
    return sample_degradations(config, scale, 4000, rng)


@pytest.mark.parametrize(("scale", "high"), [(2, 2.0), (4, 4.0)])
def test_isotropic_widths_fill_the_range_of_the_scale(scale: int, high: float) -> None:
    drawn = _draw(ISOTROPIC, scale)
    assert torch.equal(drawn.lambda_1, drawn.lambda_2)
    assert drawn.noise_level.abs().max() == 0
    _assert_uniform(drawn.lambda_1, 0.2, high)


def test_anisotropic_kernels_draw_each_number_for_itself() -> None:
    drawn = _draw(GENERAL, 4)
    _assert_uniform(drawn.lambda_1, 0.2, 4.0)
    _assert_uniform(drawn.lambda_2, 0.2, 4.0)
    _assert_uniform(drawn.theta, 0.0, math.pi)
    _assert_uniform(drawn.noise_level, 0.0, 25.0)
    columns = (drawn.lambda_1, drawn.lambda_2, drawn.theta, drawn.noise_level)
    correlation = torch.corrcoef(torch.stack(columns)) - torch.eye(4)
    assert correlation.abs().max() < 0.06  # four standard errors


def _assert_uniform(values: torch.Tensor, low: float, high: float) -> None:
    assert values.min() >= low
    assert values.max() <= high
    quartiles = torch.quantile(values, torch.tensor([0.25, 0.5, 0.75]))
    expected = low + (high - low) * torch.tensor([0.25, 0.5, 0.75])
    assert ((quartiles - expected).abs() < 0.04 * (high - low)).all()


def test_draws_are_the_generators_alone() -> None:
    first, again, other = (_draw(GENERAL, 4, seed) for seed in (1, 1, 2))
    assert torch.equal(first.theta, again.theta)
    assert torch.equal(first.noise_level, again.noise_level)
    assert not torch.equal(first.theta, other.theta)


def test_draws_are_reduced_as_the_regime_says() -> None:
    config = DegradationConfig(kernel_width=WIDTHS, downsample="s-fold")
    assert _draw(config, 2).downsample == "s-fold"
    assert _draw(ISOTROPIC, 2).downsample == "bicubic"
