"""A table as a small HTML page, for the self-contained report."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from dasr.reporting.tables.writing import Table

STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 1rem; color: #222; }
table { border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }
th { border-bottom: 1px solid; text-align: right; }
th, td { padding: .2rem .6rem; white-space: nowrap; }
td.text { white-space: normal; text-align: left; max-width: 36rem; }
th.text { text-align: left; }
td { text-align: right; font-variant-numeric: tabular-nums; }
tr.rule td { border-top: 1px solid #999; }
p { max-width: 50rem; }
"""
HEADS_STYLE = """
th { vertical-align: bottom; }
th.group, th.centre, td.centre { text-align: center; }
tr.groups th { border: 0; }
th.group span { display: block; border-bottom: 1px solid; }
th img { display: block; margin: .3rem 0 .2rem auto; width: 42px; image-rendering: pixelated; }
"""
"""Only in pages with groups or pictures above their header."""
KINDS = {"r": "", "c": ' class="centre"'}


def html_page(table: Table) -> str:
    """Return a whole page: caption, table, note. Pictures are inside it."""
    kinds = [KINDS.get(align, ' class="text"') for align in table.alignment]
    style = STYLE + (HEADS_STYLE if table.groups or table.pictures else "")
    body = []
    for number, row in enumerate(table.rows):
        texts = [f"<b>{escape(c.text)}</b>" if c.bold else escape(c.text) for c in row]
        cells = [f"<td{kind}>{text}</td>" for kind, text in zip(kinds, texts, strict=True)]
        rule = ' class="rule"' if number in table.rules else ""
        body.append(f"<tr{rule}>{''.join(cells)}</tr>")
    rows = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(table.caption)}</title><style>{style}</style></head><body>\n"
        f"<p>{escape(table.caption)}</p>\n<table><thead>{_head(table, kinds)}</thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>\n<p>{escape(table.note)}</p>\n</body></html>\n"
    )


def _head(table: Table, kinds: Sequence[str]) -> str:
    """Return the rows of the header: groups if there are any, then columns."""
    groups = ""
    for text, span in table.groups:
        # The rule is the span's, which ends where the cell's padding begins: rules of
        # neighbours keep apart.
        heading = f'<th class="group" colspan="{span}"><span>{escape(text)}</span></th>'
        groups += heading if text else "<th></th>" * span
    columns = ""
    for number, (kind, text) in enumerate(zip(kinds, table.header, strict=True)):
        columns += f"<th{kind}>{_image(table, number)}{escape(text)}</th>"
    return (f'<tr class="groups">{groups}</tr>' if groups else "") + f"<tr>{columns}</tr>"


def _image(table: Table, number: int) -> str:
    """Return the picture of a column, or nothing."""
    if number not in table.pictures:
        return ""
    data = b64encode(table.pictures[number].png).decode("ascii")
    # The header's text says the same as the picture: no text in its place.
    return f'<img alt="" src="data:image/png;base64,{data}">'
