"""What the cells of a table show: numbers with intervals, ranks, costs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dasr.reporting.rows import networks, sample_size
from dasr.reporting.tables.writing import Cell
from dasr.text import INFINITE, MISSING, formatted

COSTS = ["parameters", "flops"]
COST_HEADER = ["Params (M)", "FLOPs (G)"]
COST_NOTE = "FLOPs: one forward pass of a 48x48 LR patch."
UNITS_NOTE = "Kernel widths in HR pixels, noise levels in grey levels of 0..255."
INFINITE_NOTE = (
    f"{INFINITE}: an image is reproduced exactly, which makes its PSNR and every mean with "
    "it infinite; it has no interval and no difference, and is not ranked."
)
UNDEFINED_NOTE = f"{MISSING}: a PSNR is infinite (an image is reproduced exactly)."


@dataclass(frozen=True)
class Metric:
    """How a metric is shown; larger is better."""

    column: str
    title: str
    decimals: int


PSNR = Metric("psnr_y_db", "PSNR on Y (dB)", 2)
SSIM = Metric("ssim_y", "SSIM on Y", 4)


def plus_minus(group: pd.DataFrame, metric: Metric) -> pd.Series:
    """Return "27.45 ± 0.12", mean and half of its interval if it has one, of each row."""
    half = (group[f"{metric.column}_high"] - group[f"{metric.column}_low"]) / 2
    texts = [
        fixed(mean, metric) + ("" if np.isnan(spread) else f" ± {fixed(spread, metric)}")
        for mean, spread in zip(group[metric.column], half, strict=True)
    ]
    return pd.Series(texts, index=group.index)


def quality_note(
    rows: pd.DataFrame, metric: Metric, titles: Mapping[str, str], unranked: Collection[str]
) -> str:
    """Return what stands behind the numbers, what ± means, and what is bold."""
    apart = [titles[method] for method in unranked if method in titles]
    ranked = "best network in bold" + (f", not ranked: {', '.join(apart)}" if apart else "")
    note = f"Mean over {sample_size(rows)}; {spread_note(rows)}; {ranked}. {UNITS_NOTE}"
    return f"{note} {INFINITE_NOTE}" if has_infinite(rows, metric) else note


def spread_note(rows: pd.DataFrame) -> str:
    """Return what ± means, or why there is none."""
    if (rows["seeds"] < 2).all():
        return "one seed has no interval"
    return "±: half of the 95 % interval over seeds"


def has_infinite(rows: pd.DataFrame, metric: Metric) -> bool:
    """Whether a value is infinite, which `INFINITE_NOTE` explains."""
    return bool(np.isinf(rows[metric.column].astype(float)).any())


def fixed(value: float, metric: Metric) -> str:
    """Return a number with the metric's decimals."""
    return formatted(value, f".{metric.decimals}f")


def bracketed(mean: float, low: float, high: float, form: str) -> str:
    """Return "0.66 [0.60, 0.72]"; without the bracket if the interval is NaN."""
    if np.isnan(low) or np.isnan(high):
        return formatted(mean, form)
    low_text, high_text = formatted(low, form), formatted(high, form)
    return f"{formatted(mean, form)} [{low_text}, {high_text}]"


def differences(group: pd.DataFrame) -> pd.Series:
    """Return "-0.12 [-0.20, -0.04] *" in dB of each row: "*" where the interval excludes 0."""
    bounds = group[["difference_db", "both_low_db", "both_high_db"]].to_numpy(dtype=float)
    texts = [
        bracketed(mean, low, high, "+.2f") + (" *" if low > 0 or high < 0 else "")
        for mean, low, high in bounds
    ]
    return pd.Series(texts, index=group.index)


def significant(value: float, unit: float) -> str:
    """Return `value / unit` with three significant digits."""
    if np.isnan(value):
        return MISSING
    return str(
        np.format_float_positional(value / unit, precision=3, unique=False, fractional=False)
    ).rstrip(".")


def cost_cells(spent: pd.DataFrame, method: str) -> list[Cell]:
    """Return parameters in millions and FLOPs in thousands of millions, one 48x48 patch."""
    return [
        Cell(significant(float(spent["parameters"][method]), 1e6)),
        Cell(significant(float(spent["flops"][method]), 1e9)),
    ]


def costs_of(
    costs: pd.DataFrame, titles: Mapping[str, str], *, regime: str, scale: int
) -> pd.DataFrame:
    """Return parameters and FLOPs by method; NaN for bicubic, which has none.

    Args:
        costs: columns method, scale, parameters, flops and perhaps regime.
        titles: title of each method, in the order of rows.
        regime: name of the regime, used if `costs` has that column.
        scale: one of those in `costs`.

    Raises:
        ValueError: a network has no row, or several.
    """
    rows = costs[costs["scale"] == scale]
    if "regime" in rows:
        rows = rows[rows["regime"] == regime]
    for method in networks(titles):
        count = int((rows["method"] == method).sum())
        if count != 1:
            raise ValueError(
                f"costs: {count} rows for method {method!r}, regime {regime!r}, scale {scale}"
            )
    return rows.set_index("method")[COSTS].astype(float).reindex(list(titles))
