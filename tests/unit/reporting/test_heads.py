"""Headings over columns and pictures above them, in all three kinds of text."""

from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from dasr.reporting.tabulating.model import Cell, Picture, Table
from dasr.reporting.tabulating.writing import html_page, latex, markdown, write_table

PICTURE = Picture("kernel_1", b"png bytes", b"pdf bytes")
TABLE = Table(
    caption="A",
    numbers=pd.DataFrame({"method": ["a"]}),
    header=["Method", "Mark", "1", "2", "3"],
    rows=[[Cell(text) for text in ("a", "✓", "1.00", "2.00", "✗")]],
    alignment=["l", "c", "r", "r", "r"],
    groups=(("", 2), ("Set_5", 2), ("B<&>", 1)),
    pictures={3: PICTURE},
)


class Rows(HTMLParser):
    """The rows of a table: text and number of columns of each cell; pictures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, int]]] = []
        self.pictures: list[bytes] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img":
            kind, _, data = str(values["src"]).partition(",")
            assert kind == "data:image/png;base64"
            self.pictures.append(b64decode(data))
        elif tag == "tr":
            self.rows.append([])
        elif tag in {"th", "td"}:
            self.rows[-1].append(("", int(values.get("colspan") or 1)))
        if tag not in {"img", "meta"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"th", "td"} & set(self.open):
            text, span = self.rows[-1][-1]
            self.rows[-1][-1] = (text + data, span)


def test_latex() -> None:
    assert latex(TABLE, "t_pictures").splitlines() == [
        "% A",
        r"% \usepackage{booktabs}",
        r"% \usepackage{graphicx}",
        r"% \usepackage{amssymb}",
        r"\begin{tabular}{lcrrr}",
        r"\toprule",
        r" &  & \multicolumn{2}{c}{Set\_5} & \multicolumn{1}{c}{B$<$\&$>$} \\",
        r"\cmidrule(lr){3-4}\cmidrule(lr){5-5}",
        r" &  &  & \includegraphics[width=2em]{t_pictures/kernel_1.pdf} &  \\",
        r"Method & Mark & 1 & 2 & 3 \\",
        r"\midrule",
        r"a & $\checkmark$ & 1.00 & 2.00 & $\times$ \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_markdown() -> None:
    assert markdown(TABLE, "t_pictures").splitlines()[2:4] == [
        r"| Method | Mark | Set\_5 1 | ![Set\_5 2](t_pictures/kernel_1.png) Set\_5 2 "
        r"| B\<&\> 3 |",
        "| :--- | :---: | ---: | ---: | ---: |",
    ]


def test_html() -> None:
    page = Rows(html_page(TABLE))
    assert page.rows == [
        [("", 1), ("", 1), ("Set_5", 2), ("B<&>", 1)],
        [("Method", 1), ("Mark", 1), ("1", 1), ("2", 1), ("3", 1)],
        [("a", 1), ("✓", 1), ("1.00", 1), ("2.00", 1), ("✗", 1)],
    ]
    assert page.pictures == [b"png bytes"]


def test_pictures_lie_beside_the_table(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "table3-x4.0")
    folder = tmp_path / "table3-x4.0_pictures"
    assert (folder / "kernel_1.png").read_bytes() == b"png bytes"
    assert (folder / "kernel_1.pdf").read_bytes() == b"pdf bytes"
    assert "{table3-x4.0_pictures/kernel_1.pdf}" in (tmp_path / "table3-x4.0.tex").read_text()
    assert "(table3-x4.0_pictures/kernel_1.png)" in (tmp_path / "table3-x4.0.md").read_text()


def test_groups_cover_the_header() -> None:
    with pytest.raises(AssertionError):
        Table("", pd.DataFrame(), ["a", "b"], [], ["l", "r"], groups=(("", 1),))
