"""Methods that are a variant at other values of one of its numbers."""

from typing import Any

from dasr.config.methods import SweepConfig
from dasr.config.strict import apply_overrides
from dasr.config.variants import Variant
from dasr.errors import UserError
from dasr.text import number_text


def swept_variants(
    sweep: SweepConfig, variants: tuple[Variant, ...], where: str
) -> list[Variant]:
    """Return one method per value of a sweep, but for the value that the variant has.

    Raises:
        UserError: the variant is not in the study, or a value is not possible.
    """
    names = [variant.name for variant in variants]
    if sweep.variant not in names:
        raise UserError(
            f"{where}: sweeps: variant {sweep.variant!r} is not among variants {names}"
        )
    base = variants[names.index(sweep.variant)]
    if base.at_scale and sweep.section == "model":
        raise UserError(
            f"{where}: sweeps: {sweep.key}: {base.name} would not have the FLOPs that it is for"
        )
    found: list[Variant] = []
    place = f"{where}: sweeps: {sweep.key}"
    for value, overrides in sweep.overrides():
        if value == own_value(base, sweep):
            continue
        found.append(
            Variant(
                name=sweep.method_name(value),
                title=f"{base.title}, {sweep.leaf.replace('_', ' ')} {number_text(value)}",
                hypothesis=f"{base.title} with {sweep.key} {number_text(value)}.",
                settings=apply_overrides(base.settings, overrides, place),
                at_scale={
                    scale: apply_overrides(settings, overrides, place)
                    for scale, settings in base.at_scale.items()
                },
            )
        )
    if not found:
        raise UserError(
            f"{place}: {list(sweep.values)} is what {sweep.variant!r} has: name another value"
        )
    return found


def own_value(variant: Variant, sweep: SweepConfig) -> Any:
    """Return what a variant itself has where the sweep puts its values; None if nothing."""
    section, _, leaf = sweep.key.partition(".")
    return getattr(getattr(variant.settings, section, None), leaf, None)
