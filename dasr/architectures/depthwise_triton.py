"""The depth-wise convolution as PyTorch operators that torch.compile can see into.

Imported on first use on a GPU, since Triton is there only where GPUs are.

Memory is the bound: 18 operations an element, and no fewer bytes than x read and the output
written; backward, the gradient, the output and x read and the gradient of x written, which
is why one kernel makes both gradients. The output is kept for the backward pass instead of
a mask: the 1x1 convolution that follows keeps it anyway.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.library import triton_op, wrap_triton

from dasr.architectures.depthwise_kernels import backward_kernel, forward_kernel

FORWARD_ROWS, BACKWARD_ROWS = 8, 16
"""Rows of a strip, chosen by arithmetic, not yet by a clock. Two more are read for the halo,
mostly from the cache; more rows mean fewer programs to fill a GPU: 32 patches of 48x48 with 64
channels make 1152 forward. Backward a strip also writes nine sums a channel, at 16 rows no
more than 1/14 of its numbers."""

TILE, WARPS = 512, 4
"""Numbers of a row's tile, and warps that share it: four numbers a thread, 16 bytes of float32
in one access, and registers for the nine sums of the backward pass without spills."""


class Launch(NamedTuple):
    """How a tensor lies in memory and how it is divided among GPU programs."""

    memory_format: torch.memory_format
    strides: tuple[int, int, int]  # of channels, rows, columns, in elements
    columns: int
    channels: int
    grid: tuple[int, int, int]

    @staticmethod
    def of(x: Tensor, rows: int) -> "Launch":
        """Divide x, (B, C, h, w), into strips of some rows.

        Neighbours in memory go to neighbouring threads: 64 channels (the paper's width) in
        channels-last memory, 64 columns otherwise.
        """
        b, c, h, w = x.shape
        if x.is_contiguous(memory_format=torch.channels_last):
            layout, strides = torch.channels_last, (1, w * c, c)
            columns, channels = TILE // 64, 64
        else:
            layout, strides = torch.contiguous_format, (h * w, w, 1)
            columns, channels = 64, TILE // 64
        grid = (-(-h // rows) * -(-w // columns), -(-c // channels), b)
        return Launch(layout, strides, columns, channels, grid)


def fused(x: Tensor, kernels: Tensor, slope: float) -> Tensor:
    """Return what `dasr.architectures.depthwise.depthwise` does on a GPU, autocast aside."""
    b, c = x.shape[:2]
    if kernels.shape != (b, c, 3, 3):
        raise ValueError(f"kernels {tuple(kernels.shape)} do not fit x {tuple(x.shape)}")
    if x.dtype not in (torch.float32, torch.bfloat16) or kernels.dtype != x.dtype:
        raise ValueError(f"x {x.dtype}, kernels {kernels.dtype}: both float32 or bfloat16")
    if slope < 0:
        raise ValueError(f"slope {slope}: negative, the output's sign would say nothing")
    out: Tensor = forward(x, kernels, slope)
    return out


@triton_op("dasr::depthwise", mutates_args=())
def forward(x: Tensor, kernels: Tensor, slope: float) -> Tensor:
    """Return leaky_relu(convolution) of x's shape, type and memory format."""
    launch = Launch.of(x, FORWARD_ROWS)
    x = x.contiguous(memory_format=launch.memory_format)
    out = torch.empty_like(x)
    wrap_triton(forward_kernel)[launch.grid](
        x,
        kernels.contiguous(),
        out,
        slope,
        *x.shape[1:],
        *launch.strides,
        ROWS=FORWARD_ROWS,
        BLOCK_W=launch.columns,
        BLOCK_C=launch.channels,
        num_warps=WARPS,
    )
    return out


@triton_op("dasr::depthwise_backward", mutates_args=())
def backward(
    grad: Tensor, out: Tensor, x: Tensor, kernels: Tensor, slope: float
) -> tuple[Tensor, Tensor]:
    """Return the gradients of x, (B, C, h, w), and of kernels, (B, C, 3, 3)."""
    launch = Launch.of(x, BACKWARD_ROWS)
    grad, out, x = (
        tensor.contiguous(memory_format=launch.memory_format) for tensor in (grad, out, x)
    )
    b, c, h, w = x.shape
    grad_x = torch.empty_like(x)
    # summed below, in a fixed order: atomic additions would give other bits every time
    sums = torch.empty(b, launch.grid[0], 9, c, dtype=torch.float32, device=x.device)
    wrap_triton(backward_kernel)[launch.grid](
        grad,
        out,
        x,
        kernels.contiguous(),
        grad_x,
        sums,
        slope,
        c,
        h,
        w,
        *launch.strides,
        ROWS=BACKWARD_ROWS,
        BLOCK_W=launch.columns,
        BLOCK_C=launch.channels,
        num_warps=WARPS,
    )
    grad_kernels = sums.sum(1).transpose(1, 2).reshape(b, c, 3, 3)
    return grad_x, grad_kernels.to(kernels.dtype)


def _keep(ctx: Any, inputs: tuple[Tensor, Tensor, float], output: Tensor) -> None:
    x, kernels, ctx.slope = inputs
    ctx.save_for_backward(output, x, kernels)


def _differentiate(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:
    grad_x, grad_kernels = backward(grad, *ctx.saved_tensors, ctx.slope)
    return grad_x, grad_kernels, None


forward.register_autograd(_differentiate, setup_context=_keep)
