"""What the methods of a report cell cost, and the sentences that say how that is known."""

from typing import Any

import pandas as pd

from dasr.reporting.specs import Item, statistics
from dasr.reporting.tabulating.cells import costs_of
from dasr.study.inference import INFERENCE
from dasr.terms.columns import JOINT_STEPS

MEASURED = ["milliseconds", "milliseconds_low", "milliseconds_high", "peak_mb"]

spent_files = statistics("summary", "costs", INFERENCE)


def spent(item: Item[Any]) -> pd.DataFrame:
    """Return what each method of an item costs, by its name.

    Columns: parameters, flops, cpu_seconds, `MEASURED`, and `JOINT_STEPS` of those that are
    trained here; NaN for what a method has none of.

    Raises:
        ValueError: a method was not measured, or has not exactly one row of costs.
    """
    cell = item.cell
    found = costs_of(item.rows("costs"), item.methods, cell.regime, cell.scale)
    rows = item.rows(INFERENCE)
    here = rows[(rows["regime"] == cell.regime) & (rows["scale"] == cell.scale)]
    measured = here.set_index("method")[MEASURED]
    lacking = [name for name in found.index if name not in measured.index]
    if lacking:
        raise ValueError(f"{INFERENCE}: no row for {lacking[0]!r} in {cell}")
    return found.join(measured).assign(**{JOINT_STEPS: joint_steps(item)})


def joint_steps(item: Item[Any]) -> pd.Series:
    """Return the steps of the joint stage of each method of an item; NaN if not trained."""
    steps = {}
    for one in item.methods:
        settings = one.settings_at(item.cell.scale)
        trained = None if settings is None else settings.training.of_stage("joint")
        steps[one.name] = None if trained is None else trained.total_steps
    return pd.Series(steps, dtype=float)


def how_measured(rows: pd.DataFrame) -> str:
    """Return how milliseconds and memory were measured.

    Args:
        rows: of one job, at least one.
    """
    first = rows.iloc[0]
    threads = f"{first['threads']} thread{'' if first['threads'] == 1 else 's'}"
    return (
        f"Milliseconds: one LR image of {first['lr_side']}x{first['lr_side']} pixels, median "
        f"of {first['repetitions']} calls after warm-up that methods took turns with; memory: "
        f"what that takes at its peak beside the network, each in a process of its own; both "
        f"in one run on {first['machine']}, device {first['device']}, {threads}."
    )


def equal_in_training(item: Item[Any]) -> str:
    """Return what an item's methods had alike in training; nothing if none is trained."""
    steps, plan = sorted(set(joint_steps(item).dropna())), item.plan
    known = plan.study.seconds
    if not steps:
        return ""
    if known is not None:
        return (
            "Equal in training: CPU seconds of all stages together, those of "
            f"{plan.config.reference}; joint steps follow from what a step takes, as dasr "
            f"equal-seconds measured it on {known.machine} with one thread, and seconds differ "
            "as far as the machine was busy."
        )
    if len(steps) == 1:
        return (
            f"Equal in training: the joint steps, {int(steps[0]):,}; CPU seconds are what "
            "those took."
        )
    return "Not equal in training: joint steps and CPU seconds are each method's own."
