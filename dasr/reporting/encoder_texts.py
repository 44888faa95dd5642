"""Encoder stages and what they learned, in words."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from dasr.reporting.claim_texts import titles_of
from dasr.reporting.specs import Item
from dasr.statistics.encoder_stages import untrained_column
from dasr.terms.history import Rank, rank_columns
from dasr.text import MISSING, formatted

Row = Mapping[Hashable, Any]
"""Of encoder_stages.csv."""


def rank_text(row: Row, column: str) -> str:
    """Return "0.93 (0.28)", at the end and untrained; "–" where it was not asked."""
    for one in asked(row):
        if one.column == column:
            return f"{formatted(one.at_end, '.2f')} ({formatted(one.untrained, '.2f')})"
    return MISSING


def users_text(row: Row, item: Item[Any]) -> str:
    """Return the titles of the methods that go on from a stage."""
    titles = titles_of(item)
    return ", ".join(titles[name] for name in row["methods"].split(", "))


def complaints(stages: pd.DataFrame, item: Item[Any]) -> list[str]:
    """Return a sentence for every stage that ends below what it began with.

    Args:
        stages: rows of encoder_stages.csv.
        item: of the study.
    """
    shared = stages.groupby(["regimes", "scale", "seed"])["stage"].transform("size") > 1
    rows: Sequence[Row] = stages.to_dict("records")
    sentences = [
        _complaint(row, item, f" ({users_text(row, item)})" if several else "")
        for row, several in zip(rows, shared, strict=True)
    ]
    return [text for text in sentences if text]


def asked(row: Row) -> list[Rank]:
    """Return the ranks that a stage was asked for; other regimes may have more quantities."""
    found = [
        Rank(name, float(row[name]), float(row[untrained_column(name)]))
        for name in rank_columns(map(str, row))
    ]
    return [one for one in found if one.untrained == one.untrained]


def _complaint(row: Row, item: Item[Any], users: str) -> str:
    worse = [one for one in asked(row) if not one.is_better]
    if not worse:
        return ""
    quantities = " and ".join(one.quantity for one in worse)
    at_end, untrained = (
        " and ".join(formatted(value, ".2f") for value in values)
        for values in zip(*((one.at_end, one.untrained) for one in worse), strict=True)
    )
    plural = "s" if len(worse) > 1 else ""
    return (
        f"The encoder stage of {_stage_text(row, item)}{users} ends knowing no more of "
        f"{quantities} than an untrained encoder (rank correlation{plural} {at_end}, "
        f"untrained {untrained}): verdicts about contrastive learning are about a stage that "
        "taught nothing of it (docs/troubleshooting.md)."
    )


def _stage_text(row: Row, item: Item[Any]) -> str:
    """Return which stage, e.g. "seed 2"; regime and scale only where there are several."""
    config, parts = item.plan.config, [f"seed {row['seed']}"]
    parts += [f"x{row['scale']}"] if len(config.scales) > 1 else []
    parts += [f"regime {row['regimes']}"] if len(config.regimes) > 1 else []
    return ", ".join(parts)
