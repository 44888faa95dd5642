"""How a training uses the machine: number types, memory layout, compilation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import nn

from dasr.config.method import StageTraining
from dasr.errors import UserError


def prepare(
    modules: nn.ModuleDict,
    compiled_parts: Sequence[nn.Module],
    config: StageTraining,
    device: torch.device,
) -> nn.ModuleDict:
    """Return the modules on their device, in training mode, laid out; parts of them compiled.

    bfloat16 on a CPU and everything on a GPU works on channels-last images: matrix units
    read channels, and the other layout is reordered around every convolution.

    Raises:
        UserError: TF32 on a device that has none.
    """
    if config.precision == "tf32" and device.type != "cuda":
        raise UserError(
            f"training.precision: tf32 is for CUDA devices, not {device.type}: "
            "use float32 or bf16"
        )
    modules.to(device).train()
    if config.precision == "bf16" or device.type == "cuda":
        modules.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if config.compile:
        # CUDA graphs are what "reduce-overhead" adds; a CPU has none
        mode = "reduce-overhead" if device.type == "cuda" else "default"
        for part in compiled_parts:
            part.compile(mode=mode)
    return modules


def arithmetic(config: StageTraining, device: torch.device) -> torch.autocast:
    """Begin a step: return the context in which layers have the configured precision.

    The model keeps what needs float32 (queue, bicubic skip) out of bfloat16, and losses
    are outside. bfloat16 has the exponents of float32, so nothing needs loss scaling.
    """
    if config.compile and device.type == "cuda":
        torch.compiler.cudagraph_mark_step_begin()  # outputs of the last step are done with
    return torch.autocast(device.type, torch.bfloat16, enabled=config.precision == "bf16")


@contextmanager
def float32_units(precision: str, device: torch.device) -> Iterator[None]:
    """Let a GPU round float32 products to TF32 inside the block, or keep it from that.

    PyTorch's own default is TF32 for convolutions and float32 for matrix products. The
    block has to hold backward passes too.
    """
    products, convolutions = torch.backends.cuda.matmul, torch.backends.cudnn
    before = products.allow_tf32, convolutions.allow_tf32
    if device.type == "cuda":
        products.allow_tf32 = convolutions.allow_tf32 = precision == "tf32"
    try:
        yield
    finally:
        products.allow_tf32, convolutions.allow_tf32 = before
