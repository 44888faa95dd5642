"""A table and its files: numbers as CSV, text as Markdown and LaTeX, pictures beside them."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import yaml
from markupsafe import Markup

from dasr.files import replacing, write_text
from dasr.reporting.tabulating.model import Cell, Table
from dasr.templates import rendered
from dasr.text import escape_markdown

LATEX: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
MARKDOWN_ALIGNMENT = {"r": "---:", "c": ":---:"}
"""Alignment in Markdown; everything else is left."""
HTML_CLASSES = {"r": Markup(""), "c": Markup(' class="centre"')}
HTML_TEXT = Markup(' class="text"')
"""Of everything else, which may have several lines."""


def write_table(table: Table, stem: Path, provenance: str = "") -> None:
    """Write `stem`.csv, `stem`.md, `stem`.tex and `stem`.html, each whole or absent.

    `provenance`, where the numbers come from, is under the text of all but the CSV file.

    Pictures go to the folder `stem`_pictures, as PNG for Markdown and PDF for LaTeX, which
    refer to them relative to their own folder.
    """
    table = replace(table, provenance=provenance)
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
    """Return caption, pipe table, note and provenance; `folder` is that of pictures.

    Pipe tables have one header: a group's heading is put before the text of its columns.
    """
    groups = [text for text, span in table.groups for _ in range(span)]
    pairs = zip(groups or [""] * len(table.header), table.header, strict=True)
    heads = [escape_markdown(f"{group} {text}") for group, text in pairs]
    for number, picture in table.pictures.items():
        heads[number] = f"![{heads[number]}]({folder}/{picture.name}.png) {heads[number]}"
    dashes = [MARKDOWN_ALIGNMENT.get(align, ":---") for align in table.alignment]
    texts = [[_text(cell, escape_markdown, "**{}**") for cell in row] for row in table.rows]
    lines = "\n".join(f"| {' | '.join(line)} |" for line in (heads, dashes, *texts))
    sentences = "\n".join(f"- {escape_markdown(sentence)}" for sentence in table.sentences)
    caption, note, provenance = map(
        escape_markdown, (table.caption, table.note, table.provenance)
    )
    parts = (caption, lines, note, sentences, provenance)
    return "\n\n".join(part for part in parts if part) + "\n"


def latex(table: Table, folder: str = "") -> str:
    """Return a booktabs `tabular`; caption, note and provenance are comments above it.

    `folder` is that of pictures, relative to the document.
    """
    texts = (table.caption, table.note, *table.sentences, table.provenance)
    lines = [f"% {' '.join(text.split())}" for text in texts if text]
    marked = any(cell.text in {"✓", "✗"} for row in table.rows for cell in row)
    packages = {"booktabs": True, "graphicx": bool(table.pictures), "amssymb": marked}
    lines += [rf"% \usepackage{{{name}}}" for name, needed in packages.items() if needed]
    lines += [rf"\begin{{tabular}}{{{''.join(table.alignment)}}}", r"\toprule"]
    lines += [*_latex_heads(table, folder), r"\midrule"]
    for number, row in enumerate(table.rows):
        if number in table.rules:
            lines.append(r"\midrule")
        lines.append(_ampersands(_text(cell, escape_latex, r"\textbf{{{}}}") for cell in row))
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def html_page(table: Table) -> str:
    """Return a whole page: caption, table, note, provenance. Pictures are inside it.

    A picture has no text in its place: the header's text says the same.
    """
    return rendered(
        __package__,
        "writing.html.j2",
        table=table,
        kinds=[HTML_CLASSES.get(align, HTML_TEXT) for align in table.alignment],
        pictures={
            number: b64encode(picture.png).decode("ascii")
            for number, picture in table.pictures.items()
        },
    )


def escape_latex(text: str) -> str:
    """Return text that LaTeX shows as it is; the minus before a digit becomes one."""
    text = re.sub(r"(?<![\w.])-(?=\d)", "−", " ".join(text.split()))
    return "".join(LATEX.get(character, character) for character in text)


def _latex_heads(table: Table, folder: str) -> list[str]:
    """Return the lines of headings over columns, of pictures, and of the header."""
    groups, rules, column = [], [], 0
    for text, span in table.groups:
        if text:
            groups.append(rf"\multicolumn{{{span}}}{{c}}{{{escape_latex(text)}}}")
            rules.append(rf"\cmidrule(lr){{{column + 1}-{column + span}}}")
        else:
            groups += [""] * span
        column += span
    pictures = [""] * len(table.header)
    for number, picture in table.pictures.items():
        pictures[number] = rf"\includegraphics[width=2em]{{{folder}/{picture.name}.pdf}}"
    return [
        *([_ampersands(groups), "".join(rules)] if groups else []),
        *([_ampersands(pictures)] if table.pictures else []),
        _ampersands(map(escape_latex, table.header)),
    ]


def _text(cell: Cell, escape: Callable[[str], str], bold: str) -> str:
    return bold.format(escape(cell.text)) if cell.bold else escape(cell.text)


def _ampersands(cells: Iterable[str]) -> str:
    line = " & ".join(cells)
    # After the line before, "\\" would take "[" or "*" for its own argument.
    return ("{}" if line.startswith(("[", "*")) else "") + line + r" \\"
