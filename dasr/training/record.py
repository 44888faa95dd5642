"""A stage's record, of where and how long it was trained, and its history."""

import csv
import math
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from dasr.files import replacing

CPU_INFO = Path("/proc/cpuinfo")
"""Where Linux names the processor."""


def training_record(device: torch.device, cpu_seconds: float) -> dict[str, Any]:
    """Return versions, machine and cost of a stage, for its run.yaml.

    Args:
        device: that it was trained on.
        cpu_seconds: of all threads, over all starts of the stage that lead to its end; what
            a kill threw away is not among them.
    """
    return {
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        "device": str(device),
        "machine": machine(device),
        "cpu_seconds": round(cpu_seconds, 2),
    }


def machine(device: torch.device) -> str:
    """Return the processor with its vector instructions, and the GPU if that trains."""
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


def write_history(
    rows: Sequence[Mapping[str, float]], keys: Mapping[str, str | int], path: Path
) -> None:
    """Write a tidy history as CSV: keys first, one row per interval of steps.

    Args:
        rows: all with the same columns; NaN, for what a row does not tell, is left empty.
        keys: what all rows have in common.
        path: the file.
    """
    with (
        replacing(path) as temporary,
        temporary.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, [*keys, *rows[0]], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            known = {name: "" if math.isnan(value) else value for name, value in row.items()}
            writer.writerow({**keys, **known, "step": int(row["step"])})
