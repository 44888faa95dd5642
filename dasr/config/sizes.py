"""Sizes of a study's model, at which every variant is trained, and steps to read it at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dasr.config.checks import require, require_name, require_title
from dasr.config.method import MethodConfig
from dasr.config.run import RunConfig
from dasr.config.strict import apply_overrides
from dasr.config.variants import Variant
from dasr.errors import UserError


@dataclass(frozen=True, kw_only=True)
class SizeConfig:
    """One size of the study's model."""

    name: str
    """Methods end in it, e.g. "dasr-depth2" for "depth2"."""
    title: str
    """Behind the variants' titles, e.g. "2 blocks"."""
    model: dict[str, Any]
    """What it sets in the study's `model`. A value that is there already may be repeated:
    a list of sizes shows each of them whole."""

    def __post_init__(self) -> None:
        """Refuse a name that cannot be a folder, and a title or a size that is empty."""
        require_name(self.name)
        require_title(self.title)
        require(len(self.model) > 0, f"{self.name}: model is empty")


def at_size(base: MethodConfig, size: SizeConfig, where: str) -> MethodConfig:
    """Return a study's method at a size; variants override what is returned.

    Raises:
        UserError: a key or a value that the model cannot have.
    """
    known, changes = vars(base.model), size.model
    if changes.get("architecture", base.model.architecture) == base.model.architecture:
        new = object()
        changes = {key: own for key, own in changes.items() if known.get(key, new) != own}
    if not changes:
        return base
    return apply_overrides(base, {"model": changes}, f"{where}: sizes: {size.name}")


def sized_methods(
    base: MethodConfig, sizes: Sequence[SizeConfig], where: str
) -> list[tuple[SizeConfig | None, MethodConfig]]:
    """Return a study's method at each size; as it is, of no size, in a study without sizes.

    Raises:
        UserError: as `at_size`, and two sizes that are the same.
    """
    found: list[tuple[SizeConfig | None, MethodConfig]] = []
    for size in sizes:
        method = at_size(base, size, where)
        same = [other.name for other, known in found if other and known == method]
        if same:
            raise UserError(f"{where}: sizes: {same[0]} and {size.name} are the same model")
        found.append((size, method))
    return found or [(None, base)]


def of_size(variant: Variant, size: SizeConfig | None) -> Variant:
    """Return a variant of a size's method by the name and title that say so."""
    if size is None:
        return variant
    return replace(
        variant,
        name=f"{variant.name}-{size.name}",
        title=f"{variant.title}, {size.title}",
        size=size.name,
        file=variant.name,
        file_title=variant.title,
    )


def require_sized(variants: Sequence[Variant], where: str) -> None:
    """Refuse variants that are the same at two sizes of the study's model.

    Raises:
        UserError: one that sets all of its model itself, as another architecture does.
    """
    for number, one in enumerate(variants):
        for other in variants[:number]:
            same = (one.settings, one.at_scale) == (other.settings, other.at_scale)
            if one.size and one.file == other.file and same:
                raise UserError(
                    f"{where}: sizes: {one.file} is the same at {other.size} and {one.size}: "
                    "give it equal_flops, or leave it out"
                )


def require_checkpoints(steps: Sequence[int], run: RunConfig) -> None:
    """Refuse checkpoints that a training ends before.

    Raises:
        ValueError: with the steps.
    """
    total = run.joint_stage().training.total_steps
    late = [step for step in steps if step >= total]
    require(
        not late,
        f"checkpoints: {late}: {run.method} has {total} joint steps, and its last network is "
        "kept in any case",
    )
