"""Peak signal-to-noise ratio over the three channels."""

import torch

from dasr.evaluation.reference import Comparison
from dasr.terms.metrics import PSNR_RGB

METRIC = PSNR_RGB
PEAK = 255


def measure(compared: Comparison) -> list[float]:
    """Return the PSNR of each SR image in dB, by one mean square over all channels."""
    border = compared.reference.scale
    sr, hr = (
        images[..., border:-border, border:-border].short()
        for images in (compared.sr, compared.reference.hr)
    )
    squares = (sr - hr).double().square_().mean(dim=(1, 2, 3))
    decibels: list[float] = (10 * torch.log10(PEAK**2 / squares)).tolist()
    return decibels
