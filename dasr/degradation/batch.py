"""Degradations as tensors: those of a grid, and those that training draws."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from dasr.config import Degradation, DegradationConfig, Kernel
from dasr.config.degradation import Reduction
from dasr.config.first_pass import FirstPass, FirstPassConfig
from dasr.degradation.kernels import DOT, gaussian_2d

Fields = tuple[Tensor, Tensor, Tensor, Tensor]
"""Those of a `PassBatch`, in their order."""


@dataclass(frozen=True)
class PassBatch:
    """Blur and noise of one pass over each of B images: tensors of shape (B,).

    On the CPU: functions decide by the values, which on a GPU would wait for it.
    """

    lambda_1: Tensor
    """Standard deviation along the first axis in pixels of its input; 0 is no blur."""
    lambda_2: Tensor
    theta: Tensor
    """Angle in radians."""
    noise_level: Tensor
    """Standard deviation of the noise in grey levels of 0..255."""

    @property
    def isotropic(self) -> bool:
        """Whether all of its kernels are."""
        return bool((self.lambda_1 == self.lambda_2).all())

    def kernels(self) -> Tensor:
        """Return 2-D kernels, (B, S, S), float64, on the CPU."""
        first, second, theta = (
            value.cpu().double() for value in (self.lambda_1, self.lambda_2, self.theta)
        )
        # no blur may stand beside anisotropic kernels
        return gaussian_2d(first.clamp(min=DOT), second.clamp(min=DOT), theta)


@dataclass(frozen=True)
class FirstPassBatch(PassBatch):
    """A first pass for each of B images."""

    resize: Tensor
    """Factor of both sides, float64."""
    jpeg_quality: Tensor | None = None
    """As in `DegradationBatch`."""

    @staticmethod
    def of(passes: Sequence[FirstPass]) -> "FirstPassBatch":
        """Return first passes as a batch, in their order."""
        blurs = [(one.blur, one.noise_level) for one in passes]
        factors = torch.tensor([one.resize for one in passes], dtype=torch.float64)
        qualities = [one.jpeg_quality for one in passes]
        return FirstPassBatch(*_columns(blurs), factors, _qualities(qualities))

    def one(self, number: int) -> "FirstPassBatch":
        """Return the batch of one of its images."""
        here = slice(number, number + 1)
        return FirstPassBatch(
            self.lambda_1[here],
            self.lambda_2[here],
            self.theta[here],
            self.noise_level[here],
            self.resize[here],
            None if self.jpeg_quality is None else self.jpeg_quality[here],
        )


@dataclass(frozen=True)
class DegradationBatch(PassBatch):
    """One degradation for each of B images, and one reduction."""

    downsample: Reduction = "bicubic"
    jpeg_quality: Tensor | None = None
    """JPEG quality, whole numbers; 0 is no compression, None is none for all."""
    first_pass: FirstPassBatch | None = None
    """None where no first pass does anything."""

    @staticmethod
    def of(degradations: Sequence[Degradation]) -> "DegradationBatch":
        """Return degradations as a batch, in their order.

        Raises:
            ValueError: degradations that reduce in different ways, or none at all.
        """
        reductions = sorted({one.downsample for one in degradations})
        if len(reductions) != 1:
            raise ValueError(f"a batch needs one reduction, got {reductions}")
        blurs = [(one.kernel, one.noise_level) for one in degradations]
        passes = [one.first_pass or FirstPass() for one in degradations]
        return DegradationBatch(
            *_columns(blurs),
            reductions[0],
            _qualities([one.jpeg_quality for one in degradations]),
            FirstPassBatch.of(passes) if any(one.acts for one in passes) else None,
        )


def sample_degradations(
    config: DegradationConfig, scale: int, count: int, rng: torch.Generator
) -> DegradationBatch:
    """Return `count` degradations drawn uniformly from the training ranges.

    What is optional is drawn last, and only where there is some: others draw what they drew
    before there was any.
    """
    drawn = _draw_pass(config, config.kernel_width[scale], count, rng)
    quality = _draw_qualities(config, count, rng)
    first = None
    if config.first_pass is not None:
        own = _draw_pass(config.first_pass, config.first_pass.kernel_width, count, rng)
        qualities = _draw_qualities(config.first_pass, count, rng)
        factors = _uniform(*config.first_pass.resize, count, rng).double()
        first = FirstPassBatch(*own, factors, qualities)
    return DegradationBatch(*drawn, config.downsample, quality, first)


def _columns(blurs: Sequence[tuple[Kernel, float]]) -> Fields:
    """Return the fields of a `PassBatch`, float32, of kernels and noise levels."""
    rows = [
        (kernel.lambda_1, kernel.lambda_2, float(np.deg2rad(kernel.theta_deg)), level)
        for kernel, level in blurs
    ]
    lambda_1, lambda_2, theta, noise_level = torch.tensor(rows, dtype=torch.float32).T
    return lambda_1, lambda_2, theta, noise_level


def _qualities(values: Sequence[int | None]) -> Tensor | None:
    qualities = torch.tensor([value or 0 for value in values])
    return qualities if bool(qualities.any()) else None


def _draw_pass(
    config: DegradationConfig | FirstPassConfig,
    widths: tuple[float, float],
    count: int,
    rng: torch.Generator,
) -> Fields:
    """Return the fields of a `PassBatch`, drawn."""
    lambda_1 = _uniform(*widths, count, rng)
    anisotropic = config.blur == "anisotropic"
    lambda_2 = _uniform(*widths, count, rng) if anisotropic else lambda_1
    theta = _uniform(0.0, float(np.pi), count, rng) if anisotropic else torch.zeros(count)
    return lambda_1, lambda_2, theta, _uniform(*config.noise_level, count, rng)


def _draw_qualities(
    config: DegradationConfig | FirstPassConfig, count: int, rng: torch.Generator
) -> Tensor | None:
    if config.jpeg_quality is None:
        return None
    worst, best = config.jpeg_quality
    return torch.randint(worst, best + 1, (count,), generator=rng)


def _uniform(low: float, high: float, count: int, rng: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=rng)
