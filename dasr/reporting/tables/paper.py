"""A study in the layout of a published table, and its twin beside the published numbers."""

from collections.abc import Collection, Hashable, Iterator, Mapping

import pandas as pd

from dasr.config import BICUBIC
from dasr.reporting.published.protocols import (
    PROTOCOLS,
    WHOLE_SCALE,
    require_protocol,
    table_place,
)
from dasr.reporting.published.rows import Marks, published_marks
from dasr.reporting.rows import (
    Where,
    best,
    networks,
    require_whole_grid,
    sample_size,
    select,
)
from dasr.reporting.tables.cells import (
    INFINITE_NOTE,
    PSNR,
    fixed,
    has_infinite,
    plus_minus,
    spread_note,
)
from dasr.reporting.tables.layouts import PLACE, Layout, layout_of
from dasr.reporting.tables.twins import Ours, twin_table
from dasr.reporting.tables.writing import Cell, Table
from dasr.text import MISSING

MARK_GROUPS = (("", 1), ("DA conv", 2), ("", 1))
MARK_HEADER = ["Representation learning", "kernel", "modulation", "Oracle degradation"]
SYMBOLS = {True: "✓", False: "✗", None: MISSING}
WITH_SPREAD = frozenset({"table1", "gaussian8"})
"""Protocols with few enough columns to show half of the interval in each."""


def paper_tables(
    protocol: str,
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    *,
    regime: str,
    budget_note: str,
    unranked: Collection[str] = (),
    stands_for: Mapping[str, str],
    marks: Mapping[str, Marks],
) -> dict[str, Table]:
    """Return a study's tables in a protocol's layout, each with its twin, by name.

    Names are those of `dasr.reporting.published.protocols.paper_table_names`. A method
    without rows at a scale is left out there, since a network may be imported for one
    scale alone.

    Args:
        protocol: one of `dasr.reporting.published.protocols.PROTOCOLS`.
        summary: rows of `dasr.statistics.summaries.summarise`, the whole study's.
        titles: title of each method, in the order of rows.
        regime: name of the study's regime.
        budget_note: how large the study's trainings were, e.g. "2,400 joint steps of 8
            pairs, 0.53 M parameters"; said of networks that are not in `stands_for`.
        unranked: methods that are never set in bold; bicubic never is.
        stands_for: imported networks, with the variant whose published rows are theirs.
        marks: Table 1's check marks by method. Those that are published come first; a
            method with neither gets dashes.

    Raises:
        UserError: no such protocol, or degradations that it has no place for.
        ValueError: a method has no rows, or lacks a cell that another one has.
    """
    require_protocol(protocol)
    tables = {}
    for scale, testset, rows, shown in _blocks(protocol, summary, titles, regime):
        where = f"{f'{testset}, ' if testset else ''}x{scale}, regime {regime}"
        name, place = PROTOCOLS[protocol], table_place(protocol, scale, testset)
        layout = layout_of(protocol, rows)
        known = _marks(shown, stands_for, marks) if protocol == "table1" else {}
        tables[f"{protocol}-{place}"] = _table(
            layout,
            rows,
            shown,
            unranked=unranked,
            marks=known,
            spread=protocol in WITH_SPREAD,
            caption=f"{PSNR.title} in the layout of {name}: {where}",
        )
        tables[f"{protocol}_published-{place}"] = twin_table(
            protocol,
            layout,
            Ours(rows, shown, budget_note, stands_for),
            caption=f"{PSNR.title} beside the published numbers, {name}: {where}",
        )
    return tables


def _blocks(
    protocol: str, summary: pd.DataFrame, titles: Mapping[str, str], regime: str
) -> Iterator[tuple[int, str, pd.DataFrame, dict[str, str]]]:
    """Yield scale, test set ("" for all), rows and titles of what each table is about."""
    mine = summary[summary["regime"] == regime]
    missing = [method for method in titles if method not in set(mine["method"])]
    if missing or not titles:
        raise ValueError(f"nothing to report of {missing or 'no method'}: regime {regime}")
    for scale, at_scale in mine.groupby("scale", sort=False):
        present = set(at_scale["method"])
        shown = {method: title for method, title in titles.items() if method in present}
        sets = [str(name) for name in at_scale["testset"].unique()]
        whole = [select(summary, shown, Where(regime, int(str(scale)), name)) for name in sets]
        for rows in whole:
            require_whole_grid(rows)
        if protocol in WHOLE_SCALE:
            sets, whole = [""], [pd.concat(whole, ignore_index=True)]
        for name, rows in zip(sets, whole, strict=True):
            yield int(str(scale)), name, rows, shown


def _table(
    layout: Layout,
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    *,
    unranked: Collection[str],
    marks: Mapping[str, Marks],
    spread: bool,
    caption: str,
) -> Table:
    placed = layout.place(rows)
    texts = plus_minus(placed, PSNR)
    if not spread:
        texts = placed[PSNR.column].map(lambda number: fixed(number, PSNR))
    places = zip(placed["line"], placed["column"], placed["method"], strict=True)
    shown = dict(zip(places, texts, strict=True))
    first = _best(placed, unranked)
    body: list[list[Cell]] = []
    rules = []
    for method, title in titles.items():
        rules.append(len(body))
        for line, text in enumerate(layout.lines):
            own = [Cell("" if line else title), *([Cell(text)] if layout.line_header else [])]
            own += [Cell(SYMBOLS[mark]) for mark in marks.get(method, ())]
            keys = [(line, column, method) for column in range(len(layout.heads))]
            body.append([*own, *(Cell(shown[key], key in first) for key in keys)])
    middle = MARK_HEADER if marks else []
    before = [*layout.own_columns, *middle]
    return Table(
        caption=caption,
        numbers=rows,
        header=[*before, *layout.heads],
        rows=body,
        alignment=["l", *"r" * (len(layout.own_columns) - 1), *"c" * len(middle)]
        + ["r"] * len(layout.heads),
        note=_note(layout, placed, titles, unranked, spread=spread, marked=bool(marks)),
        rules=frozenset(rules[1:]) if len(layout.lines) > 1 else frozenset(),
        groups=_groups(layout, marked=bool(marks)),
        pictures={len(before) + place: item for place, item in layout.pictures.items()},
    )


def _best(
    placed: pd.DataFrame, unranked: Collection[str]
) -> set[tuple[Hashable, Hashable, Hashable]]:
    """Return line, column and method of what is set in bold."""
    return {
        (line, column, method)
        for (line, column), slot in placed.groupby(PLACE)
        for method in best(slot.set_index("method")[PSNR.column], PSNR.decimals, unranked)
    }


def _groups(layout: Layout, *, marked: bool) -> tuple[tuple[str, int], ...]:
    if not layout.groups:
        return ()
    own = (("", len(layout.own_columns)),)
    return (*own, *(MARK_GROUPS if marked else ()), *layout.groups)


def _marks(
    titles: Mapping[str, str], stands_for: Mapping[str, str], marks: Mapping[str, Marks]
) -> dict[str, Marks]:
    """Return the check marks of each method: published, else given, else dashes."""
    published = published_marks()
    unknown: Marks = (None, None, None, None)
    return {
        method: published.get(stands_for.get(method, method), marks.get(method, unknown))
        for method in titles
    }


def _note(
    layout: Layout,
    placed: pd.DataFrame,
    titles: Mapping[str, str],
    unranked: Collection[str],
    *,
    spread: bool,
    marked: bool,
) -> str:
    """Return what stands behind the numbers, what is bold, and what marks mean."""
    interval = spread_note(placed)
    if not spread and (placed["seeds"] > 1).any():
        interval = "intervals over seeds: in the table beside the published numbers"
    apart = [titles[method] for method in titles if method in {BICUBIC, *unranked}]
    ranked = f"; not ranked: {', '.join(apart)}" if apart else ""
    bold = f"; best network in bold{ranked}" if networks(titles) else ""
    legend = f" ✓: has it, ✗: lacks it, {MISSING}: does not apply or is not known."
    infinite = f" {INFINITE_NOTE}" if has_infinite(placed, PSNR) else ""
    return f"Mean over {sample_size(placed)}; {interval}{bold}. {layout.note}{infinite}" + (
        legend if marked else ""
    )
