"""A study's numbers beside the published ones: ours, published, difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dasr.config import BICUBIC
from dasr.reporting.published.protocols import GAUSSIAN8_WIDTHS
from dasr.reporting.published.rows import published_for, published_names, read_published
from dasr.reporting.rows import grid_cells, networks, sample_size
from dasr.reporting.tables.cells import (
    INFINITE_NOTE,
    PSNR,
    fixed,
    has_infinite,
    plus_minus,
    spread_note,
)
from dasr.reporting.tables.layouts import Layout
from dasr.reporting.tables.writing import Cell, Table
from dasr.statistics.summaries import difference
from dasr.terms.columns import DEGRADATION
from dasr.text import MISSING, formatted

PUBLISHED = f"published_{PSNR.column}"
DIFFERENCE = "difference_db"
KINDS = ("ours", "published", "difference")
"""The lines of a method."""
COLUMNS = [
    "scale",
    "testset",
    "method",
    *DEGRADATION,
    PSNR.column,
    f"{PSNR.column}_low",
    f"{PSNR.column}_high",
    "seeds",
    "published_method",
    PUBLISHED,
    DIFFERENCE,
    "source",
]
PUBLISHED_TRAINING = (
    "DASR as published: 582,000 steps of 32 images of DF2K, 5.8 M parameters. A difference "
    "mixes the length of the training, its images, the network's size and chance; it is a "
    "measure of none of them alone."
)
BICUBIC_NOTE = (
    "Why bicubic, which is not trained, differs: the published rows agree with the authors' "
    "released degradation where there is no blur (Set5, x4: 28.42 published, 28.43 measured "
    "with it) and drift away from it as blur grows (width 1.2: 27.30 and 27.69; width 3.6: "
    "23.40 and 24.45). The released networks, on that degradation, do reproduce the "
    "published DASR rows, as their users report. So the degradation here is the released "
    "one, and is not bent to fit the bicubic rows."
)
"""Published numbers: Table 2; measured ones: bicubic through the released code."""
KERNELS_NOTE = (
    "The paper draws the kernels of its columns and gives no numbers; these are the ones "
    "that the authors of a follow-up report, another has λ2 = 0.5 for the first."
)


@dataclass(frozen=True)
class Ours:
    """What is compared with published numbers."""

    rows: pd.DataFrame
    """Of `dasr.statistics.summaries.summarise`: one scale."""
    titles: Mapping[str, str]
    budget_note: str
    """How large the trainings were."""
    stands_for: Mapping[str, str]
    """Imported networks, with the variant whose published rows are theirs."""


def twin_table(protocol: str, layout: Layout, ours: Ours, *, caption: str) -> Table:
    """Return three lines a method, then the published methods that the study lacks.

    The CSV file is tidy: a row a method and degradation, `method` empty if the study does
    not have it. Where nothing is published, cells show an en dash and the file is empty.
    """
    numbers = _numbers(protocol, layout, ours)
    mine = numbers[numbers["method"].notna()]
    others = numbers[numbers["method"].isna()]
    body: list[list[Cell]] = []
    rules = []
    for method, title in ours.titles.items():
        rules.append(len(body))
        body += _lines(layout, mine[mine["method"] == method], title, KINDS)
    for place, (name, rows) in enumerate(others.groupby("published_method", sort=False)):
        if place == 0 or len(layout.lines) > 1:
            rules.append(len(body))
        body += _lines(layout, rows, str(name), ["published"])
    own = [*layout.own_columns, ""]
    heads = list(layout.heads)
    return Table(
        caption=caption,
        numbers=numbers[COLUMNS],
        header=[*own, *heads],
        rows=body,
        alignment=["l", *"r" * (len(own) - 2), "l", *"r" * len(heads)],
        note=_note(protocol, layout, mine, ours),
        rules=frozenset(rules[1:]),
        groups=(("", len(own)), *layout.groups) if layout.groups else (),
        pictures={len(own) + place: item for place, item in layout.pictures.items()},
    )


def _numbers(protocol: str, layout: Layout, ours: Ours) -> pd.DataFrame:
    """Return a row a method and degradation; `method` is missing if only published."""
    names = published_names(protocol, ours.titles, ours.stands_for)
    published = published_for(protocol, ours.titles, ours.stands_for)
    others = read_published(protocol).rename(columns={"method": "published_method"})
    others = others[~others["published_method"].isin(list(names.values()))]
    published, others = (
        layout.place(_comparable(protocol, frame, ours.rows)).rename(
            columns={PSNR.column: PUBLISHED}
        )
        for frame in (published, others)
    )
    on = ["method", "testset", "setting"]
    merged = layout.place(ours.rows).merge(
        published[[*on, "published_method", PUBLISHED, "source"]], how="left", on=on
    )
    merged[DIFFERENCE] = difference(merged[PSNR.column], merged[PUBLISHED])
    both = pd.concat([merged, others], ignore_index=True) if len(others) else merged
    return both.astype({"seeds": "Int64"})


def _comparable(protocol: str, published: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the published rows of the scale; none if Gaussian8's kernels are others."""
    (scale,) = rows["scale"].unique()
    if protocol == "gaussian8" and not _is_gaussian8(rows):
        return published[:0]
    return published[published["scale"] == scale]


def _is_gaussian8(rows: pd.DataFrame) -> bool:
    """Whether rows' means are over the kernels that the published means are over."""
    (scale,) = rows["scale"].unique()
    widths = sorted(grid_cells(rows)["kernel_width"].unique())
    return widths == list(GAUSSIAN8_WIDTHS.get(scale, ()))


def _lines(
    layout: Layout, rows: pd.DataFrame, title: str, kinds: Sequence[str]
) -> list[list[Cell]]:
    """Return one method's lines: those of `kinds` for every line of the layout."""
    places = list(zip(rows["line"], rows["column"], strict=True))
    texts = {kind: dict(zip(places, _texts(rows, kind), strict=True)) for kind in kinds}
    lines: list[list[Cell]] = []
    for line, text in enumerate(layout.lines):
        for kind in kinds:
            own = [title if not lines else ""]
            own += [text if kind == kinds[0] else ""] if layout.line_header else []
            values = [
                texts[kind].get((line, column), MISSING) for column in range(len(layout.heads))
            ]
            lines.append([Cell(value) for value in (*own, kind, *values)])
    return lines


def _texts(rows: pd.DataFrame, kind: str) -> list[str]:
    """Return what a line shows of each row; a dash where nothing is published."""
    if kind == "ours":
        return list(plus_minus(rows, PSNR))
    if kind == "published":
        return [fixed(value, PSNR) for value in rows[PUBLISHED]]
    return [formatted(value, f"+.{PSNR.decimals}f") for value in rows[DIFFERENCE]]


def _note(protocol: str, layout: Layout, mine: pd.DataFrame, ours: Ours) -> str:
    """Return what is compared, what a difference mixes, and what is known of its causes."""
    parts = [f"Ours: mean over {sample_size(mine)}; {spread_note(mine)}. {layout.note}"]
    parts += [INFINITE_NOTE] if has_infinite(mine, PSNR) else []
    compared = mine[mine[PUBLISHED].notna()]
    sources = " and ".join(sorted(compared["source"].unique()))
    if sources:
        parts.append(
            f"Published: {sources}. Difference: ours minus published, in dB; "
            f"{MISSING}: nothing is published."
        )
    else:
        parts.append(f"{MISSING}: nothing is published for the methods and degradations here.")
    if protocol == "gaussian8" and not _is_gaussian8(ours.rows):
        parts.append("The published means are over other kernels, or at another scale.")
    if networks(ours.titles) and ours.budget_note:
        parts.append(f"Trained here: {ours.budget_note}.")
    imported = [title for method, title in ours.titles.items() if method in ours.stands_for]
    if imported:
        parts.append(f"Imported, not trained here: {', '.join(imported)}.")
    if (compared["method"] != BICUBIC).any():
        parts.append(PUBLISHED_TRAINING)
    if protocol == "table2":
        blurred = compared[compared["kernel_width"] > 0]
        parts += [BICUBIC_NOTE] if (blurred["method"] == BICUBIC).any() else []
    if protocol == "table3" and sources:
        parts.append(KERNELS_NOTE)
    return " ".join(parts)
