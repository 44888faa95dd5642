"""A table and its three files: numbers as CSV, text as Markdown and as LaTeX."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from dasr.files import replacing, write_text

MISSING = "–"
LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "°": r"$^\circ$",
    "–": "--",
    "−": r"$-$",
    "λ": r"$\lambda$",
    "σ": r"$\sigma$",
}


class Cell(NamedTuple):
    """What a cell shows, unescaped."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the numbers for machines, and the text that people read."""

    caption: str
    numbers: pd.DataFrame
    """Unrounded, keys as columns: the CSV file."""
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    alignment: Sequence[str]
    """LaTeX, one a column: "l", "r", or a paragraph such as "p{6cm}"."""
    note: str = ""
    rules: frozenset[int] = field(default_factory=frozenset)
    """Numbers of the rows with a line above."""

    def __post_init__(self) -> None:
        """Hold every row to the width of the header."""
        widths = {len(row) for row in (*self.rows, self.alignment)}
        assert widths <= {len(self.header)}, (widths, self.header)


def write_table(table: Table, stem: Path) -> None:
    """Write `stem`.csv, `stem`.md and `stem`.tex, each whole or absent."""
    with replacing(stem.with_name(f"{stem.name}.csv")) as temporary:
        table.numbers.to_csv(temporary, index=False, lineterminator="\n")
    write_text(stem.with_name(f"{stem.name}.md"), markdown(table))
    write_text(stem.with_name(f"{stem.name}.tex"), latex(table))


def markdown(table: Table) -> str:
    """Return caption, pipe table and note."""
    dashes = ["---:" if align == "r" else ":---" for align in table.alignment]
    lines = [_pipes(escape_markdown(text) for text in table.header), _pipes(dashes)]
    for row in table.rows:
        texts = [(escape_markdown(cell.text), cell.bold) for cell in row]
        lines.append(_pipes(f"**{text}**" if bold else text for text, bold in texts))
    parts = [escape_markdown(table.caption), "\n".join(lines), escape_markdown(table.note)]
    return "\n\n".join(part for part in parts if part) + "\n"


def latex(table: Table) -> str:
    """Return a booktabs `tabular`; caption and note are comments above it."""
    lines = [f"% {' '.join(line.split())}" for line in (table.caption, table.note) if line]
    lines += [r"% \usepackage{booktabs}"]
    lines += [rf"\begin{{tabular}}{{{''.join(table.alignment)}}}", r"\toprule"]
    lines += [_ampersands(escape_latex(text) for text in table.header), r"\midrule"]
    for number, row in enumerate(table.rows):
        if number in table.rules:
            lines.append(r"\midrule")
        texts = [(escape_latex(cell.text), cell.bold) for cell in row]
        lines.append(
            _ampersands(rf"\textbf{{{text}}}" if bold else text for text, bold in texts)
        )
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is, inside a pipe table and outside."""
    return re.sub(r"([\\`*_~<>|])", r"\\\1", " ".join(text.split()))


def escape_latex(text: str) -> str:
    """Return text that LaTeX shows as it is; the minus before a digit becomes one."""
    text = re.sub(r"(?<![\w.])-(?=\d)", "−", " ".join(text.split()))
    return "".join(LATEX.get(character, character) for character in text)


def _pipes(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _ampersands(cells: Iterable[str]) -> str:
    line = " & ".join(cells)
    # After the line before, "\\" would take "[" or "*" for its own argument.
    return ("{}" if line.startswith(("[", "*")) else "") + line + r" \\"
