"""Tidy metrics in, tidy statistics out.

Rows come from evaluation: one an (image, degradation) of one network. Keys are columns;
nothing is parsed from a path.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from dasr.statistics.comparisons import Scores, scores_of
from dasr.statistics.intervals import LEVEL, holm, t_interval
from dasr.terms.columns import BICUBIC, cell_key
from dasr.terms.metrics import GAIN, METRICS, RANKING, Metric


def summarise(
    rows: pd.DataFrame, trained: Collection[str], ranked: Sequence[Collection[str]]
) -> pd.DataFrame:
    """Return means, intervals and standing of every method in every cell.

    A seed's value is its mean over the images of a set; means and intervals of metrics are
    over seeds. `GAIN` is `RANKING` above bicubic, its interval that over images and seeds
    (`dasr.statistics.comparisons`). `best` columns say which methods the images and seeds do
    not tell from the best one. Where an image is reproduced exactly, PSNR and its means are
    infinite, and gains are NaN.

    Args:
        rows: of all methods, with columns of `cell_key`, seed, image and those of
            `METRICS`; bicubic has seed 0.
        trained: methods that the study trains.
        ranked: methods that can be the best, those of each size: a best one each.

    Raises:
        ValueError: a cell without bicubic, or images or seeds that differ between methods.
    """
    key = cell_key(rows.columns)
    cell_columns = [column for column in key if column != "method"]
    found = []
    for keys, own in rows.groupby(cell_columns, dropna=False, sort=False):
        cell = dict(zip(cell_columns, keys, strict=True))
        if BICUBIC not in set(own["method"]):
            raise ValueError(f"no {BICUBIC} row to compare with at {cell}")
        found += [{**cell, **row} for row in _methods(own, trained, ranked)]
    frame = pd.DataFrame(found)
    return frame[[*key, *(column for column in frame if column not in key)]]


def difference(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return `first` minus `second`; NaN where one of the two is not finite."""
    return (first - second).where(np.isfinite(first) & np.isfinite(second))


def unbeaten(scores: Scores, metric: Metric, ranked: Collection[str]) -> set[str]:
    """Return the methods that are not told from the best one of a cell.

    Each is compared with the best by the widest interval over images and seeds, at 5 % over
    all comparisons of the cell (Holm). Empty where nothing can be told: a single method, or
    one seed. What is not finite has no rank: an infinite PSNR says that an image was
    reproduced exactly, not by how much a network is better.
    """
    sign = 1 if metric.larger_is_better else -1
    means = {
        method: sign * float(scores.by_method[method].to_numpy(dtype=float).mean())
        for method in scores.by_method
        if method in ranked
    }
    means = {method: mean for method, mean in means.items() if np.isfinite(mean)}
    if len(means) < 2:
        return set()
    best = max(means, key=lambda method: means[method])
    others = [method for method in means if method != best]
    p = holm(np.array([scores.estimate(best, other).p_two_sided() for other in others]))
    if np.isnan(p).all():
        return set()
    return {best, *(other for other, one in zip(others, p, strict=True) if not one < 1 - LEVEL)}


def _methods(
    rows: pd.DataFrame, trained: Collection[str], ranked: Sequence[Collection[str]]
) -> list[dict[str, object]]:
    """Return a row per method of one cell."""
    tables = {metric: scores_of(rows, trained, metric.column) for metric in METRICS}
    best = {
        metric: {name for own in ranked for name in unbeaten(tables[metric], metric, own)}
        for metric in METRICS
    }
    found = []
    for method in tables[RANKING].by_method:
        row: dict[str, object] = {"method": method}
        for metric, scores in tables.items():
            row |= _over_seeds(scores.by_method[method].mean(axis=0), metric)
        row |= _gain(tables[RANKING], method)
        row |= {metric.best: method in best[metric] for metric in METRICS}
        images, seeds = tables[RANKING].by_method[method].shape
        found.append({**row, "seeds": seeds, "images": images})
    return found


def _over_seeds(values: pd.Series, metric: Metric) -> dict[str, float]:
    """Return mean, deviation and interval of one value per seed, within the metric's limits."""
    interval = t_interval(values.to_numpy(dtype=float))
    low, high = np.clip([interval.low, interval.high], *metric.limits)
    column, bounds = metric.column, metric.bounds
    return {column: interval.mean, f"{column}_sd": interval.sd} | dict(
        zip(bounds, (float(low), float(high)), strict=True)
    )


def _gain(scores: Scores, method: str) -> dict[str, float]:
    """Return what a method has above bicubic, with its interval over images and seeds."""
    names = (GAIN, f"{GAIN}_low", f"{GAIN}_high")
    if method == BICUBIC:
        return dict(zip(names, (0.0, float("nan"), float("nan")), strict=True))
    estimate = scores.estimate(method, BICUBIC)
    return dict(zip(names, (estimate.mean, *estimate.bounds()), strict=True))
