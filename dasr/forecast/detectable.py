"""The smallest differences that a study can see, from the variances of an earlier one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dasr.errors import UserError
from dasr.statistics.comparisons import scores_of
from dasr.statistics.jobs import read_rows
from dasr.statistics.power import Components, smallest_difference
from dasr.study import Plan
from dasr.terms.columns import NETWORK
from dasr.terms.metrics import RANKING

SEEDS = (3, 5, 10, 20)
"""Numbers of seeds that are always shown, beside the study's own."""
IMAGES = (14, 100)
"""Numbers of images that are always shown, beside those of the study's sets: of Set14, and of
B100 or Urban100."""


@dataclass(frozen=True)
class Comparison:
    """Variances of one method minus another on the grid's mean, over images and seeds."""

    method: str
    reference: str
    regime: str
    scale: int
    testset: str
    images: int
    """That were measured."""
    seeds: int
    components: Components

    def smallest(self, images: int, seeds: int, claims: int) -> float:
        """Return the smallest detectable difference in dB of a study of another size."""
        return smallest_difference(self.components, images, seeds, max(1, claims))


def pairs_of_claims(plan: Plan) -> list[tuple[str, str]]:
    """Return the methods that a study's claims compare, each pair once."""
    return list(dict.fromkeys((claim.method, claim.reference) for claim in plan.study.claims))


def comparisons(
    metrics: Path, pairs: Sequence[tuple[str, str]], trained: Sequence[str]
) -> list[Comparison]:
    """Return the variances of pairs of methods in each regime, scale and test set of rows.

    Args:
        metrics: `metrics.csv` of an earlier study.
        pairs: method and reference.
        trained: methods that are trained, whose rows pair by seed.

    Raises:
        UserError: the file is no such file, or rows have no pair.
    """
    rows = read_metrics(metrics)
    cell = [key for key in (*NETWORK, "testset") if key != "method"]
    try:
        return [
            one
            for _, own in rows.groupby(cell, sort=False)
            for one in _compared(own, pairs, trained)
        ]
    except ValueError as error:  # methods that were not tested on the same
        raise UserError(f"{metrics}: {error}") from None


def read_metrics(path: Path) -> pd.DataFrame:
    """Return the rows of a `metrics.csv`.

    Raises:
        UserError: no such file, or other columns.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        rows = read_rows(path)
    except ValueError as error:  # no table
        raise UserError(f"{path}: no metrics.csv: {' '.join(str(error).split())}") from None
    lacking = {*NETWORK, "testset", "seed", "image", RANKING.column} - set(rows.columns)
    if lacking:
        raise UserError(f"{path}: no metrics.csv of a study: it lacks {sorted(lacking)[0]!r}")
    return rows


def sizes_shown(own: Iterable[int], always: Sequence[int]) -> list[int]:
    """Return the numbers of images or seeds to show: at least two of each say something."""
    return sorted({*always, *(number for number in own if number > 1)})


def _compared(
    rows: pd.DataFrame, pairs: Sequence[tuple[str, str]], trained: Sequence[str]
) -> Iterator[Comparison]:
    scores = scores_of(rows, trained, RANKING.column)
    first = rows.iloc[0]
    for method, reference in pairs:
        if not {method, reference} <= scores.by_method.keys():
            continue
        values = scores.differences(method, reference)
        if min(values.shape) < 2 or not np.isfinite(values).all():
            continue  # one training says nothing of others, and ∞ nothing at all
        yield Comparison(
            method=method,
            reference=reference,
            regime=str(first["regime"]),
            scale=int(first["scale"]),
            testset=str(first["testset"]),
            images=values.shape[0],
            seeds=values.shape[1],
            components=Components.of(values),
        )
