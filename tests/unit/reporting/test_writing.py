"""The files of a table."""

from pathlib import Path

import pandas as pd
import pytest

from dasr.reporting.tabulating.model import Cell, Table
from dasr.reporting.tabulating.writing import (
    escape_latex,
    escape_markdown,
    latex,
    markdown,
    write_table,
)

TABLE = Table(
    caption="A & B",
    numbers=pd.DataFrame({"method": ["a_b", "c"], "psnr_y_db": [1 / 3, 2.0]}),
    header=["Method", "PSNR"],
    rows=[[Cell("a_b"), Cell("0.33 ± 0.10")], [Cell("[c] | *"), Cell("-2.00", bold=True)]],
    alignment=["l", "r"],
    note="100 %",
    rules=frozenset({1}),
)


def test_markdown() -> None:
    assert markdown(TABLE) == (
        "A & B\n\n"
        "| Method | PSNR |\n"
        "| :--- | ---: |\n"
        "| a\\_b | 0.33 ± 0.10 |\n"
        "| [c] \\| \\* | **-2.00** |\n\n"
        "100 %\n"
    )


def test_latex() -> None:
    assert latex(TABLE) == (
        "% A & B\n% 100 %\n% \\usepackage{booktabs}\n"
        "\\begin{tabular}{lr}\n\\toprule\n"
        "Method & PSNR \\\\\n\\midrule\n"
        "a\\_b & 0.33 $\\pm$ 0.10 \\\\\n"
        "\\midrule\n"
        "{}[c] $|$ * & \\textbf{$-$2.00} \\\\\n"
        "\\bottomrule\n\\end{tabular}\n"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("50 % & more_$", r"50 \% \& more\_\$"),
        ("{a}#~^", r"\{a\}\#\textasciitilde{}\textasciicircum{}"),
        (r"\pm", r"\textbackslash{}pm"),
        ("x4, 30°, λ", r"x4, 30$^\circ$, $\lambda$"),
        ("-0.5 [-1, +2], no-noise, 2-3", r"$-$0.5 [$-$1, +2], no-noise, 2-3"),
        ("two\nlines", "two lines"),
    ],
)
def test_latex_shows_text_as_it_is(text: str, escaped: str) -> None:
    assert escape_latex(text) == escaped


def test_markdown_shows_text_as_it_is() -> None:
    assert escape_markdown("a|b *c* <d>\n`e` \\") == r"a\|b \*c\* \<d\> \`e\` " + r"\\"


def test_numbers_are_not_rounded_and_dots_in_names_stay(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "new" / "psnr_x4.0")
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == [f"psnr_x4.0.{end}" for end in ("csv", "html", "md", "tex")]
    read = pd.read_csv(tmp_path / "new" / "psnr_x4.0.csv")
    assert read["psnr_y_db"].tolist() == [1 / 3, 2.0]


def test_a_row_of_the_wrong_width_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        Table("", pd.DataFrame(), ["a", "b"], [[Cell("1")]], ["l", "r"])
