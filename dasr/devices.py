"""The device of a job, its name, and the settings of its arithmetic that decide bits."""

import platform
from pathlib import Path

import torch

CPU_INFO = Path("/proc/cpuinfo")
"""Where Linux names the processor."""


def use_device(threads: int, *, gpu: bool) -> torch.device:
    """Return the device to compute on, after setting threads and subnormal numbers.

    Subnormals are flushed to zero on CPUs: they are slow, and nothing here needs them.

    Args:
        threads: of the CPU; sums are split among them, so their number decides bits.
        gpu: whether to compute on the GPU.
    """
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    return torch.device("cuda" if gpu else "cpu")


def machine(device: torch.device) -> str:
    """Return the processor with its vector instructions, and the GPU if that computes."""
    name = _cpu_name() or platform.processor() or platform.machine()
    cpu = f"{name} ({torch.backends.cpu.get_cpu_capability()})"
    if device.type != "cuda":
        return cpu
    return f"{torch.cuda.get_device_name(device)}, {cpu}"


def _cpu_name() -> str:
    try:
        lines = CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""  # no Linux
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else ""
