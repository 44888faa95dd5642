"""The two floors of a training step: operations and bytes.

    python -m benchmarks.floors

Operations are the layers' by definition. Bytes are what PyTorch's operators read and
write, each tensor once an operator: the traffic of eager execution if no cache kept
anything between two operators. Times follow from ceilings measured in the same run.
"""

import json
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from benchmarks.conftest import THREADS, best, measure_ceilings
from benchmarks.test_training import step_gflop
from benchmarks.worker import stepper

VIEWS = ("view", "as_strided", "transpose", "permute", "slice", "select", "expand",
         "unsqueeze", "squeeze", "detach", "alias", "t.", "split", "unbind",
         "empty", "new_empty")  # fmt: skip


class Traffic(TorchDispatchMode):
    """Adds up the bytes that operators touch, convolutions apart from the rest."""

    def __init__(self) -> None:
        """Start at zero."""
        super().__init__()
        self.bytes = {"convolutions": 0, "others": 0}

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run the operator and note its tensors."""
        result = function(*args, **(kwargs or {}))
        name = function.name().removeprefix("aten::")
        if name.startswith(VIEWS):
            return result
        tensors = [x for x in tree_leaves([args, kwargs, result]) if torch.is_tensor(x)]
        kind = "convolutions" if "convolution" in name else "others"
        self.bytes[kind] += sum(x.numel() * x.element_size() for x in tensors)
        return result


def copy_bandwidth() -> float:
    """Return bytes a second of copying 256 MB, reads and writes counted."""
    source = torch.zeros(2**26)
    target = torch.zeros_like(source)
    return 2 * source.numel() * 4 / best(lambda: target.copy_(source), 5)


def main() -> None:
    """Print a JSON object."""
    torch.set_num_threads(THREADS)
    ceilings, bandwidth = measure_ceilings(), copy_bandwidth()
    found: dict[str, Any] = {"copy_gb_s": round(bandwidth / 1e9, 1)}
    for network in ("paper", "small"):
        case = {"network": network, "plain": False, "loop": False, "precision": "float32"}
        step = stepper(case)
        step(0)
        with Traffic() as traffic:
            step(1)
        gflop = step_gflop(network)
        found[network] = {
            "gflop": round(gflop, 1),
            "operations_floor_ms": round(1e3 * gflop / ceilings["convolution float32"], 1),
            **{f"{kind}_gb": round(n / 1e9, 2) for kind, n in traffic.bytes.items()},
            "bytes_floor_ms": round(1e3 * sum(traffic.bytes.values()) / bandwidth, 1),
        }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
