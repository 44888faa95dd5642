"""Sizes at which a network costs as much as another: found by counting, not by formula."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dasr.architectures.cost import count_flops
from dasr.architectures.registry import build_network
from dasr.config.models.base import ModelConfig
from dasr.errors import UserError

Deviation = Callable[[dict[str, int]], float]
"""From sizes that are set in a model to its FLOPs' part above (below: negative) the other's."""


def flops_of(model: ModelConfig, scale: int) -> int:
    """Return the FLOPs of one 48x48 LR patch through a model's network at a scale."""
    return count_flops(build_network(model, scale))


def equal_sizes(
    model: ModelConfig, other: ModelConfig, scale: int, vary: Sequence[str], tolerance: float
) -> dict[str, int]:
    """Return the sizes to set in a model so that its FLOPs are another's.

    The first key is changed as little as needed. Where it jumps over the tolerance, its two
    nearest values are tried with the second key, and the smaller change of that one wins.

    Args:
        model: whose sizes are changed.
        other: whose FLOPs it shall have.
        scale: of both.
        vary: one or two keys of the model, whole numbers.
        tolerance: by what part of the other's FLOPs they may differ.

    Raises:
        UserError: a key that is no size or decides nothing, equal FLOPs, or no solution.
    """
    _require_sizes(model, vary)
    deviation = _deviation(model, flops_of(other, scale), scale)
    if abs(deviation({})) <= tolerance:
        raise UserError(f"x{scale}: the FLOPs agree already, to {deviation({}):+.1%}")
    first, *second = vary
    near = _walk(deviation, {}, first, getattr(model, first), tolerance)
    if abs(deviation({first: near[-1]})) <= tolerance:
        return {first: near[-1]}
    found = [
        (change, sizes)
        for key in second
        for value in near
        for change, sizes in _fitted(
            deviation, {first: value}, key, getattr(model, key), tolerance
        )
    ]
    if not found:
        raise UserError(
            f"x{scale}: no value of {' and '.join(vary)} brings FLOPs within {tolerance:.0%}"
        )
    _, sizes = min(found, key=lambda one: one[0])
    return {key: value for key, value in sizes.items() if value != getattr(model, key)}


def _deviation(model: ModelConfig, target: int, scale: int) -> Deviation:
    """Return how a model's FLOPs deviate from others', by the sizes that are set in it."""

    def deviation(sizes: dict[str, int]) -> float:
        changes: dict[str, Any] = dict(sizes)
        return flops_of(replace(model, **changes), scale) / target - 1

    return deviation


def _require_sizes(model: ModelConfig, vary: Sequence[str]) -> None:
    for key in vary:
        if type(getattr(model, key, None)) is not int:
            raise UserError(f"vary: {key!r} is no size of a model of {model.architecture!r}")


def _fitted(
    deviation: Deviation, sizes: dict[str, int], key: str, own: int, tolerance: float
) -> list[tuple[int, dict[str, int]]]:
    """Return how far a key is from its own value, and all sizes; nothing if none fits."""
    last = _walk(deviation, sizes, key, own, tolerance)[-1]
    fitted = {**sizes, key: last}
    return [(abs(last - own), fitted)] if abs(deviation(fitted)) <= tolerance else []


def _walk(
    deviation: Deviation, sizes: dict[str, int], key: str, start: int, tolerance: float
) -> list[int]:
    """Return the last two values of a key on its way to the other's FLOPs, the last one last.

    The way ends within the tolerance, behind the target, or at 1.

    Raises:
        UserError: the key decides no FLOPs.
    """
    before = deviation({**sizes, key: start})
    step = -1 if before > 0 else 1
    values = [start]
    while values[-1] + step > 0:
        values.append(values[-1] + step)
        now = deviation({**sizes, key: values[-1]})
        if now == before:
            raise UserError(f"vary: {key!r} does not change the FLOPs")
        if abs(now) <= tolerance or (now > 0) != (before > 0):
            break
        before = now
    return values[-2:]
