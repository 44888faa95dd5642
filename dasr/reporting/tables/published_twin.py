"""A study's numbers beside the published ones: ours, published, difference."""

from collections.abc import Iterator, Sequence
from itertools import product

import pandas as pd

from dasr.reporting.published.layouts import SLOT, Layout, layout_of, layout_rows, layout_spec
from dasr.reporting.published.rows import published_names, read_published
from dasr.reporting.rows import grid_cells, sample_size
from dasr.reporting.specs import Item
from dasr.reporting.tabulating import cells
from dasr.reporting.tabulating.model import Table
from dasr.statistics.summaries import difference
from dasr.terms.columns import BICUBIC, DEGRADATION
from dasr.terms.metrics import RANKING
from dasr.text import MISSING, formatted

PUBLISHED = f"published_{RANKING.column}"
DIFFERENCE = "difference_db"
LINES = ("ours", "published", "difference")
"""Of each method."""
COLUMNS = ["scale", "testset", "method", *DEGRADATION, RANKING.column, *RANKING.bounds, "seeds"]
COLUMNS += ["published_method", PUBLISHED, DIFFERENCE, "source"]
PUBLISHED_TRAINING = (
    "DASR as published: 582,000 steps of 32 images of DF2K, 5.8 M parameters. A difference "
    "mixes the length of the training, its images, the network's size and chance; it is a "
    "measure of none of them alone."
)


def make(item: Item[Table]) -> Table:
    """Return three lines per method, then the published methods that the study lacks.

    The CSV file is tidy: a row per method and degradation, `method` empty if the study does
    not have it. Where nothing is published, cells show an en dash and the file is empty.
    """
    rows = layout_rows(item)
    layout = layout_of(item.subject, rows)
    numbers = _numbers(item, layout, rows)
    return layout.table(
        item,
        "beside the published numbers,",
        [("", "l")],
        [("", len(layout.own) + 1)],
        _lines(item, layout, numbers),
        numbers=numbers[COLUMNS],
        note=_note(item, layout, numbers, rows),
    )


def _numbers(item: Item[Table], layout: Layout, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row per method and degradation; `method` is missing if only published."""
    names = published_names(item.subject, item.methods)
    known = read_published(item.subject).rename(
        columns={"method": "published_method", RANKING.column: PUBLISHED}
    )
    comparable = (known["scale"] == item.cell.scale) & _has_means(item, rows)
    known = layout.placed(known[comparable])
    ours = pd.DataFrame(names.items(), columns=["method", "published_method"], dtype=object)
    on = ["method", "testset", "setting"]
    published = ours.merge(known, on="published_method")[
        [*on, "published_method", PUBLISHED, "source"]
    ]
    merged = layout.placed(rows).merge(published, how="left", on=on)
    merged[DIFFERENCE] = difference(merged[RANKING.column], merged[PUBLISHED])
    others = known[~known["published_method"].isin(list(names.values()))]
    both = pd.concat([merged, others], ignore_index=True) if len(others) else merged
    return both.astype({"seeds": "Int64"})


def _has_means(item: Item[Table], rows: pd.DataFrame) -> bool:
    """Whether rows' means, if those are published, are over the kernels of the protocol."""
    widths = sorted(grid_cells(rows)["kernel_width"].unique())
    published = item.subject.mean_widths
    return not published or widths == list(published.get(item.cell.scale, ()))


def _lines(
    item: Item[Table], layout: Layout, numbers: pd.DataFrame
) -> Iterator[tuple[str, list[str]]]:
    """Yield every line with its group: between groups is a rule."""
    blocks: list[tuple[str, str, Sequence[str], pd.DataFrame]] = [
        (f"ours: {method}", title, LINES, numbers[numbers["method"] == method])
        for method, title in item.titles.items()
    ]
    others = numbers[numbers["method"].isna()]
    for name, rows in others.groupby("published_method", sort=False):
        group = f"published: {name}" if len(layout.lines) > 1 else "published"
        blocks.append((group, str(name), ("published",), rows))
    for group, title, kinds, rows in blocks:
        texts = _texts(rows)
        for number, ((line, text), kind) in enumerate(product(enumerate(layout.lines), kinds)):
            own = ["" if number else title, text if kind == kinds[0] else ""]
            shown = [
                texts[kind].get((line, column), MISSING) for column in range(len(layout.heads))
            ]
            yield group, [*own[: len(layout.own)], kind, *shown]


def _texts(rows: pd.DataFrame) -> dict[str, dict[tuple[int, int], str]]:
    """Return what each of `LINES` shows of one method, by line and column of the layout."""
    texts = {
        "ours": cells.plus_minus(rows, RANKING),
        "published": [cells.fixed(value, RANKING) for value in rows[PUBLISHED]],
        "difference": [formatted(one, f"+.{RANKING.decimals}f") for one in rows[DIFFERENCE]],
    }
    slots = list(rows[SLOT].itertuples(index=False, name=None))
    return {kind: dict(zip(slots, own, strict=True)) for kind, own in texts.items()}


def _note(item: Item[Table], layout: Layout, numbers: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Return what is compared, what a difference mixes, and what is known of its causes."""
    protocol, mine = item.subject, numbers[numbers["method"].notna()]
    compared = mine[mine[PUBLISHED].notna()]
    sources = " and ".join(sorted(compared["source"].unique()))
    imported = [method.title for method in item.methods if method.kind == "imported"]
    blurred = compared[compared["kernel_width"] > 0]
    published = (
        f"Published: {sources}. Difference: ours minus published, in dB; {MISSING}: nothing "
        "is published."
    )
    nothing = f"{MISSING}: nothing is published for the methods and degradations here."
    parts = {
        f"Ours: mean over {sample_size(mine)}; {cells.spread_note(mine)}. {layout.note}": True,
        cells.INFINITE_NOTE: cells.has_infinite(mine, RANKING),
        published if sources else nothing: True,
        "The published means are over other kernels, or at another scale.": not _has_means(
            item, rows
        ),
        f"Trained here: {item.plan.study.size()}.": any(one.is_network for one in item.methods),
        f"Imported, not trained here: {', '.join(imported)}.": bool(imported),
        PUBLISHED_TRAINING: (compared["method"] != BICUBIC).any(),
        protocol.bicubic_note: (blurred["method"] == BICUBIC).any(),
        protocol.note: bool(sources),
    }
    return " ".join(text for text, said in parts.items() if text and said)


TABLE = layout_spec("published_twin", 70, make, "_published")
