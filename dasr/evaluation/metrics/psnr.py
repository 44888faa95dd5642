"""Peak signal-to-noise ratio of Y."""

import torch

from dasr.evaluation.reference import LUMA_DIVISOR, LUMA_UNIT, Comparison
from dasr.terms.metrics import PSNR_Y

METRIC = PSNR_Y
PEAK = 255


def measure(compared: Comparison) -> list[float]:
    """Return the PSNR of Y of each SR image in dB; infinite for equal images."""
    unit = (LUMA_UNIT * LUMA_DIVISOR) ** 2
    squares = compared.difference.double().square_().mean(dim=(1, 2)) / unit
    decibels: list[float] = (10 * torch.log10(PEAK**2 / squares)).tolist()
    return decibels
