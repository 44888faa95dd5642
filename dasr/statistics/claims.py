"""Verdicts on a study's claims (docs/statistics.md)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from dasr.config import digest
from dasr.config.claims import Claim
from dasr.statistics.comparisons import detectable, scores_of
from dasr.statistics.intervals import LEVEL, Estimate, Floats, holm
from dasr.terms.columns import KERNEL
from dasr.terms.metrics import DETECTABLE, DIFFERENCE, RANKING, ranking_column
from dasr.terms.quantities import FACTORS

BOUNDS = (ranking_column("low"), ranking_column("high"))
"""Of the 95 % interval of the difference, the widest over images, seeds and both."""
MARGIN = ranking_column("margin")
COLUMNS = [
    "method", "relation", "reference", "regime", "scale", "testset", "cells", MARGIN,
    DIFFERENCE, *BOUNDS, "p", "p_holm", "p_above_low", "p_below_high", "p_equivalent_holm",
    "verdict", "holds", DETECTABLE, "images", "seeds", "networks_before",
]  # fmt: skip
ALPHA = 1 - LEVEL
"""Probability of a false verdict among all claims of a study, for each kind of verdict."""


@dataclass(frozen=True)
class Evidence:
    """What is tested of one claim; each p is the largest over seeds, images and both."""

    p: float
    """Two-sided, of "there is no difference"."""
    p_above_low: float
    """One-sided, of "the difference is at or below minus the margin"."""
    p_below_high: float
    """One-sided, of "the difference is at or above the margin"."""

    @classmethod
    def of(cls, estimate: Estimate, margin: float) -> "Evidence":
        """Return the tests of an estimated difference against a margin, both in dB."""
        return cls(
            p=estimate.p_two_sided(),
            p_above_low=estimate.p_above(-margin),
            p_below_high=estimate.p_below(margin),
        )

    @property
    def p_equivalent(self) -> float:
        """Of "the difference is not within the margin": two one-sided tests."""
        return max(self.p_above_low, self.p_below_high)


def verdicts(
    metrics: pd.DataFrame,
    claims: Sequence[Claim],
    trained: Collection[str],
    networks_before: Mapping[str, int],
) -> pd.DataFrame:
    """Return one row per claim, with estimate, tests and verdict.

    Args:
        metrics: rows of evaluation.
        claims: of the study.
        trained: methods that the study trains.
        networks_before: by the claim's digest, how many of its networks were finished when
            it was first made (`dasr.statistics.registration`).
    """
    estimates, rows = [], []
    for claim in claims:
        scores = scores_of(_rows_of(metrics, claim), trained, RANKING.column)
        estimate = scores.estimate(claim.method, claim.reference)
        estimates.append(estimate)
        differences = scores.differences(claim.method, claim.reference)
        row = {
            "method": claim.method,
            "relation": claim.relation,
            "reference": claim.reference,
            "regime": claim.regime,
            "scale": claim.scale,
            "testset": claim.testset,
            "cells": claim.about,
            MARGIN: claim.margin_db,
            DIFFERENCE: estimate.mean,
            **dict(zip(BOUNDS, estimate.bounds(), strict=True)),
            **asdict(Evidence.of(estimate, claim.margin_db)),
            DETECTABLE: detectable(differences, len(claims)),
            "images": estimate.shape[0],
            "seeds": estimate.shape[1],
            "networks_before": networks_before[digest(claim)],
        }
        rows.append(row)
    p, p_equivalent = adjusted(
        [Evidence.of(own, one.margin_db) for own, one in zip(estimates, claims, strict=True)]
    )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["p_holm"], frame["p_equivalent_holm"] = p, p_equivalent
    frame["verdict"] = [
        verdict(own.mean, *both) for own, *both in zip(estimates, p, p_equivalent, strict=True)
    ]
    frame["holds"] = [
        "undecided" if one == "undecided" else "yes" if one == claim.relation else "no"
        for one, claim in zip(frame["verdict"], claims, strict=True)
    ]
    return frame


def adjusted(evidence: Sequence[Evidence]) -> tuple[Floats, Floats]:
    """Return p and p_equivalent of all claims of a study, each after Holm over all of them."""
    return (
        holm(np.array([one.p for one in evidence])),
        holm(np.array([one.p_equivalent for one in evidence])),
    )


def verdict(difference: float, p: float, p_equivalent: float) -> str:
    """Return "equivalent", "worse", "better" or "undecided"; NaN decides nothing.

    A difference that lies within the margin for certain is of no account, even if it is
    told from zero (Benavoli et al. 2017).

    Args:
        difference: of the method to its reference.
        p: that there is none, adjusted.
        p_equivalent: that it is not within the margin, adjusted.
    """
    if p_equivalent < ALPHA:
        return "equivalent"
    if p < ALPHA:
        return "better" if difference > 0 else "worse"
    return "undecided"


def _rows_of(metrics: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Return the rows of both methods in the claim's cells.

    Raises:
        ValueError: a cell has no rows.
    """
    own = metrics[
        (metrics["regime"] == claim.regime)
        & (metrics["scale"] == claim.scale)
        & (metrics["testset"] == claim.testset)
        & metrics["method"].isin([claim.method, claim.reference])
    ]
    parts = []
    for cell in claim.cells:
        here = own[KERNEL] == cell.kernel.label
        for one in FACTORS:
            value = cell.factors().get(one.name)
            if value is not None:
                here &= own[one.name] == value
        if not here.any():
            raise ValueError(f"{claim.method}: no rows at {cell.label} on {claim.testset}")
        parts.append(own[here])
    return pd.concat(parts)
