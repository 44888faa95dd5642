"""Which rows a table or figure is made of."""

import pandas as pd
import pytest

from dasr.reporting.rows import (
    conditions,
    kernel_axis,
    kernel_names,
    require_whole_grid,
    sample_size,
    select,
)
from dasr.study import ReportCell
from tests.unit.reporting.frames import isotropic, summary
from tests.unit.reporting.items import CELL, TABLE_SPECS, TITLES, item_of

ANISOTROPIC = [(2.0, 0.2, 30.0), (4.0, 4.0, 0.0)]


def test_select_keeps_the_order_of_titles_and_the_one_setting() -> None:
    frame = summary(isotropic(1.0), [0.0])
    other = frame.assign(testset="Urban", psnr_y_db=0.0)
    titles = {"oracle": "Oracle", "bicubic": "Bicubic", "dasr": "DASR"}
    rows = select(pd.concat([other, frame]), titles, CELL)
    assert list(dict.fromkeys(rows["method"])) == ["oracle", "bicubic", "dasr"]
    assert set(rows["testset"]) == {"Set2"}


@pytest.mark.parametrize(
    "cell", [ReportCell("blur", 4, "Set2"), ReportCell("noise", 2, "Set2")]
)
def test_select_says_what_is_missing(cell: ReportCell) -> None:
    with pytest.raises(ValueError, match=r"nothing to report of \['dasr'.*no rows for Set2"):
        select(summary(isotropic(1.0), [0.0]), TITLES, cell)


def test_select_refuses_a_method_without_rows() -> None:
    with pytest.raises(ValueError, match=r"of \['ca_only'\]"):
        select(summary(isotropic(1.0), [0.0]), {**TITLES, "ca_only": "CA only"}, CELL)


def test_reference_and_bicubic_are_compared_with_nothing() -> None:
    item = item_of(TABLE_SPECS["paired"])
    assert [method.name for method in item.methods] == ["no_ca", "oracle"]


def test_a_grid_with_a_hole_is_refused() -> None:
    frame = summary(isotropic(1.0, 2.0), [0.0])
    hole = (frame["method"] == "no_ca") & (frame["kernel"] == "2")
    with pytest.raises(ValueError, match="'no_ca' has 1 of 2 cells"):
        require_whole_grid(frame[~hole])


def test_isotropic_kernels_are_numbers_on_the_axis() -> None:
    axis = kernel_axis(summary(isotropic(2.4, 0.2, 1.2), [0.0, 5.0]))
    assert axis.numeric
    assert axis.positions == (0.2, 1.2, 2.4)
    assert axis.kernels == ("0.2", "1.2", "2.4")
    assert axis.gap == pytest.approx(1.0)


def test_one_anisotropic_kernel_makes_categories() -> None:
    rows = summary(ANISOTROPIC, [0.0])
    axis = kernel_axis(rows)
    assert not axis.numeric
    assert axis.positions == (0.0, 1.0)
    assert axis.labels == ("2, 0.2, 30°", "4")
    assert kernel_names(rows) == {"2,0.2,30deg": "(2, 0.2, 30°)", "4": "width 4"}


def test_at_most_four_noise_levels_with_both_ends() -> None:
    rows = summary(isotropic(1.0), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 50.0])
    found = conditions(rows)
    titles = ["Noise level 0", "Noise level 10", "Noise level 20", "Noise level 50"]
    assert [one.title for one in found] == titles
    for one, level in zip(found, (0.0, 10.0, 20.0, 50.0), strict=True):
        assert set(one.rows["noise_level"]) == {level}
        assert len(one.rows) == len(TITLES)


def test_sample_size_is_that_of_the_networks() -> None:
    assert sample_size(summary(isotropic(1.0), [0.0])) == "2 images, 3 seeds"
    assert sample_size(summary(isotropic(1.0), [0.0], ["bicubic"])) == "2 images, 1 seed"
