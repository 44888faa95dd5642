"""What one training step takes, found by taking small ones: arithmetic and memory.

B images a batch, h x h LR patches. Operations and bytes kept for the backward pass are
c + B * (a + b * h * h), but for the dense matrices of a bicubic skip (1 %): three small steps
give the three numbers, and no large step is taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.overrides import TorchFunctionMode

from dasr.config import Degradation, Kernel, ModelConfig, Stage, digest, to_dict
from dasr.data.batches import PAIR, Batch
from dasr.degradation import DegradationBatch
from dasr.training.step import Learner, new_learner, step_losses

SMALL, LARGE = 8, 16
"""Sides of the LR patches of small steps: what the encoder's two strides divide, and what a
denoiser's target can be blurred at."""
FEW, MORE = 2, 4
"""Batches of small steps: batch normalisation needs two images."""
PROBES = ((FEW, SMALL), (FEW, LARGE), (MORE, SMALL))
FLOAT = 4
"""Bytes of a weight."""


@dataclass(frozen=True)
class StepCost:
    """What a training and one step of it take."""

    flops: float
    """Multiplications plus additions of one step, forward and backward."""
    network_bytes: int
    """Of the network's tensors, which its file holds; 0 in an encoder stage."""
    state_bytes: int
    """Of modules, queue and Adam's averages, which a training state holds."""
    gradient_bytes: int
    kept_bytes: float
    """Of activations that a step keeps for its backward pass."""


def step_key(stage: Stage, model: ModelConfig | None) -> str:
    """Return a digest of all that a step's cost depends on: not seed, weights or rates."""
    training, contrast = stage.training, stage.contrastive
    return digest(
        {
            "stage": stage.name,
            "scale": stage.scale,
            "blur": stage.degradation.blur,
            "seen": [one.name for one in stage.degradation.seen()] + _first_pass(stage),
            "encoder": to_dict(stage.encoder),
            "part": to_dict(stage.part),
            "contrast": [
                contrast.has_term, contrast.negatives, contrast.queue_size,
                contrast.hard_negatives,
            ],
            "own": [training.contrastive_batch_size, training.contrastive_patch_size],
            "still": training.encoder_rate_share == 0,
            "step": [
                training.batch_size, training.patch_size, training.precision, training.compile
            ],
            "model": to_dict(model),
        }
    )  # fmt: skip


def _first_pass(stage: Stage) -> list[str]:
    """Return what the cost of a first pass depends on; nothing where there is none."""
    first = stage.degradation.first_pass
    if first is None:
        return []
    compressed = "plain" if first.jpeg_quality is None else "compressed"
    return ["first_pass", first.blur, compressed, f"{first.resize[0]:g} to {first.resize[1]:g}"]


class Operations(TorchFunctionMode):
    """Counts what the convolutions, linear layers and matrix products in its block take.

    As PyTorch's own counter does, whose first use imports a compiler for two seconds.
    """

    def __init__(self) -> None:
        """Count from zero."""
        super().__init__()
        self.forward = 0.0
        """Multiplications plus additions."""
        self.backward = 0.0
        """Of the backward pass to come: gradients of input and weights, as much each."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Call a function of PyTorch's, and count it."""
        out = func(*args, **(kwargs or {}))
        if func in (torch.conv2d, F.linear):
            self._count(2.0 * out.numel() * args[1][0].numel(), out)
        elif func in (torch.matmul, Tensor.matmul, Tensor.__matmul__):
            self._count(2.0 * out.numel() * args[0].shape[-1], out)
        return out

    def _count(self, operations: float, out: Tensor) -> None:
        self.forward += operations
        self.backward += 2 * operations if out.requires_grad else 0.0


class StepCosts:
    """Costs by `step_key`: of many trainings that differ in seed, one is looked at."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[str, StepCost] = {}

    def of(self, stage: Stage, model: ModelConfig | None) -> StepCost:
        """Return what a training takes; a stage before the joint one has none."""
        key = step_key(stage, model)
        if key not in self._known:
            self._known[key] = step_cost(stage, model)
        return self._known[key]


def step_cost(stage: Stage, model: ModelConfig | None) -> StepCost:
    """Return what a training takes; a stage before the joint one has none.

    A contrastive term with batches of its own is as much as an encoder stage of them.
    """
    own = stage.own_contrast()
    if own is not None:
        training = replace(
            stage.training, contrastive_batch_size=None, contrastive_patch_size=None
        )
        without = replace(stage.contrastive, weight=0.0, joint_patches="shared")
        alone = replace(stage, contrastive=without, training=training)
        rest, term = step_cost(alone, model), step_cost(own, None)
        return replace(
            rest,
            flops=rest.flops + term.flops,
            state_bytes=rest.state_bytes + term.state_bytes,
            kept_bytes=rest.kept_bytes + term.kept_bytes,
        )
    learner = new_learner(stage, model)
    modules = learner.modules()
    trained = sum(p.numel() for p in modules.parameters() if p.requires_grad)
    small, large, more = (_taken(learner, *size) for size in PROBES)
    training = stage.training
    flops, kept = (
        _extrapolated(*three, training.batch_size, training.patch_size)
        for three in zip(small, large, more, strict=True)
    )
    network = {} if learner.network is None else learner.network.state_dict()
    return StepCost(
        flops=flops,
        network_bytes=_bytes(network.values()),
        state_bytes=_bytes(modules.state_dict().values()) + 2 * FLOAT * trained,
        gradient_bytes=FLOAT * trained,
        kept_bytes=kept,
    )


def _taken(learner: Learner, count: int, side: int) -> tuple[float, float]:
    """Return operations and kept bytes of a step of `count` pairs of patches."""
    scale = learner.stage.scale
    contrast = learner.stage.contrastive
    views = PAIR + (contrast.hard_negatives if contrast.has_term else 0)
    truth = DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.0))] * count)
    batch = Batch(
        torch.zeros(count, views, 3, side, side),
        torch.zeros(count, views, 3, side * scale, side * scale),
        truth,
    )
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor  # held: its address stays its own
        return tensor

    with Operations() as counted, saved_tensors_hooks(keep, lambda tensor: tensor):
        step_losses(learner, batch)
    for parameter in learner.modules().parameters():
        kept.pop(parameter.untyped_storage().data_ptr(), None)
    sizes = (tensor.untyped_storage().nbytes() for tensor in kept.values())
    return counted.forward + counted.backward, float(sum(sizes))


def _extrapolated(small: float, large: float, more: float, count: int, side: int) -> float:
    """Return c + B * (a + b * h * h) for `count` and `side`, given it for `PROBES`."""
    by_area = (large - small) / (FEW * (LARGE**2 - SMALL**2))
    by_image = (more - small) / (MORE - FEW) - by_area * SMALL**2
    rest = small - FEW * (by_image + by_area * SMALL**2)
    return rest + count * (by_image + by_area * side**2)


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)
