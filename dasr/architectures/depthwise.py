"""Depth-wise 3x3 convolution with a kernel of its own for every image and channel."""

import torch
import torch.nn.functional as F
from torch import Tensor


def depthwise(x: Tensor, kernels: Tensor, slope: float) -> Tensor:
    """Return leaky_relu(x convolved with kernels, zero padding), differentiable in both.

    On a GPU one Triton kernel does both steps in one pass; it runs on the current device.
    As other convolutions it takes the precision of torch.autocast, accumulates in float32,
    and has no second derivative. Elsewhere PyTorch's grouped convolution does it.

    Args:
        x: (B, C, h, w); on a GPU float32 or bfloat16.
        kernels: (B, C, 3, 3), of x's type unless torch.autocast is on.
        slope: negative slope of the leaky ReLU, 0 or more.

    Returns:
        (B, C, h, w), on a GPU in x's memory format.

    Raises:
        ImportError: x is on a GPU and Triton is not installed.
        ValueError: x is on a GPU, and shapes, types or slope are not the above.
    """
    if x.device.type == "cuda":
        return _fused(x, kernels, slope)
    b, c, h, w = x.shape
    grouped = kernels.reshape(b * c, 1, 3, 3)
    out = F.conv2d(x.reshape(1, b * c, h, w), grouped, padding=1, groups=b * c)
    return F.leaky_relu(out.view(b, c, h, w), slope)


def _fused(x: Tensor, kernels: Tensor, slope: float) -> Tensor:
    try:
        from dasr.architectures.depthwise_triton import fused  # a CPU needs no Triton
    except ModuleNotFoundError as error:
        if error.name != "triton":
            raise
        raise ImportError(
            "DA convolutions on a GPU need Triton, which PyTorch's CUDA builds for Linux "
            "bring along: pip install triton, in the version that your PyTorch names"
        ) from error
    if torch.is_autocast_enabled("cuda"):
        precision = torch.get_autocast_dtype("cuda")
        x, kernels = x.to(precision), kernels.to(precision)
    return fused(x, kernels, slope)
