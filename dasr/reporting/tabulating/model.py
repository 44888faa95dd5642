"""A table: the numbers for machines, and the text that people read."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd


class Cell(NamedTuple):
    """What a cell shows, unescaped."""

    text: str
    bold: bool = False


class Picture(NamedTuple):
    """A small picture, as the contents of its files."""

    name: str
    """Of its files, without folder and suffix."""
    png: bytes
    pdf: bytes


def body(lines: Iterable[tuple[Hashable, Sequence[Any]]]) -> dict[str, Any]:
    """Return `rows` and `rules` of a table: of cells or texts, with groups that rules part."""
    lines = list(lines)
    ends = enumerate(pairwise(group for group, _ in lines), start=1)
    return {
        "rows": [
            [one if isinstance(one, Cell) else Cell(one) for one in own] for _, own in lines
        ],
        "rules": frozenset(number for number, (above, below) in ends if above != below),
    }


@dataclass(frozen=True)
class Table:
    """What is written as CSV, Markdown, LaTeX and HTML."""

    caption: str
    numbers: pd.DataFrame
    """Unrounded, keys as columns: the CSV file."""
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    alignment: Sequence[str]
    """LaTeX, one per column: "l", "r", "c", or a paragraph such as "p{6cm}"."""
    note: str = ""
    sentences: Sequence[str] = ()
    """Below the note, each a paragraph of its own."""
    provenance: str = ""
    """Below all of it: where the numbers come from."""
    rules: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the rows with a line above."""
    groups: Sequence[tuple[str, int]] = ()
    """Headings above the header, from the left: text ("" for none), number of columns."""
    pictures: Mapping[int, Picture] = field(default_factory=dict)
    """Above the header's text, by number of the column."""

    def __post_init__(self) -> None:
        """Hold every row, and the groups together, to the width of the header."""
        widths = {len(row) for row in (*self.rows, self.alignment)}
        if self.groups:
            widths.add(sum(span for _, span in self.groups))
        assert widths <= {len(self.header)}, (widths, self.header)
