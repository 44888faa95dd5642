"""The table of main effects and interaction."""

from typing import Any

import pandas as pd
import pytest

from dasr.reporting.tabulating.model import Table
from dasr.study import Plan
from tests.unit.reporting.items import CELL, TABLE_SPECS, study, table

TITLES = {"dasr": "DASR", "no_ca": "No CA", "ca_only": "CA only", "no_da_conv": "Plain"}
FOUR = {
    "both": "dasr", "kernel_only": "no_ca", "channel_only": "ca_only", "neither": "no_da_conv"
}  # fmt: skip


def _rows(kernels: dict[str, float], **changes: Any) -> pd.DataFrame:
    rows = [
        {
            **FOUR, "regime": CELL.regime, "scale": CELL.scale, "testset": CELL.testset,
            "kernel": kernel, "kernel_width": width, "contrast": contrast, "effect_db": effect,
            "low_db": effect - 0.25, "high_db": effect + 0.5, "images": 14, "seeds": 3,
        }
        for kernel, width in kernels.items()
        for contrast, effect in (("kernel", -0.2), ("channel", 0.0), ("interaction", 0.55))
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**changes)


def _table(rows: pd.DataFrame) -> Table:
    plan = Plan(study(TITLES))
    (design,) = plan.factorials
    return table("factorial", TITLES, CELL, plan=plan, subject=design, factorial=rows)


WIDTHS = {"0.2": 0.2, "1.2": 1.2, "mean": float("nan")}


def test_a_row_per_kernel_and_one_for_the_grid() -> None:
    found = _table(_rows(WIDTHS))
    assert found.header == ["Kernel", "Kernel branch", "Channel branch", "Interaction"]
    assert [[cell.text for cell in row] for row in found.rows][::2] == [
        ["width 0.2", "-0.20 [-0.45, +0.30]", "+0.00 [-0.25, +0.50]", "+0.55 [+0.30, +1.05]"],
        ["mean", "-0.20 [-0.45, +0.30]", "+0.00 [-0.25, +0.50]", "+0.55 [+0.30, +1.05]"],
    ]
    assert found.rules == {2}
    assert not any("*" in cell.text or cell.bold for row in found.rows for cell in row)
    assert len(found.numbers) == 9


def test_the_note_says_who_the_four_are_and_what_stands_in() -> None:
    note = _table(_rows(WIDTHS)).note
    assert "Both branches: DASR. Kernel branch alone: No CA. Channel branch alone: CA" in note
    assert "Neither: Plain, which concatenates the representation" in note
    assert "14 images, 3 seeds" in note
    assert "widest of over seeds, over images and over both" in note


def test_one_seed_has_no_interval() -> None:
    bounds = dict.fromkeys(("low_db", "high_db"), float("nan"))
    found = _table(_rows(WIDTHS, seeds=1, **bounds))
    assert found.rows[0][3].text == "+0.55"
    assert "one seed or image has no interval over both" in found.note


@pytest.mark.parametrize("column", ["testset", "neither"])
def test_rows_of_another_cell_or_design_are_not_shown(column: str) -> None:
    with pytest.raises(ValueError, match="factorial: no rows of Factorial"):
        _table(_rows(WIDTHS, **{column: "another"}))


def test_a_study_of_three_of_them_has_no_such_table() -> None:
    spec = TABLE_SPECS["factorial"]
    three = {name: title for name, title in TITLES.items() if name != "ca_only"}
    assert list(spec.items(Plan(study(three)))) == []
    (item,) = spec.items(Plan(study(TITLES)))
    assert item.name == "factorial-noise-x4-Set2"
