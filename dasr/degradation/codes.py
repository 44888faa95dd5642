"""Blur kernels as a few numbers: projections on principal components.

As SRMD (Zhang et al., CVPR 2018) and IKC (Gu et al., CVPR 2019) describe kernels to their
networks. The components are those of Gaussian kernels with both widths uniform in [0.2, 4.0] HR
pixels at uniform angles, the family of the paper's widest regime, whatever a study trains on;
they are not centred. Codes are projections divided by one number, so that the numbers of a code
have mean square 1 over that family.

Shapes: B degradations, L numbers in a code, S side of a kernel in HR pixels.
"""

import math
from functools import lru_cache

import torch
from torch import Tensor

from dasr.degradation.batch import DegradationBatch
from dasr.degradation.kernels import DOT, gaussian_2d
from dasr.seeds import generator

FAMILY_SIZE = 4096
"""Kernels that the components are of."""
FAMILY_WIDTHS = (0.2, 4.0)
"""Range of their widths in HR pixels."""


@lru_cache(maxsize=8)
def kernel_components(length: int) -> Tensor:
    """Return the matrix that makes codes of kernels, (S * S, L), float32, on the CPU.

    Args:
        length: how many numbers a code has.

    Raises:
        ValueError: more than a kernel has.
    """
    rng = generator("kernel components")
    low, high = FAMILY_WIDTHS
    drawn = torch.rand(3, FAMILY_SIZE, generator=rng, dtype=torch.float64, device="cpu")
    widths = low + (high - low) * drawn[:2]
    kernels = gaussian_2d(widths[0], widths[1], math.pi * drawn[2]).flatten(1)
    if not 0 < length <= kernels.shape[1]:
        raise ValueError(f"code_length {length} must be from 1 to {kernels.shape[1]}")
    components = torch.linalg.eigh(kernels.T @ kernels)[1].flip(1)[:, :length]
    largest = components.abs().argmax(dim=0)
    components = components * components.gather(0, largest[None]).sign()  # one of two signs
    codes = kernels @ components
    return (components / codes.square().mean().sqrt()).float()


def kernel_codes(degradation: DegradationBatch, components: Tensor) -> Tensor:
    """Return the codes of the kernels of B degradations, (B, L), on the device of components.

    Args:
        degradation: on the CPU.
        components: as `kernel_components` returns them.
    """
    first = degradation.lambda_1.double().clamp(min=DOT)
    second = degradation.lambda_2.double().clamp(min=DOT)
    kernels = gaussian_2d(first, second, degradation.theta.double())
    return kernels.flatten(1).to(components) @ components
