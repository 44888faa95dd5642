"""Pictures of blur kernels, for the headers of tables."""

from io import BytesIO

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dasr.config import KERNEL_SIZE
from dasr.reporting.drawing.style import DPI, FORMATS, styled
from dasr.reporting.tabulating.model import Picture

DOTS_PER_TAP = 5


def gaussian_kernel(
    lambda_1: float, lambda_2: float, theta_deg: float, size: int = KERNEL_SIZE
) -> NDArray[np.float64]:
    """Return a normalised Gaussian kernel, shape (size, size); rows are y, columns x.

    The covariance is R(theta) diag(lambda_1**2, lambda_2**2) R(theta)^T in (x, y). This is
    the kernel of `dasr.degradation` once more, in numpy: a picture must not take the second
    and a half of importing torch, and networks' bits hang on torch's own arithmetic. A test
    holds the two together.

    Args:
        lambda_1: standard deviation along the rotated first axis, in HR pixels.
        lambda_2: along the second axis; both are positive, or both 0, which is a delta.
        theta_deg: angle in degrees.
        size: side of the kernel, odd.
    """
    offsets = np.arange(size) - size // 2
    y, x = np.meshgrid(offsets, offsets, indexing="ij")
    if lambda_1 == lambda_2 == 0:
        return ((x == 0) & (y == 0)).astype(np.float64)
    cos, sin = np.cos(np.deg2rad(theta_deg)), np.sin(np.deg2rad(theta_deg))
    along, across = (cos * x + sin * y) / lambda_1, (cos * y - sin * x) / lambda_2
    density = np.exp(-0.5 * (along**2 + across**2))
    return density / density.sum()


def kernel_picture(name: str, kernel: NDArray[np.float64]) -> Picture:
    """Return a kernel drawn like the inset of the crops figure: y down, white is large.

    Args:
        name: of the picture's files, without suffix.
        kernel: shape (S, S).
    """
    side = len(kernel) * DOTS_PER_TAP / DPI
    with styled():
        figure = Figure(figsize=(side, side))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.imshow(kernel, cmap="gray", interpolation="none")
        axes.set_axis_off()
        files = {}
        for suffix, fields in FORMATS.items():
            buffer = BytesIO()
            figure.savefig(buffer, format=suffix, dpi=DPI, metadata=fields)
            files[suffix] = buffer.getvalue()
    return Picture(name, **files)
