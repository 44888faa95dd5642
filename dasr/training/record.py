"""What a stage's record tells of where and how long it was trained."""

from typing import Any

import torch

from dasr.devices import machine


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
