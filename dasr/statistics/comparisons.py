"""Methods against each other, image by image and training by training."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dasr.statistics.intervals import Estimate, Floats
from dasr.statistics.power import Components, smallest_difference
from dasr.terms.columns import BICUBIC, KERNEL, MEAN, cell_key
from dasr.terms.metrics import DETECTABLE, DIFFERENCE, PAIRED_BOUNDS, RANKING


@dataclass(frozen=True)
class Scores:
    """What every method has in one cell: a table of images and seeds each."""

    by_method: Mapping[str, pd.DataFrame]
    """Rows are images, columns seeds; a single column of what is not trained here."""
    trained: frozenset[str]
    """Methods whose seeds are trainings of the study."""

    def differences(self, method: str, reference: str) -> Floats:
        """Return the first method's values minus the second's, (images, seeds).

        Networks of a seed saw the same patches, so trained methods are paired by seed.
        What is not trained here is set against every training of the other.

        Raises:
            ValueError: the two were not tested on the same images, or not trained with the
                same seeds.
        """
        first, second = self.by_method[method], self.by_method[reference]
        if set(first.index) != set(second.index) or _holes(first) or _holes(second):
            raise ValueError(f"{method} and {reference}: rows without a pair: images differ")
        second = second.loc[first.index]
        if {method, reference} <= self.trained:
            if set(first.columns) != set(second.columns):
                raise ValueError(f"{method} and {reference}: rows without a pair: seeds differ")
            second = second[first.columns]
        with np.errstate(invalid="ignore"):  # where both are infinite
            values = first.to_numpy(dtype=float) - second.to_numpy(dtype=float)
        return np.where(np.isfinite(values), values, np.nan)

    def estimate(self, method: str, reference: str) -> Estimate:
        """Return the mean difference with what is known of its spread."""
        any_trained = bool({method, reference} & self.trained)
        return Estimate.of(self.differences(method, reference), trained=any_trained)


def scores_of(rows: pd.DataFrame, trained: Collection[str], column: str) -> Scores:
    """Return the scores of rows, the mean over their degradations per image and seed.

    Args:
        rows: of evaluation, all of one regime, scale and test set.
        trained: methods that the study trains.
        column: of the metric.
    """
    means = rows.groupby(["method", "image", "seed"], sort=False)[column].mean()
    tables = {
        str(method): own.droplevel("method").unstack("seed").sort_index(axis=1)
        for method, own in means.groupby("method", sort=False)
    }
    return Scores(tables, frozenset(trained))


def pairs_of(
    methods: Sequence[str], references: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what is compared: each network with its reference, and with bicubic.

    Args:
        methods: that have rows, in the order of tables.
        references: by method, what its differences are taken against.
    """
    networks = [method for method in methods if method != BICUBIC]
    yield from ((one, references[one]) for one in networks if one in references)
    if BICUBIC in methods:
        yield from ((method, BICUBIC) for method in networks)


def paired(
    metrics: pd.DataFrame, references: Mapping[str, str], trained: Collection[str], tests: int
) -> pd.DataFrame:
    """Return `RANKING` of each network minus the reference's, and bicubic's, per degradation.

    Differences are taken image by image and seed by seed. Three intervals answer three
    questions: `seeds_*` (these images, other trainings), `images_*` (these trainings, other
    images), `both_*` (other images and trainings: the widest of the two and of that of
    crossed random effects). Of networks from elsewhere there is no other training: over one
    column of values, `both_*` is `images_*`. All are NaN where a metric is infinite.

    Args:
        metrics: rows of evaluation, means over the grid among them (`with_grid_mean`).
        references: by method, what its differences are taken against.
        trained: methods that the study trains.
        tests: number of claims that the smallest detectable difference is one of.

    Returns:
        A row per method, reference and cell; `DETECTABLE` in those of the grid's mean alone.

    Raises:
        ValueError: methods that were not tested in the same cells, on the same images or, if
            trained, with the same seeds.
    """
    key = cell_key(metrics.columns)
    cell_columns = [column for column in key if column != "method"]
    _require_same_cells(metrics, cell_columns)
    found = []
    for keys, rows in metrics.groupby(cell_columns, dropna=False, sort=False):
        scores = scores_of(rows, trained, RANKING.column)
        cell = dict(zip(cell_columns, keys, strict=True))
        for method, other in pairs_of(list(scores.by_method), references):
            row = {**cell, "method": method, "reference": other}
            row |= _described(scores.estimate(method, other))
            if cell[KERNEL] == MEAN:
                row[DETECTABLE] = detectable(scores.differences(method, other), tests)
            found.append(row)
    bounds = [column for pair in PAIRED_BOUNDS.values() for column in pair]
    columns = [*key, "reference", DIFFERENCE, *bounds, DETECTABLE, "images", "seeds"]
    return pd.DataFrame(found, columns=columns)


def detectable(differences: Floats, tests: int) -> float:
    """Return the smallest difference that a study of this size and these variances sees.

    NaN for a single image or seed, and where a difference is not finite.
    """
    if min(differences.shape) < 2 or not np.isfinite(differences).all():
        return float("nan")
    images, seeds = differences.shape
    return smallest_difference(Components.of(differences), images, seeds, max(1, tests))


def _described(estimate: Estimate) -> dict[str, float]:
    """Return mean, bounds and counts as columns of paired.csv."""
    half = np.full(2, np.nan)  # over seeds, over images
    if len(estimate.errors) == 1:
        half[1] = estimate.half_widths()[0]
    elif estimate.known:
        half = estimate.half_widths()[:2]
    mean, row = estimate.mean, {DIFFERENCE: estimate.mean}
    bounds = {
        "seeds": (mean - half[0], mean + half[0]),
        "images": (mean - half[1], mean + half[1]),
        "both": estimate.bounds(),
    }
    for sampled, (low, high) in PAIRED_BOUNDS.items():
        row |= dict(zip((low, high), bounds[sampled], strict=True))
    return {**row, "images": estimate.shape[0], "seeds": estimate.shape[1]}


def _require_same_cells(metrics: pd.DataFrame, cell_columns: Sequence[str]) -> None:
    """Refuse a method that lacks a degradation which others of its grid have."""
    tested = metrics[["method", *cell_columns]].drop_duplicates()
    for grid, rows in tested.groupby(["study", "regime", "scale", "testset"], sort=False):
        counts = rows["method"].value_counts()
        if counts.nunique() > 1:
            method, count = counts.index[-1], counts.iloc[-1]
            raise ValueError(
                f"{method}: rows without a pair: {count} of {counts.iloc[0]} cells of {grid}"
            )


def _holes(table: pd.DataFrame) -> bool:
    """Whether an image was not tested with every seed."""
    return bool(table.isna().to_numpy().any())
