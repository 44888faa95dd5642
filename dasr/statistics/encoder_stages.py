"""What encoder stages ended with, beside chance and beside what they began with."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from dasr.config import Stage, from_dict
from dasr.terms.history import (
    IN_BATCH,
    LOSS,
    OLD_AMONG_CONFUSED,
    Rank,
    old_in_queue,
    ranks,
)

NOT_DIAGNOSED = "not diagnosed"
LEARNED = "learned"
NO_BETTER = "no better than untrained"
"""Begins verdicts on stages that end below what they began with: NO_BETTER: quantity, ..."""
SHORTCUTS = (LOSS, OLD_AMONG_CONFUSED)
"""What a shortcut brings down on the way, and what may come back before the end, when the
learning rate has fallen: a row has the lowest value, too, once real keys fill the queue."""
MEASURED = (LOSS, IN_BATCH, OLD_AMONG_CONFUSED)
"""What a row has beside ranks, each with a column of its chance; NaN where there is none."""
KEY = ("stage", "methods", "regimes", "scale", "seed", "steps")


def chance_column(column: str) -> str:
    """Return the column of what chance gives, e.g. "contrastive_chance"."""
    return f"{column}_chance"


def lowest_column(column: str) -> str:
    """Return the column of the lowest value on the way, e.g. "lowest_contrastive"."""
    return f"lowest_{column}"


def untrained_column(column: str) -> str:
    """Return the column of an untrained encoder's rank, e.g. "untrained_rank_noise_level"."""
    return f"untrained_{column}"


class TrainedStage(NamedTuple):
    """The files of an encoder stage, and a network that goes on from it."""

    stage: str
    """Digest of its configuration, which its folder is named by."""
    record: Mapping[str, Any]
    """Its run.yaml."""
    history: Sequence[Mapping[str, float]]
    """Its rows, the first before training if it was diagnosed."""
    network: Mapping[str, Any]
    """The run.yaml of a network that goes on from it."""


def encoder_stages(stages: Iterable[TrainedStage]) -> pd.DataFrame:
    """Return a row per encoder stage.

    Args:
        stages: each stage once for every network that goes on from it.

    Returns:
        `stage`, a digest; `methods` and `regimes` that go on from it, text; `scale`, `seed`,
        `steps`; `MEASURED` at its end, each with its chance; the lowest of `SHORTCUTS`; the
        rank correlation of each quantity at the end and untrained; and `verdict`: `LEARNED`,
        `NOT_DIAGNOSED`, or `NO_BETTER` and of what.
    """
    rows: dict[str, dict[str, Any]] = {}
    users: dict[str, list[Mapping[str, Any]]] = {}
    for one in stages:
        users.setdefault(one.stage, []).append(one.network)
        if one.stage not in rows:
            rows[one.stage] = _row(one)
    for stage, row in rows.items():
        row["methods"] = _joined(str(network["method"]) for network in users[stage])
        row["regimes"] = _joined(str(network["regime"]) for network in users[stage])
    measured = [name for one in MEASURED for name in (one, chance_column(one))]
    columns = [*KEY, *measured, *map(lowest_column, SHORTCUTS)]
    found = list(dict.fromkeys([*columns, *(name for row in rows.values() for name in row)]))
    order = [*(name for name in found if name != "verdict"), "verdict"]
    return pd.DataFrame(list(rows.values()), columns=order)


def _row(one: TrainedStage) -> dict[str, Any]:
    stage = from_dict(Stage, dict(one.record["config"]), f"record of encoder {one.stage}")
    last, found = one.history[-1], ranks(one.history)
    row: dict[str, Any] = {"stage": one.stage, "scale": stage.scale, "seed": stage.seed}
    row["steps"] = int(last["step"])
    row |= {name: last.get(name, math.nan) for name in MEASURED}
    row |= {chance_column(name): value for name, value in chances(stage).items()}
    real = _with_real_keys(one.history, stage)
    row |= {lowest_column(name): _lowest(real, name) for name in SHORTCUTS}
    for rank in found:
        row |= {rank.column: rank.at_end, untrained_column(rank.column): rank.untrained}
    return {**row, "verdict": verdict(found)}


def _with_real_keys(
    history: Sequence[Mapping[str, float]], stage: Stage
) -> list[Mapping[str, float]]:
    """Return the rows whose steps compared with no random key that a queue starts with."""
    filled = (stage.contrastive.queue_size or 0) / stage.training.batch_size
    begins = [0.0, *(row["step"] for row in history[:-1])]
    return [row for row, begin in zip(history, begins, strict=True) if begin >= filled]


def _lowest(history: Sequence[Mapping[str, float]], column: str) -> float:
    """Return the smallest of the numbers that rows have; NaN if none has any."""
    told = [row[column] for row in history if column in row and not math.isnan(row[column])]
    return min(told, default=math.nan)


def chances(stage: Stage) -> dict[str, float]:
    """Return what each of `MEASURED` is by chance; of what is about a queue, if it has one."""
    contrastive, batch = stage.contrastive, stage.training.batch_size
    found = {LOSS: math.log(1 + contrastive.negatives_of_query(batch))}
    if contrastive.queue_size is not None:
        found[IN_BATCH] = math.log(batch)
        found[OLD_AMONG_CONFUSED] = old_in_queue(contrastive.queue_size, batch)
    return found


def verdict(found: Sequence[Rank]) -> str:
    """Return in words whether a stage knows more than it began with."""
    if not found:
        return NOT_DIAGNOSED
    worse = [rank.quantity for rank in found if not rank.is_better]
    return f"{NO_BETTER}: {', '.join(worse)}" if worse else LEARNED


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
