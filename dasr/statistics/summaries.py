"""Tidy metrics in, tidy statistics out.

Rows come from evaluation: one an (image, degradation) of one network. Keys are columns;
nothing is parsed from a path.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dasr.statistics.intervals import t_interval, two_way_interval
from dasr.terms.columns import (
    BICUBIC,
    DEGRADATION_NUMBERS,
    KERNEL,
    MEAN,
    NETWORK,
    cell_key,
)
from dasr.terms.metrics import DIFFERENCE, GAIN, METRICS, PAIRED_BOUNDS, RANKING

VALUES = [metric.column for metric in METRICS]


def summarise(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return mean over seeds, standard deviation and 95 % interval of every cell.

    A seed's value is its mean over the images of a set. Rows with kernel "mean" average
    the whole grid of degradations. `GAIN` is `RANKING` above bicubic. Where an image is
    reproduced exactly, PSNR and its means are infinite, and gains are NaN.

    Args:
        metrics: rows of all methods, with columns of `cell_key`, seed, image and those of
            `METRICS`; bicubic has seed 0.
    """
    seeds = _by_seed(metrics)
    rows, key = [], cell_key(metrics.columns)
    for keys, cell in seeds.groupby(key, dropna=False, sort=False):
        row = dict(zip(key, keys, strict=True))
        for column in (*VALUES, GAIN):
            row |= _over_seeds(cell, column)
        rows.append({**row, "seeds": len(cell), "images": int(cell["images"].iloc[0])})
    return pd.DataFrame(rows)


def paired(metrics: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return `RANKING` of each method minus the reference's, per degradation.

    Differences are taken image by image and seed by seed, since both networks of a seed
    saw the same patches. Three intervals answer three questions: `seeds_*` (these images,
    other trainings), `images_*` (these trainings, other images), `both_*` (other images
    and trainings). All are NaN where a metric is infinite.
    """
    networks = metrics[metrics["method"] != BICUBIC]
    networks = pd.concat([networks, _grid_mean(networks)])
    key = cell_key(metrics.columns)
    unit = [column for column in key if column != "method"] + ["seed", "image"]
    value, base = RANKING.column, f"{RANKING.column}_reference"
    bases = networks[networks["method"] == reference][[*unit, value]]
    others = networks[networks["method"] != reference]
    _require_pairs(others, bases, unit)
    joined = others.merge(bases, on=unit, suffixes=("", "_reference"), validate="m:1")
    joined[DIFFERENCE] = difference(joined[value], joined[base])
    rows = []
    for keys, cell in joined.groupby(key, dropna=False, sort=False):
        table = cell.pivot(index="image", columns="seed", values=DIFFERENCE)
        row = {**dict(zip(key, keys, strict=True)), "reference": reference}
        rows.append({**row, **_paired_intervals(table.to_numpy(dtype=float))})
    bounds = [column for pair in PAIRED_BOUNDS.values() for column in pair]
    columns = [*key, "reference", DIFFERENCE, *bounds, "images", "seeds"]
    return pd.DataFrame(rows, columns=columns)


def difference(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return `first` minus `second`; NaN where one of the two is not finite."""
    return (first - second).where(np.isfinite(first) & np.isfinite(second))


def _over_seeds(rows: pd.DataFrame, column: str) -> dict[str, float]:
    """Return the mean of a column, one row per seed, its deviation and its interval."""
    interval = t_interval(rows[column].to_numpy(dtype=float))
    deviation = {f"{column}_sd": interval.sd}
    bounds = {f"{column}_low": interval.low, f"{column}_high": interval.high}
    return {column: interval.mean, **deviation, **bounds}


def _paired_intervals(values: np.ndarray) -> dict[str, float]:
    """Return mean, intervals and counts of differences, (images, seeds)."""
    intervals = {
        "seeds": t_interval(values.mean(axis=0)),
        "images": t_interval(values.mean(axis=1)),
        "both": two_way_interval(values),
    }
    row = {DIFFERENCE: float(values.mean())}
    for sampled, (low, high) in PAIRED_BOUNDS.items():
        row |= {low: intervals[sampled].low, high: intervals[sampled].high}
    return {**row, "images": values.shape[0], "seeds": values.shape[1]}


def _require_pairs(others: pd.DataFrame, bases: pd.DataFrame, unit: Sequence[str]) -> None:
    """Raise ValueError unless every method has exactly the reference's rows."""
    unit = list(unit)
    for method, rows in others.groupby("method"):
        both = rows[unit].merge(bases[unit], how="outer", on=unit, indicator=True)
        single = both[both["_merge"] != "both"]
        if len(single):
            first = single.iloc[0][unit].to_dict()
            raise ValueError(f"{method}: {len(single)} rows without a pair, first {first}")


def _by_seed(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per network and cell: means over images, with the gain over bicubic."""
    metrics = pd.concat([metrics, _grid_mean(metrics)])
    key = cell_key(metrics.columns)
    grouped = metrics.groupby([*key, "seed"], dropna=False, sort=False)
    means = {column: (column, "mean") for column in VALUES}
    seeds = grouped.agg(**means, images=("image", "nunique")).reset_index()
    value, base = RANKING.column, f"{RANKING.column}_{BICUBIC}"
    cell = [column for column in key if column != "method"]
    bases = seeds[seeds["method"] == BICUBIC][[*cell, value]]
    merged = seeds.merge(
        bases, on=cell, how="left", suffixes=("", f"_{BICUBIC}"), validate="m:1"
    )
    lacking = merged[merged[base].isna()]
    if len(lacking):
        first = lacking.iloc[0][cell].to_dict()
        raise ValueError(f"no {BICUBIC} row to compare with at {first}")
    merged[GAIN] = difference(merged[value], merged[base])
    return merged


def _grid_mean(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per image and network: the mean over its grid of degradations."""
    keys = [*NETWORK, "testset", "seed", "image"]
    mean = metrics.groupby(keys, sort=False)[VALUES].mean().reset_index()
    unknown = dict.fromkeys(DEGRADATION_NUMBERS, float("nan"))
    return mean.assign(**{KERNEL: MEAN}, **unknown)
