"""A table and its files: numbers as CSV, text as Markdown and LaTeX, pictures beside them."""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from dasr.files import replacing, write_text
from dasr.reporting.tabulating.model import Table
from dasr.reporting.tabulating.page import html_page
from dasr.text import escape_markdown

LATEX: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
MARKDOWN_ALIGNMENT = {"r": "---:", "c": ":---:"}
"""Alignment in Markdown; everything else is left."""


def write_table(table: Table, stem: Path) -> None:
    """Write `stem`.csv, `stem`.md, `stem`.tex and `stem`.html, each whole or absent.

    Pictures go to the folder `stem`_pictures, as PNG for Markdown and PDF for LaTeX, which
    refer to them relative to their own folder.
    """
    folder = stem.with_name(f"{stem.name}_pictures")
    for picture in table.pictures.values():
        for suffix, contents in (("png", picture.png), ("pdf", picture.pdf)):
            with replacing(folder / f"{picture.name}.{suffix}") as temporary:
                temporary.write_bytes(contents)
    with replacing(stem.with_name(f"{stem.name}.csv")) as temporary:
        table.numbers.to_csv(temporary, index=False, lineterminator="\n")
    write_text(stem.with_name(f"{stem.name}.md"), markdown(table, folder.name))
    write_text(stem.with_name(f"{stem.name}.tex"), latex(table, folder.name))
    write_text(stem.with_name(f"{stem.name}.html"), html_page(table))


def markdown(table: Table, folder: str = "") -> str:
    """Return caption, pipe table and note; `folder` is that of pictures.

    Pipe tables have one header: a group's heading is put before the text of its columns.
    """
    dashes = [MARKDOWN_ALIGNMENT.get(align, ":---") for align in table.alignment]
    groups = [text for text, span in table.groups for _ in range(span)]
    heads = []
    for number, text in enumerate(table.header):
        head = escape_markdown(f"{groups[number]} {text}" if groups else text)
        if number in table.pictures:
            head = f"![{head}]({folder}/{table.pictures[number].name}.png) {head}"
        heads.append(head)
    lines = [_pipes(heads), _pipes(dashes)]
    for row in table.rows:
        texts = [(escape_markdown(cell.text), cell.bold) for cell in row]
        lines.append(_pipes(f"**{text}**" if bold else text for text, bold in texts))
    parts = [escape_markdown(table.caption), "\n".join(lines), escape_markdown(table.note)]
    return "\n\n".join(part for part in parts if part) + "\n"


def latex(table: Table, folder: str = "") -> str:
    """Return a booktabs `tabular`; caption and note are comments above it.

    `folder` is that of pictures, relative to the document.
    """
    lines = [f"% {' '.join(line.split())}" for line in (table.caption, table.note) if line]
    marked = any(cell.text in {"✓", "✗"} for row in table.rows for cell in row)
    packages = {"booktabs": True, "graphicx": bool(table.pictures), "amssymb": marked}
    lines += [rf"% \usepackage{{{name}}}" for name, needed in packages.items() if needed]
    lines += [rf"\begin{{tabular}}{{{''.join(table.alignment)}}}", r"\toprule"]
    lines += [*_latex_groups(table), *_latex_pictures(table, folder)]
    lines += [_ampersands(escape_latex(text) for text in table.header), r"\midrule"]
    for number, row in enumerate(table.rows):
        if number in table.rules:
            lines.append(r"\midrule")
        texts = [(escape_latex(cell.text), cell.bold) for cell in row]
        lines.append(
            _ampersands(rf"\textbf{{{text}}}" if bold else text for text, bold in texts)
        )
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def escape_latex(text: str) -> str:
    """Return text that LaTeX shows as it is; the minus before a digit becomes one."""
    text = re.sub(r"(?<![\w.])-(?=\d)", "−", " ".join(text.split()))
    return "".join(LATEX.get(character, character) for character in text)


def _latex_groups(table: Table) -> list[str]:
    """Return headings over columns and the rules below them; nothing without groups."""
    if not table.groups:
        return []
    cells, rules, column = [], [], 0
    for text, span in table.groups:
        first, column = column + 1, column + span
        if not text:
            cells += [""] * span
            continue
        cells.append(rf"\multicolumn{{{span}}}{{c}}{{{escape_latex(text)}}}")
        rules.append(rf"\cmidrule(lr){{{first}-{column}}}")
    return [_ampersands(cells), "".join(rules)]


def _latex_pictures(table: Table, folder: str) -> list[str]:
    """Return a line of pictures over columns; nothing without pictures."""
    if not table.pictures:
        return []
    cells = [""] * len(table.header)
    for number, picture in table.pictures.items():
        cells[number] = rf"\includegraphics[width=2em]{{{folder}/{picture.name}.pdf}}"
    return [_ampersands(cells)]


def _pipes(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _ampersands(cells: Iterable[str]) -> str:
    line = " & ".join(cells)
    # After the line before, "\\" would take "[" or "*" for its own argument.
    return ("{}" if line.startswith(("[", "*")) else "") + line + r" \\"
