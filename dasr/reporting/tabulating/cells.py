"""What tables show: numbers with intervals, ranks, costs, and the whole grid of them."""

from collections.abc import Collection, Hashable, Iterable, Sequence

import numpy as np
import pandas as pd

from dasr.reporting.rows import (
    best,
    grid_cells,
    grid_key,
    grid_means,
    kernel_names,
    quantities,
    require_whole_grid,
    sample_size,
)
from dasr.reporting.specs import Item
from dasr.reporting.tabulating.model import Cell, Table, body
from dasr.study import Method
from dasr.terms.columns import MEAN
from dasr.terms.metrics import Metric
from dasr.terms.scores import Score
from dasr.text import INFINITE, MISSING, capitalised, formatted

COSTS = ["parameters", "flops", "cpu_seconds"]
COST_HEADER = ["Params (M)", "FLOPs (G)"]
COST_NOTE = "FLOPs: one forward pass of a 48x48 LR patch."
UNITS_NOTE = "Kernel widths in HR pixels, noise levels in grey levels of 0..255."
INFINITE_NOTE = (
    f"{INFINITE}: an image is reproduced exactly, which makes its PSNR and every mean with "
    "it infinite; it has no interval and no difference, and is not ranked."
)
UNDEFINED_NOTE = f"{MISSING}: a PSNR is infinite (an image is reproduced exactly)."


def ranked_cells(
    rows: pd.DataFrame,
    columns: Sequence[str],
    texts: Iterable[str],
    measure: Metric | Score | None = None,
    unranked: Collection[str] = (),
) -> dict[tuple[Hashable, Hashable], Cell]:
    """Return the cells of a table by (key of a column or line, method), the best in bold.

    Args:
        rows: one row per method and key, with the measure's column.
        columns: what makes the key: those of one key are compared with each other.
        texts: what each row's cell shows.
        measure: says which column is compared, how many decimals count, and the direction;
            None for no ranking.
        unranked: methods that are never set in bold.
    """
    cells: dict[tuple[Hashable, Hashable], Cell] = {}
    for key, group in rows.assign(text=list(texts)).groupby(
        list(columns), sort=False, dropna=False
    ):
        own = key if len(columns) > 1 else key[0]
        values = group.set_index("method")
        first = best(values[measure.column], measure, unranked) if measure else set()
        for method, text in zip(group["method"], group["text"], strict=True):
            cells[own, method] = Cell(text, method in first)
    return cells


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
        measure: of what the best of each row is set in bold; None for no ranking.
        caption: of the table.
        note: below it.
    """
    require_whole_grid(rows)
    names = kernel_names(rows) | {MEAN: MEAN}
    key, tested = grid_key(rows), quantities(rows)
    columns = {one.name: rows[one.name].astype(object) for one in tested}
    # the mean over the grid has no noise level
    keyed = rows.assign(**{name: own.where(own.notna(), "") for name, own in columns.items()})
    cells = ranked_cells(keyed, key, texts, measure, item.unranked)
    keys = pd.concat([grid_cells(keyed), grid_means(keyed)])[key].drop_duplicates()
    lines = []
    for kernel, *values in keys.itertuples(index=False):
        own = [names[kernel], *("" if value == "" else f"{value:g}" for value in values)]
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
    """Return "27.45 ± 0.12", mean and half of its interval if it has one, of each row."""
    low, high = metric.bounds
    half = (rows[high] - rows[low]) / 2
    return [
        fixed(mean, metric) + ("" if np.isnan(spread) else f" ± {fixed(spread, metric)}")
        for mean, spread in zip(rows[metric.column], half, strict=True)
    ]


def quality_note(rows: pd.DataFrame, metric: Metric, methods: Sequence[Method]) -> str:
    """Return what stands behind the numbers, what ± means, and what is bold."""
    apart = [one.title for one in methods if one.is_network and not one.is_ranked]
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


def fixed(value: float, measure: Metric | Score) -> str:
    """Return a number with the decimals of its metric or score."""
    return formatted(value, f".{measure.decimals}f")


def bracketed(rows: pd.DataFrame, columns: Sequence[str], form: str) -> list[str]:
    """Return "0.66 [0.60, 0.72]" of each row's mean and bounds; NaN bounds have no bracket."""
    shown = [
        [formatted(number, form) for number in row]
        for row in rows[list(columns)].itertuples(index=False)
    ]
    return [
        mean if MISSING in (low, high) else f"{mean} [{low}, {high}]"
        for mean, low, high in shown
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
