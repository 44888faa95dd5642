"""What grows with the size of a network and with its training: a study's parts and files."""

from collections.abc import Iterable
from dataclasses import dataclass

from dasr.config import Kernel
from dasr.study.comparisons import is_reference
from dasr.study.methods import Method
from dasr.study.plan import Plan, Run
from dasr.terms.columns import BICUBIC

NUM_WIDEST = 2
"""Kernels of a grid over which the paper's effects are largest; fewer would be noise, more
the whole grid."""

ALL_KERNELS, WIDEST_KERNELS = "all", "widest"
"""What a gain is the mean over: all kernels of a grid, or its `NUM_WIDEST` widest."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What something that some networks have and others lack is worth, at one size."""

    variant: str
    """By whose file it is named: the variant that lacks it or, as a claim for the better,
    has it; the reference's own if bicubic enlargement lacks it, which is all of a network."""
    size: str
    """Of the study's sizes; "" in a study without."""
    having: str
    """The method that has it."""
    lacking: str
    """The method that it is compared with."""
    reference: str
    """The reference of the size, one of the two: blocks, parameters and FLOPs are its own."""
    blocks: int | None
    """Of the reference's generator; None of an architecture that counts none."""


def is_scaling(plan: Plan) -> bool:
    """Whether a study has sizes or checkpoints, and trains something to compare by them."""
    return bool((plan.config.sizes or plan.config.checkpoints) and plan.trained)


def parts_of(plan: Plan) -> tuple[Part, ...]:
    """Return the parts of a study at each of its sizes; none of a study without scaling.

    The reference over bicubic first, then every other variant against the reference.
    """
    if not is_scaling(plan):
        return ()
    by_name = {method.name: method for method in plan.trained}
    ordered = sorted(plan.trained, key=lambda one: not is_reference(one))
    return tuple(
        _part(method, by_name[method.reference])
        for method in ordered
        if method.reference is not None
    )


def _part(method: Method, reference: Method) -> Part:
    if method is reference:
        pair = (method.name, BICUBIC)
    elif method.expected == "better":
        pair = (method.name, reference.name)
    else:
        pair = (reference.name, method.name)
    return Part(
        variant=method.variant,
        size=method.size,
        having=pair[0],
        lacking=pair[1],
        reference=reference.name,
        blocks=None if reference.settings is None else reference.settings.model.blocks,
    )


def widest_kernels(kernels: Iterable[Kernel]) -> list[Kernel]:
    """Return the widest kernels of a grid, in its order; none of a grid that has no more.

    An anisotropic kernel is as wide as the isotropic one of the same area.
    """
    distinct = list(dict.fromkeys(kernels))
    if len(distinct) <= NUM_WIDEST:
        return []
    by_width = sorted(distinct, key=lambda one: one.lambda_1 * one.lambda_2)
    return [one for one in distinct if one in by_width[-NUM_WIDEST:]]


def checkpoint_files(plan: Plan, run: Run) -> list[str]:
    """Return the networks that are kept of a run's joint stage before its end, by step."""
    folder = f"{plan.folder(run)}/checkpoints"
    return [f"{folder}/step{step}.safetensors" for step in plan.config.checkpoints]


def checkpoint_metrics_files(plan: Plan) -> list[str]:
    """Return the rows of evaluation of every run's checkpoints; none in a study without."""
    if not plan.config.checkpoints:
        return []
    return [f"{plan.folder(run)}/checkpoints/metrics.csv" for run in plan.runs("trained")]
