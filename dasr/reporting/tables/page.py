"""A table as a small HTML page, for the self-contained report."""

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


def html_page(table: Table) -> str:
    """Return a whole page: caption, table, note."""
    kinds = ["" if align == "r" else ' class="text"' for align in table.alignment]
    head = "".join(
        f"<th{kind}>{escape(text)}</th>" for kind, text in zip(kinds, table.header, strict=True)
    )
    body = []
    for number, row in enumerate(table.rows):
        texts = [f"<b>{escape(c.text)}</b>" if c.bold else escape(c.text) for c in row]
        cells = [f"<td{kind}>{text}</td>" for kind, text in zip(kinds, texts, strict=True)]
        rule = ' class="rule"' if number in table.rules else ""
        body.append(f"<tr{rule}>{''.join(cells)}</tr>")
    rows = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(table.caption)}</title><style>{STYLE}</style></head><body>\n"
        f"<p>{escape(table.caption)}</p>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table>\n<p>{escape(table.note)}</p>\n</body></html>\n"
    )
