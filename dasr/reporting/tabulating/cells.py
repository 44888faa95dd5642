"""What tables show: numbers with intervals, ranks, costs, and the whole grid of them."""

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import pandas as pd

from dasr.reporting.rows import (
    factors,
    grid_cells,
    grid_key,
    grid_means,
    kernel_names,
    require_whole_grid,
    sample_size,
)
from dasr.reporting.specs import Item
from dasr.reporting.tabulating.model import Cell, Table, body
from dasr.study import Method
from dasr.terms.columns import MEAN
from dasr.terms.metrics import Metric
from dasr.terms.scores import Score
from dasr.text import (
    INFINITE,
    MISSING,
    at_least_text,
    capitalised,
    formatted,
    interval_text,
)

COSTS = ["parameters", "flops", "cpu_seconds"]
COST_HEADER = ["Params (M)", "FLOPs (G)"]
COST_NOTE = "FLOPs: one forward pass of a 48x48 LR patch."
UNITS_NOTE = "Kernel widths in HR pixels, noise levels in grey levels of 0..255."
INFINITE_NOTE = (
    f"{INFINITE}: an image is reproduced exactly, which makes its PSNR and every mean with "
    "it infinite; it has no interval and no difference, and is not ranked."
)
UNDEFINED_NOTE = f"{MISSING}: a PSNR is infinite (an image is reproduced exactly)."


def keyed_cells(
    rows: pd.DataFrame,
    columns: Sequence[str],
    texts: Iterable[str],
    bold: Iterable[bool] | None = None,
) -> dict[tuple[Hashable, Hashable], Cell]:
    """Return the cells of a table by (key of a column or line, method).

    Args:
        rows: one row per method and key.
        columns: what makes the key.
        texts: what each row's cell shows.
        bold: whether it is in bold; by default none is.
    """
    keys = rows[list(columns)].itertuples(index=False, name=None)
    marks = [False] * len(rows) if bold is None else list(bold)
    return {
        (key if len(columns) > 1 else key[0], method): Cell(text, bool(mark))
        for key, method, text, mark in zip(keys, rows["method"], texts, marks, strict=True)
    }


def grid_table(
    item: Item[Table],
    rows: pd.DataFrame,
    texts: Sequence[str],
    measure: Metric | None = None,
    *,
    caption: str,
    note: str,
) -> Table:
    """Return a row per cell of the grid and one for its mean, with a rule per kernel.

    Args:
        item: whose methods are the columns.
        rows: the numbers, one row per method, kernel and noise level.
        texts: what is shown of each row.
        measure: whose methods that are not told from the best are in bold; None for none.
        caption: of the table.
        note: below it.
    """
    require_whole_grid(rows)
    names = kernel_names(rows) | {MEAN: MEAN}
    key, tested = grid_key(rows), factors(rows)
    columns = {one.name: rows[one.name].astype(object) for one in tested}
    # the mean over the grid has no noise level
    keyed = rows.assign(**{name: own.where(own.notna(), "") for name, own in columns.items()})
    cells = keyed_cells(keyed, key, texts, None if measure is None else rows[measure.best])
    keys = pd.concat([grid_cells(keyed), grid_means(keyed)])[key].drop_duplicates()
    lines = []
    for kernel, *values in keys.itertuples(index=False):
        texts_of_key = (one.shown(value) for one, value in zip(tested, values, strict=True))
        own = [names[kernel], *texts_of_key]
        found = [cells[(kernel, *values), name] for name in item.titles]
        lines.append((kernel, [*own, *found]))
    return Table(
        caption=caption,
        numbers=rows,
        header=[
            "Kernel",
            *(capitalised(one.label) for one in tested),
            *item.titles.values(),
        ],
        alignment=["l", *"r" * (len(tested) + len(item.titles))],
        note=note,
        **body(lines),
    )


def plus_minus(rows: pd.DataFrame, metric: Metric) -> list[str]:
    """Return "27.45 ± 0.12", mean and half of its interval if it has one, of each row.

    A few seeds agree by luck: what would be "± 0.00" is below the last decimal and no more.
    """
    low, high = metric.bounds
    half = (rows[high] - rows[low]) / 2
    return [
        fixed(mean, metric)
        + ("" if np.isnan(spread) else f" ± {at_least_text(spread, metric.decimals)}")
        for mean, spread in zip(rows[metric.column], half, strict=True)
    ]


def quality_note(rows: pd.DataFrame, metric: Metric, methods: Sequence[Method]) -> str:
    """Return what stands behind the numbers, what ± means, and what is bold."""
    note = f"Mean over {sample_size(rows)}; {spread_note(rows)}"
    note += f"{bold_note(rows, metric, methods)}. {UNITS_NOTE}"
    return f"{note} {INFINITE_NOTE}" if has_infinite(rows, metric) else note


def bold_note(rows: pd.DataFrame, metric: Metric, methods: Sequence[Method]) -> str:
    """Return what is bold, and what cannot be; nothing of a single network."""
    if sum(one.is_ranked for one in methods) < 2:
        return ""
    if not rows[metric.best].any():
        return "; nothing is bold, since nothing is told from the best"
    apart = [one.title for one in methods if one.is_network and not one.is_ranked]
    unranked = f", not ranked: {', '.join(apart)}" if apart else ""
    return (
        "; in bold every network that images and seeds do not tell from the best one "
        f"(exploratory, 5 % per column after Holm){unranked}"
    )


def spread_note(rows: pd.DataFrame) -> str:
    """Return what ± means, or why there is none."""
    if (rows["seeds"] < 2).all():
        return "one seed has no interval"
    return "±: half of the 95 % interval over seeds"


def has_infinite(rows: pd.DataFrame, metric: Metric) -> bool:
    """Whether a value is infinite, which `INFINITE_NOTE` explains."""
    return bool(np.isinf(rows[metric.column].astype(float)).any())


def fixed(value: float, measure: Metric | Score) -> str:
    """Return a number with the decimals of its metric or score."""
    return formatted(value, f".{measure.decimals}f")


def bracketed(
    rows: pd.DataFrame, columns: Sequence[str], decimals: int, sign: str = ""
) -> list[str]:
    """Return "0.66 [0.60, 0.72]" of each row's mean and bounds; NaN bounds have no bracket."""
    return [
        interval_text(float(mean), float(low), float(high), decimals, sign)
        for mean, low, high in rows[list(columns)].itertuples(index=False)
    ]


def cost_cells(spent: pd.DataFrame, method: str) -> list[str]:
    """Return parameters in millions and FLOPs in thousands of millions, one 48x48 patch."""
    return [
        significant(float(spent["parameters"][method]) / 1e6),
        significant(float(spent["flops"][method]) / 1e9),
    ]


def costs_of(
    costs: pd.DataFrame, methods: Sequence[Method], regime: str, scale: int
) -> pd.DataFrame:
    """Return the columns `COSTS` by method; NaN for bicubic, which has none.

    Args:
        costs: rows of `dasr.statistics.costs`.
        methods: in the order of rows.
        regime: one of those in `costs`.
        scale: one of those in `costs`.

    Raises:
        ValueError: a network has no row, or several.
    """
    rows = costs[(costs["regime"] == regime) & (costs["scale"] == scale)]
    for method in methods:
        count = int((rows["method"] == method.name).sum())
        if method.is_network and count != 1:
            raise ValueError(
                f"costs: {count} rows for method {method.name!r}, regime {regime!r}, "
                f"scale {scale}"
            )
    names = [method.name for method in methods]
    return rows.set_index("method")[COSTS].astype(float).reindex(names)


def significant(value: float) -> str:
    """Return a number with three significant digits."""
    if np.isnan(value):
        return MISSING
    text = np.format_float_positional(value, precision=3, unique=False, fractional=False)
    return text.rstrip(".")
