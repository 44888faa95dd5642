"""Tables in the layout of the published ones, from frames computed by hand."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from dasr.errors import UserError
from dasr.reporting.tabulating.model import Table
from dasr.reporting.tabulating.writing import html_page, latex, write_table
from tests.unit.reporting.frames import Kernel, isotropic, summary
from tests.unit.reporting.items import TITLES
from tests.unit.reporting.tabled import tables
from tests.unit.reporting.test_heads import Rows

KERNELS: list[Kernel] = [(2.0, 0.2, 0.0), (3.5, 1.5, 30.0), (4.0, 4.0, 180.0)]
GAUSSIAN8 = isotropic(1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.2)


def at(frame: pd.DataFrame, *testsets: str, scale: int = 4) -> pd.DataFrame:
    """Return the same rows for several test sets."""
    return pd.concat(
        [frame.assign(testset=name, scale=scale) for name in testsets], ignore_index=True
    )


TABLE1 = tables("table1", at(summary(isotropic(0.2, 3.4), [0.0]), "Set14", "Set5"))
TABLE2 = tables("table2", at(summary(isotropic(0.0, 1.2), [0.0]), "Set5", "Set14"))
TABLE3 = tables("table3", at(summary(KERNELS, [0.0, 5.0]), "Set14"))
MEANS = tables("gaussian8", at(summary(GAUSSIAN8, [0.0]), "Set5", "Set14"))
ALL = TABLE1 | TABLE2 | TABLE3 | MEANS


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def bold(table: Table) -> set[tuple[int, int]]:
    return {
        (number, column)
        for number, row in enumerate(table.rows)
        for column, cell in enumerate(row)
        if cell.bold
    }


def test_a_table_is_of_a_scale_or_of_each_test_set() -> None:
    assert list(TABLE1) == [
        "table1-x4-Set14",
        "table1_published-x4-Set14",
        "table1-x4-Set5",
        "table1_published-x4-Set5",
    ]
    assert list(TABLE2) == ["table2-x4", "table2_published-x4"]
    assert list(TABLE3) == ["table3-x4-Set14", "table3_published-x4-Set14"]
    assert list(MEANS) == ["gaussian8-x4", "gaussian8_published-x4"]


def test_table_1_has_check_marks_and_a_column_a_width() -> None:
    table = TABLE1["table1-x4-Set14"]
    assert table.header == [
        "Method", "Representation learning", "kernel", "modulation", "Oracle degradation",
        "0.2", "3.4",
    ]  # fmt: skip
    assert list(table.groups) == [
        ("", 1), ("", 1), ("DA conv", 2), ("", 1), ("Kernel width", 2),
    ]  # fmt: skip
    assert texts(table) == [
        ["DASR", "✓", "✓", "✓", "✗", "26.80 ± 0.10", "23.60 ± 0.10"],
        ["Without CA", "✓", "✓", "✗", "✗", "26.30 ± 0.20", "23.10 ± 0.20"],
        ["Oracle", "–", "✓", "✓", "✓", "27.80 ± 0.30", "24.60 ± 0.30"],
        ["Bicubic", "–", "–", "–", "–", "24.80", "21.60"],
    ]
    assert bold(table) == {(0, 5), (0, 6)}
    assert "not ranked: Oracle" in table.note
    assert "✓: has it" in table.note


def test_marks_are_published_else_configured_else_dashes() -> None:
    frame = at(summary(isotropic(0.2), [0.0]), "Set14")
    frame["method"] = frame["method"].replace({"no_ca": "ca_only", "oracle": "released"})
    found = tables(
        "table1",
        frame,
        titles={"ca_only": "C", "dasr": "D", "released": "R", "bicubic": "Bicubic"},
        stands_for={"released": "no_contrastive"},
        overrides={"ca_only": {"model": {"kernel_branch": False}}},
    )
    table = found["table1-x4-Set14"]
    assert {row[0]: "".join(row[1:5]) for row in texts(table)} == {
        "C": "✓✗✓✗",
        "D": "✓✓✓✗",
        "R": "✗✓✓✗",
        "Bicubic": "––––",
    }
    assert "not ranked" not in table.note


def test_table_2_groups_columns_by_test_set() -> None:
    frame = at(summary(isotropic(0.0, 1.2), [0.0]), "Set5", "Set14")
    near = (frame["testset"] == "Set14") & (frame["method"] == "no_ca")
    frame.loc[near, "psnr_y_db"] += 0.5
    frame.loc[near, "psnr_y_db_best"] = True
    table = tables("table2", frame)["table2-x4"]
    assert table.header == ["Method", "0", "1.2", "0", "1.2"]
    assert list(table.groups) == [("", 1), ("Set5", 2), ("Set14", 2)]
    assert texts(table)[:2] == [
        ["DASR", "27.00", "25.80", "27.00", "25.80"],
        ["Without CA", "26.50", "25.30", "27.00", "25.80"],
    ]
    assert bold(table) == {(0, 1), (0, 2), (0, 3), (0, 4), (1, 3), (1, 4)}
    assert "beside the published numbers" in table.note


def test_a_network_of_one_scale_is_left_out_at_others() -> None:
    four = summary(isotropic(1.2), [0.0])
    two = four[four["method"] != "no_ca"]
    found = tables("table2", pd.concat([at(four, "Set5"), at(two, "Set5", scale=2)]))
    assert [row[0] for row in texts(found["table2-x4"])] == list(TITLES.values())
    assert [row[0] for row in texts(found["table2-x2"])] == ["DASR", "Oracle", "Bicubic"]


def test_table_3_has_a_line_a_noise_level_and_a_column_a_kernel() -> None:
    table = TABLE3["table3-x4-Set14"]
    assert table.header == [
        "Method", "Noise", "(2, 0.2, 0°)", "(3.5, 1.5, 30°)", "(4, 4, 180°)",
    ]  # fmt: skip
    assert texts(table)[:4] == [
        ["DASR", "0", "25.00", "23.50", "23.00"],
        ["", "5", "24.50", "23.00", "22.50"],
        ["Without CA", "0", "24.50", "23.00", "22.50"],
        ["", "5", "24.00", "22.50", "22.00"],
    ]
    assert bold(table) == {(row, column) for row in (0, 1) for column in (2, 3, 4)}
    assert table.rules == {2, 4, 6}
    assert "(λ1, λ2, θ)" in table.note


def test_table_3_shows_its_kernels() -> None:
    table = TABLE3["table3-x4-Set14"]
    assert {column: item.name for column, item in table.pictures.items()} == {
        2: "kernel1", 3: "kernel2", 4: "kernel3",
    }  # fmt: skip
    offsets = np.arange(21) - 10
    x, y = offsets[None, :], offsets[:, None]
    cos, sin = np.sqrt(3) / 2, 0.5
    rotation = np.array([[cos, -sin], [sin, cos]])
    inverse = np.linalg.inv(rotation @ np.diag([3.5**2, 1.5**2]) @ rotation.T)
    quadratic = inverse[0, 0] * x * x + 2 * inverse[0, 1] * x * y + inverse[1, 1] * y * y
    with Image.open(BytesIO(table.pictures[3].png)) as image:
        pixels = np.asarray(image.convert("L"))[2::5, 2::5].astype(float)
    np.testing.assert_allclose(pixels, 255 * np.exp(-0.5 * quadratic), atol=2)
    page = Rows(html_page(table))
    assert page.pictures == [table.pictures[column].png for column in (2, 3, 4)]


def test_gaussian8_is_the_mean_over_kernels() -> None:
    table = MEANS["gaussian8-x4"]
    assert table.header == ["Method", "Set5", "Set14"]
    assert texts(table)[0] == ["DASR", "24.50 ± 0.10", "24.50 ± 0.10"]  # 27 - 2.5
    assert bold(table) == {(0, 1), (0, 2)}
    assert "widths 1.8, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.2 HR pixels" in table.note


def test_bicubic_alone_has_a_table() -> None:
    frame = at(summary(isotropic(0.0), [0.0], ["bicubic"]), "Set5")
    table = tables("table2", frame, titles={"bicubic": "Bicubic"})["table2-x4"]
    assert texts(table) == [["Bicubic", "25.00"]]
    assert "bold" not in table.note
    assert "one seed has no interval" in table.note


@pytest.mark.parametrize("name", ALL)
def test_latex_lines_have_as_many_cells_as_columns(name: str) -> None:
    lines = latex(ALL[name], "pictures").splitlines()
    begin = next(line for line in lines if line.startswith(r"\begin"))
    columns = len(begin.removeprefix(r"\begin{tabular}{").removesuffix("}"))
    rows = [line for line in lines if line.endswith(r"\\")]
    assert columns == len(ALL[name].header)
    assert len(rows) > len(ALL[name].rows)
    for row in rows:
        cells = re.split(r"(?<!\\)&", row.removesuffix(r"\\"))
        spans = [re.match(r"\s*\\multicolumn\{(\d+)\}", cell) for cell in cells]
        assert sum(int(span[1]) if span else 1 for span in spans) == columns
    for line in lines:
        for first, last in re.findall(r"cmidrule\(lr\)\{(\d+)-(\d+)\}", line):
            assert 1 <= int(first) <= int(last) <= columns


@pytest.mark.parametrize("name", ALL)
def test_pages_have_as_many_cells_as_columns(name: str) -> None:
    rows = Rows(html_page(ALL[name])).rows
    assert {sum(span for _, span in row) for row in rows} == {len(ALL[name].header)}
    assert [text for text, _ in rows[-1]] == [cell.text for cell in ALL[name].rows[-1]]


def test_files_name_pictures_that_are_there(tmp_path: Path) -> None:
    write_table(TABLE3["table3-x4-Set14"], tmp_path / "table3-x4-Set14")
    for suffix, pattern in (("md", r"\]\(([^)]*)\)"), ("tex", r"\]\{([^}]*)\}")):
        text = (tmp_path / f"table3-x4-Set14.{suffix}").read_text(encoding="utf-8")
        names = re.findall(pattern, text)
        assert len(names) == 3
        assert all((tmp_path / name).stat().st_size > 0 for name in names)


def test_what_has_no_place_or_is_missing_is_refused() -> None:
    with pytest.raises(UserError, match=r"protocol table1: noise_levels \[0.0, 5.0\]"):
        tables("table1", at(summary(isotropic(0.2), [0.0, 5.0]), "Set14"))
    with pytest.raises(UserError, match="is not isotropic"):
        tables("table2", at(summary(KERNELS, [0.0]), "Set14"))
    frame = at(summary(isotropic(0.2, 1.0), [0.0]), "Set14", "Set5")
    with pytest.raises(ValueError, match=r"nothing to report of \['mine'\]"):
        tables("table1", frame, titles={**TITLES, "mine": "Mine"})
    with pytest.raises(ValueError, match="'dasr' has 1 of 2 cells"):
        tables("table1", frame.drop(index=0))
