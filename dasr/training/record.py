"""A stage's record, of where and how long it was trained, and its history."""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from dasr.devices import machine
from dasr.files import replacing


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
