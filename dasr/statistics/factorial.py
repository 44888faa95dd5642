"""What the two branches of the DA conv do, alone and together: a factorial analysis.

Of four methods (both branches, kernel branch only, channel branch only, neither), in dB of
`RANKING` and with PSNR of each written by its name:

    kernel       (both + kernel_only) / 2 - (channel_only + neither) / 2
    channel      (both + channel_only) / 2 - (kernel_only + neither) / 2
    interaction  (both - channel_only) - (kernel_only - neither)

A main effect is positive where a branch helps, averaged over networks with and without the
other one. The interaction is positive where a branch adds more beside the other than alone.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dasr.statistics.intervals import Estimate, Floats
from dasr.study import Factorial
from dasr.terms.columns import DEGRADATION, KERNEL, MEAN, NETWORK
from dasr.terms.metrics import RANKING, ranking_column
from dasr.terms.quantities import QUANTITIES

EFFECT, LOW, HIGH = (ranking_column(name) for name in ("effect", "low", "high"))
"""Columns of an effect and the ends of its 95 % interval."""
FOUR = ("both", "kernel_only", "channel_only", "neither")
"""Fields of `Factorial`, and columns with the names of the methods."""
WEIGHTS = {
    "kernel": (0.5, 0.5, -0.5, -0.5),
    "channel": (0.5, -0.5, 0.5, -0.5),
    "interaction": (1.0, -1.0, -1.0, 1.0),
}
"""Of each contrast, in the order of `FOUR`."""
SETTING = [*(column for column in NETWORK if column != "method"), "testset"]
_BESIDE = {one.name for one in QUANTITIES}
KERNEL_COLUMNS = [column for column in DEGRADATION if column not in _BESIDE]
"""What a kernel is; what is tested beside it is averaged."""
COLUMNS = [*SETTING, *KERNEL_COLUMNS, *FOUR, "contrast", EFFECT, LOW, HIGH, "images", "seeds"]


def factorial(metrics: pd.DataFrame, designs: Sequence[Factorial]) -> pd.DataFrame:
    """Return main effects and interaction of each design, by kernel and over the grid.

    Contrasts are taken image by image and seed by seed, of means over noise levels (and
    whatever else is tested beside the kernel); rows with kernel "mean" average the grid.

    Args:
        metrics: rows of evaluation of every method.
        designs: the study's.

    Returns:
        One row per regime, scale, test set, kernel and contrast; effect and bounds are NaN
        where a PSNR is infinite, bounds alone with a single image or seed.

    Raises:
        ValueError: a method lacks an image or seed that another of the four has.
    """
    rows = []
    for design in designs:
        names = [getattr(design, role) for role in FOUR]
        own = metrics[metrics["method"].isin(names)]
        means = pd.concat([_means(own, KERNEL_COLUMNS), _grid_mean(own)])
        for keys, cell in means.groupby([*SETTING, *KERNEL_COLUMNS], dropna=False, sort=False):
            values = _by_image_and_seed(cell, names)
            key = dict(zip([*SETTING, *KERNEL_COLUMNS], keys, strict=True))
            key |= dict(zip(FOUR, names, strict=True))
            rows += [{**key, **row} for row in _contrasts(values)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _means(metrics: pd.DataFrame, kernel: Sequence[str]) -> pd.DataFrame:
    """Return one row per network, image, and value of the columns of `kernel`."""
    keys = [*NETWORK, "testset", "seed", "image", *kernel]
    groups = metrics.groupby(keys, dropna=False, sort=False)
    return groups[RANKING.column].mean().reset_index()


def _grid_mean(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per network and image: the mean over its grid of degradations."""
    rows = _means(metrics, [])
    rows[KERNEL_COLUMNS] = np.nan
    return rows.assign(**{KERNEL: MEAN})


def _by_image_and_seed(cell: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return the values of four methods, (4, images, seeds)."""
    tables = [
        cell[cell["method"] == name].pivot(index="image", columns="seed", values=RANKING.column)
        for name in names
    ]
    first = tables[0]
    for name, table in zip(names, tables, strict=True):
        if not (table.index.equals(first.index) and table.columns.equals(first.columns)):
            raise ValueError(f"{name}: not the images and seeds of {names[0]}")
    return np.stack([table.to_numpy(dtype=float) for table in tables])


def _contrasts(values: Floats) -> list[dict[str, object]]:
    """Return a row per contrast of values (4, images, seeds)."""
    _, images, seeds = values.shape
    rows: list[dict[str, object]] = []
    for contrast, weights in WEIGHTS.items():
        # infinite PSNR has no difference
        finite = bool(np.isfinite(values).all())
        effects = np.tensordot(weights, values, axes=1) if finite else values[0] * np.nan
        low, high = Estimate.of(effects).bounds()
        row = {"contrast": contrast, EFFECT: float(effects.mean()), LOW: low, HIGH: high}
        rows.append({**row, "images": images, "seeds": seeds})
    return rows
