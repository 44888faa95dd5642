"""A table: the numbers for machines, and the text that people read."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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


class Body(NamedTuple):
    """The lines of a table."""

    rows: list[list[Cell]]
    rules: frozenset[int]
    """Numbers of the rows with a line above."""

    @classmethod
    def of(cls, lines: Iterable[tuple[Hashable, Sequence[Cell | str]]]) -> "Body":
        """Return a body of lines, each with its group: a rule parts different groups."""
        rows: list[list[Cell]] = []
        rules: list[int] = []
        groups: list[Hashable] = []
        for group, line in lines:
            if groups and group != groups[-1]:
                rules.append(len(rows))
            groups.append(group)
            rows.append([one if isinstance(one, Cell) else Cell(one) for one in line])
        return cls(rows, frozenset(rules))


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
