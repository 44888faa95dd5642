"""Tidy frames small enough to compute tables of them by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dasr.embedding.scores import COLUMNS, SCORES
from dasr.statistics.representations import KEYS, summarise_clusters
from tests.unit.reporting.items import CELL, TITLES

BASE = {"dasr": 27.0, "no_ca": 26.5, "oracle": 28.0, "bicubic": 25.0}
NAN = float("nan")
FACTOR_NAMES = ("first_pass", "noise_level", "jpeg_quality")
HALF = {"dasr": 0.1, "no_ca": 0.2, "oracle": 0.3, "bicubic": NAN}
COSTS = pd.DataFrame(
    {
        "method": ["dasr", "no_ca", "oracle"],
        "regime": CELL.regime,
        "scale": 4,
        "parameters": [5_971_000, 5_800_000, 47_000],
        "flops": [58_240_000_000, 57_000_000_000, 1_234_000_000],
        "cpu_seconds": [1234.5, 987.0, float("nan")],
    }
)
MACHINE = "An i9"
Kernel = tuple[float, float, float]


def inference(milliseconds: Mapping[str, float]) -> pd.DataFrame:
    """Return what one job has measured, by method: a megabyte a millisecond, and 0.04 more."""
    frame = pd.DataFrame({"method": list(milliseconds), "milliseconds": milliseconds.values()})
    return frame.assign(
        study="demo", regime=CELL.regime, scale=CELL.scale, seed=1,
        milliseconds_low=frame["milliseconds"] - 1, milliseconds_high=frame["milliseconds"] + 1,
        peak_mb=frame["milliseconds"] + 0.04, lr_side=128, repetitions=15, threads=1,
        device="cpu", machine=MACHINE,
    )  # fmt: skip


def isotropic(*widths: float) -> list[Kernel]:
    return [(width, width, 0.0) for width in widths]


def grid(kernels: Sequence[Kernel], levels: Sequence[float]) -> list[dict[str, Any]]:
    """Return the keys of every cell and of the mean over them."""
    cells = []
    for one, two, theta in kernels:
        same = one == two
        for level in levels:
            cells.append(
                {
                    "kernel": f"{one:g}" if same else f"{one:g},{two:g},{theta:g}deg",
                    "kernel_width": one if same else float("nan"),
                    "lambda_1": one,
                    "lambda_2": two,
                    "theta_deg": theta,
                    "noise_level": level,
                }
            )
    return [*cells, {"kernel": "mean"}]


def psnr(method: str, cell: Mapping[str, Any]) -> float:
    """Return a PSNR that falls by 1 dB a pixel of width and 0.1 dB a grey level of noise."""
    return BASE[method] - float(cell["lambda_1"]) - 0.1 * float(cell["noise_level"])


def summary(
    kernels: Sequence[Kernel],
    levels: Sequence[float],
    methods: Sequence[str] = tuple(TITLES),
    best: Sequence[str] = ("dasr",),
) -> pd.DataFrame:
    """Return the summary of a grid; `best` are not told from the best method."""
    cells = grid(kernels, levels)
    rows = []
    for method in methods:
        values = [psnr(method, cell) for cell in cells[:-1]]
        base = [psnr("bicubic", cell) for cell in cells[:-1]]
        values.append(sum(values) / len(values))
        base.append(sum(base) / len(base))
        for cell, value, bicubic in zip(cells, values, base, strict=True):
            row = {"study": "demo", "method": method, **_where(), **cell}
            for name, number in (
                ("psnr_y_db", value),
                ("ssim_y", value / 100),
                ("gain_db", value - bicubic),
            ):
                half = HALF[method] / (100 if name == "ssim_y" else 1)
                row |= {name: number, f"{name}_low": number - half}
                row |= {f"{name}_high": number + half}
            row |= {"psnr_y_db_best": method in best, "ssim_y_best": method in best}
            rows.append({**row, "seeds": 1 if method == "bicubic" else 3, "images": 2})
    return pd.DataFrame(rows)


def margins(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the means of a summary's cells per kernel and per noise level."""
    cells = summary[summary["kernel"] != "mean"]
    known = ["study", "regime", "scale", "testset", "method"]
    values = ["psnr_y_db", "ssim_y"]
    best = ["psnr_y_db_best", "ssim_y_best"]
    parts = []
    for axis in ("kernel", *(name for name in FACTOR_NAMES if name in cells)):
        rows = cells.groupby([*known, axis], sort=False)
        found = rows[values].mean().join(rows[best].all()).reset_index()
        parts.append(found if axis == "kernel" else found.assign(kernel="mean"))
    return pd.concat(parts, ignore_index=True)


def paired(kernels: Sequence[Kernel], levels: Sequence[float]) -> pd.DataFrame:
    """Return differences of -0.5 dB that exclude 0, and of +1 dB that do not."""
    rows = []
    for method, difference, half in (("no_ca", -0.5, 0.25), ("oracle", 1.0, 1.5)):
        for cell in grid(kernels, levels):
            row = {"study": "demo", "method": method, **_where(), **cell, "reference": "dasr"}
            row |= {"difference_db": difference, "both_low_db": difference - half}
            row |= {"both_high_db": difference + half, "images": 2, "seeds": 3}
            rows.append({**row, "detectable_db": 0.6 if cell["kernel"] == "mean" else NAN})
    return pd.DataFrame(rows)


def clusters(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return scores of networks: 0.5, chances 0.2 and 0.3, but for what rows say otherwise."""
    chances = dict.fromkeys((c for score in SCORES for c in score.chance), 0.2)
    chances |= {score.chance[1]: 0.3 for score in SCORES}
    keys = {"study": "demo", "method": "dasr", **_where(), "seed": 1, "task": "kernel_width"}
    counts = {"points": 60, "classes": 4, "images": 7}
    scores = dict.fromkeys(COLUMNS, 0.5)
    return pd.DataFrame([{**keys, **scores, **chances, **counts, **row} for row in rows])


def cluster_summary(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return `clusters` summarised; resampled images vary by 0.1 to both sides."""
    networks = clusters(*rows)
    resampled = {
        (*(row[key] for key in KEYS), row["seed"], name): row[name]
        + np.linspace(-0.1, 0.1, 400)
        for row in networks.to_dict("records")
        for name in COLUMNS
    }
    return summarise_clusters(networks, resampled)


def _where() -> dict[str, Any]:
    return {"regime": CELL.regime, "scale": CELL.scale, "testset": CELL.testset}
