"""The memory that enlarging one image takes beside the network, in a process of its own.

On a CPU it is how far the process grows beyond what it holds once all is imported and the
network is loaded; on a GPU, what PyTorch allocates beyond the network.
"""

import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import torch

from dasr.devices import use_device
from dasr.errors import UserError
from dasr.evaluation.inference import LR_SIDE, sample, upscaler_of

STATUS = Path("/proc/self/status")
"""Where Linux says what a process holds. Its peak there is the process's own: the `ru_maxrss`
of a process begins at that of the process that has started it."""
RESET = Path("/proc/self/clear_refs")
RESET_PEAK = "5"
"""What Linux takes, in `RESET`, for: the peak is what is held now."""
KILOBYTE = 1024
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Settings of glibc, its defaults, kept from growing: what is freed is given back at once, and
the peak is what is in use together. Jobs of a study keep freed memory instead (common.smk)."""
KEPT = "MALLOC_MMAP_MAX_"
"""That setting of a study's jobs, under which nothing would be given back."""


def peak_memory(
    network_file: Path | None, scale: int, threads: int, device: torch.device
) -> int:
    """Return the bytes that enlarging an image of 128x128 takes beside the network.

    Args:
        network_file: None for bicubic enlargement.
        scale: of the network.
        threads: of the CPU; each has working memory of its own.
        device: that enlarges.

    Raises:
        UserError: the process was killed, as for want of memory.
        RuntimeError: it failed, with what it said.
    """
    name = "" if network_file is None else str(network_file)
    command = [sys.executable, "-m", __name__, name, str(scale), str(threads), device.type]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True)
    if done.returncode < 0:
        raise UserError(
            f"{name or 'bicubic'}: measuring its memory ended by signal {-done.returncode}, "
            "which is 9 where there is too little"
        )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return int(done.stdout)


def _environment() -> dict[str, str]:
    """Return the environment of a process that imports this package, and frees memory."""
    package = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))
    kept = {name: value for name, value in os.environ.items() if name != KEPT}
    return {**kept, **ALLOCATOR, "PYTHONPATH": paths}


def main(name: str, scale: str, threads: str, device_type: str) -> None:
    """Print the bytes of `peak_memory`: what the process of its own runs."""
    device = use_device(int(threads), gpu=device_type == "cuda")
    upscale = upscaler_of(Path(name) if name else None, int(scale), device)
    image, truth = sample(LR_SIDE, device)
    held = _held_bytes(device)
    with torch.inference_mode():
        upscale(image, truth)
    print(_peak_bytes(device) - held)


def _held_bytes(device: torch.device) -> int:
    """Return the bytes that are held now; the peak starts from there.

    Where Linux has no peak to reset (some containers), that of loading counts too: the number
    is then at most too large by it.
    """
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return torch.cuda.memory_allocated(device)
    if not STATUS.exists():
        return _highest_resident()
    with suppress(OSError):
        RESET.write_text(RESET_PEAK, encoding="ascii")
    return _status_bytes("VmRSS")


def _peak_bytes(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return _status_bytes("VmHWM") if STATUS.exists() else _highest_resident()


def _status_bytes(name: str) -> int:
    """Return a size in `STATUS`: "VmRSS" is what is held, "VmHWM" the peak."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) * KILOBYTE


def _highest_resident() -> int:
    """Return a process's peak where it is not Linux; macOS counts in bytes."""
    unit = 1 if sys.platform == "darwin" else KILOBYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main(*sys.argv[1:])
