"""Tidy metrics in, tidy statistics out.

Rows come from evaluation: one an (image, kernel, noise level) of one network. Keys are
columns; nothing is parsed from a path.
"""

import numpy as np
import pandas as pd

from dasr.config import BICUBIC
from dasr.statistics.intervals import t_interval, two_way_interval

NETWORK = ["study", "method", "regime", "scale"]
SETTING = ["kernel", "kernel_width", "lambda_1", "lambda_2", "theta_deg", "noise_level"]
CELL = [*NETWORK, "testset", *SETTING]
MEAN = "mean"
"""Kernel label of rows averaged over the whole grid."""


def summarise(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return mean over seeds, standard deviation and 95 % interval of every cell.

    A seed's value is its mean over the images of a set. Rows with kernel "mean" average
    the whole grid of kernels and noise levels. `gain_db` is the PSNR above bicubic. Where
    an image is reproduced exactly, PSNR and its means are infinite, and gains are NaN.

    Args:
        metrics: rows of all methods, with columns of `CELL`, seed, image, psnr_y_db and
            ssim_y; bicubic has seed 0.
    """
    seeds = _by_seed(metrics)
    rows = []
    for keys, cell in seeds.groupby(CELL, dropna=False, sort=False):
        row = dict(zip(CELL, keys, strict=True))
        for metric in ("psnr_y_db", "ssim_y", "gain_db"):
            interval = t_interval(cell[metric].to_numpy(dtype=float))
            row |= {
                metric: interval.mean,
                f"{metric}_sd": interval.sd,
                f"{metric}_low": interval.low,
                f"{metric}_high": interval.high,
            }
        rows.append({**row, "seeds": len(cell), "images": int(cell["images"].iloc[0])})
    return pd.DataFrame(rows)


def paired(metrics: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Return the PSNR of each variant minus the reference's, per kernel and noise level.

    Differences are taken image by image and seed by seed, since both networks of a seed
    saw the same patches. Three intervals answer three questions: `seeds_*` (these images,
    other trainings), `images_*` (these trainings, other images), `both_*` (other images
    and trainings). All are NaN where a PSNR is infinite.
    """
    networks = metrics[metrics["method"] != BICUBIC]
    networks = pd.concat([networks, _grid_mean(networks)])
    unit = [key for key in CELL if key != "method"] + ["seed", "image"]
    base = networks[networks["method"] == reference][[*unit, "psnr_y_db"]]
    others = networks[networks["method"] != reference]
    _require_pairs(others, base, unit)
    joined = others.merge(base, on=unit, suffixes=("", "_reference"), validate="m:1")
    joined["difference_db"] = difference(joined["psnr_y_db"], joined["psnr_y_db_reference"])
    rows = []
    for keys, cell in joined.groupby(CELL, dropna=False, sort=False):
        table = cell.pivot(index="image", columns="seed", values="difference_db")
        values = table.to_numpy(dtype=float)
        row = {**dict(zip(CELL, keys, strict=True)), "reference": reference}
        row |= {"difference_db": float(values.mean())}
        intervals = {
            "seeds": t_interval(values.mean(axis=0)),
            "images": t_interval(values.mean(axis=1)),
            "both": two_way_interval(values),
        }
        for name, interval in intervals.items():
            row |= {f"{name}_low_db": interval.low, f"{name}_high_db": interval.high}
        rows.append({**row, "images": values.shape[0], "seeds": values.shape[1]})
    columns = [*CELL, "reference", "difference_db"]
    columns += [f"{n}_{b}_db" for n in ("seeds", "images", "both") for b in ("low", "high")]
    return pd.DataFrame(rows, columns=[*columns, "images", "seeds"])


def summarise_clusters(clusters: pd.DataFrame) -> pd.DataFrame:
    """Return mean and 95 % interval over seeds of each clustering score."""
    keys = [*NETWORK, "testset", "task"]
    scores = ["ari", "nmi", "silhouette", "probe_accuracy"]
    rows = []
    for values, group in clusters.groupby(keys, sort=False):
        row = dict(zip(keys, values, strict=True))
        for score in scores:
            interval = t_interval(group[score].to_numpy(dtype=float))
            row |= {
                score: interval.mean,
                f"{score}_low": interval.low,
                f"{score}_high": interval.high,
            }
        rows.append({**row, "seeds": len(group), "points": int(group["points"].iloc[0])})
    columns = [*keys, *(f"{s}{e}" for s in scores for e in ("", "_low", "_high"))]
    return pd.DataFrame(rows, columns=[*columns, "seeds", "points"])


def difference(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return `first` minus `second`; NaN where one of the two is not finite."""
    return (first - second).where(np.isfinite(first) & np.isfinite(second))


def _require_pairs(others: pd.DataFrame, base: pd.DataFrame, unit: list[str]) -> None:
    """Raise ValueError unless every method has exactly the reference's rows."""
    for method, rows in others.groupby("method"):
        both = rows[unit].merge(base[unit], how="outer", on=unit, indicator=True)
        single = both[both["_merge"] != "both"]
        if len(single):
            first = single.iloc[0][unit].to_dict()
            raise ValueError(f"{method}: {len(single)} rows without a pair, first {first}")


def _by_seed(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row a network and cell: means over images, with the gain over bicubic."""
    metrics = pd.concat([metrics, _grid_mean(metrics)])
    grouped = metrics.groupby([*CELL, "seed"], dropna=False, sort=False)
    seeds = grouped.agg(
        psnr_y_db=("psnr_y_db", "mean"),
        ssim_y=("ssim_y", "mean"),
        images=("image", "nunique"),
    ).reset_index()
    cell = [key for key in CELL if key != "method"]
    base = seeds[seeds["method"] == BICUBIC][[*cell, "psnr_y_db"]]
    merged = seeds.merge(base, on=cell, how="left", suffixes=("", "_bicubic"), validate="m:1")
    lacking = merged[merged["psnr_y_db_bicubic"].isna()]
    if len(lacking):
        first = lacking.iloc[0][cell].to_dict()
        raise ValueError(f"no {BICUBIC} row to compare with at {first}")
    merged["gain_db"] = difference(merged["psnr_y_db"], merged["psnr_y_db_bicubic"])
    return merged


def _grid_mean(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row an image and network: the mean over its grid of degradations."""
    keys = [*NETWORK, "testset", "seed", "image"]
    mean = metrics.groupby(keys, sort=False)[["psnr_y_db", "ssim_y"]].mean().reset_index()
    return mean.assign(kernel=MEAN, **{key: float("nan") for key in SETTING[1:]})
