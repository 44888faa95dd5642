"""A study beside published numbers: what is compared, its sign, and what is said of it."""

import math
from pathlib import Path

import pandas as pd
import pytest

from dasr.reporting.tabulating.writing import write_table
from dasr.statistics.jobs import read_rows
from tests.unit.reporting.frames import isotropic, summary
from tests.unit.reporting.items import TITLES
from tests.unit.reporting.tabled import tables
from tests.unit.reporting.test_paper import (
    GAUSSIAN8,
    MEANS,
    TABLE1,
    TABLE2,
    TABLE3,
    at,
    bold,
    texts,
)


def test_three_lines_a_method() -> None:
    table = TABLE1["table1_published-x4-Set14"]
    assert table.header == ["Method", "", "0.2", "3.4"]
    assert texts(table)[:6] == [
        ["DASR", "ours", "26.80 ± 0.10", "23.60 ± 0.10"],
        ["", "published", "28.50", "27.58"],  # Model 4
        ["", "difference", "-1.70", "-3.98"],
        ["Without CA", "ours", "26.30 ± 0.20", "23.10 ± 0.20"],
        ["", "published", "28.42", "27.33"],  # Model 3
        ["", "difference", "-2.12", "-4.23"],
    ]
    assert texts(table)[9:12] == [
        ["Bicubic", "ours", "24.80", "21.60"],
        ["", "published", "–", "–"],
        ["", "difference", "–", "–"],
    ]
    assert bold(table) == set()


def test_a_better_network_has_a_plus_and_no_difference_has_no_minus() -> None:
    frame = at(summary(isotropic(1.2), [0.0]), "Set14")
    frame.loc[frame["method"] == "dasr", "psnr_y_db"] = 28.70
    frame.loc[frame["method"] == "bicubic", "psnr_y_db"] = 25.239
    rows = texts(tables("table2", frame)["table2_published-x4"])
    assert rows[2] == ["", "difference", "+0.25"]  # published 28.45
    assert rows[9:12] == [
        ["Bicubic", "ours", "25.24"],
        ["", "published", "25.24"],
        ["", "difference", "+0.00"],
    ]


def test_published_methods_that_the_study_lacks_come_below_a_rule() -> None:
    table = TABLE1["table1_published-x4-Set14"]
    assert texts(table)[12:] == [
        ["SRMDNF (oracle degradation)", "published", "28.44", "27.55"],
        ["SRMDNF+KernelGAN", "published", "26.62", "26.66"],
        ["SRMDNF+Predictor", "published", "26.13", "26.18"],
        ["Model 1", "published", "28.46", "26.79"],
        ["Model 2", "published", "28.49", "26.72"],
    ]
    assert table.rules == {3, 6, 9, 12}


def test_the_file_is_tidy_and_unrounded(tmp_path: Path) -> None:
    write_table(TABLE1["table1_published-x4-Set14"], tmp_path / "t")
    rows = read_rows(tmp_path / "t.csv")
    assert not rows.duplicated(["testset", "method", "published_method", "kernel"]).any()
    dasr = rows[(rows["method"] == "dasr") & (rows["kernel"] == "3.4")].iloc[0]
    assert dasr["psnr_y_db"] == pytest.approx(23.6)
    assert (dasr["psnr_y_db_low"], dasr["psnr_y_db_high"]) == pytest.approx((23.5, 23.7))
    assert dasr["published_psnr_y_db"] == 27.58
    assert dasr["difference_db"] == pytest.approx(-3.98)
    assert (dasr["seeds"], dasr["noise_level"], dasr["scale"]) == (3, 0, 4)
    assert dasr["published_method"] == "Model 4 (DASR)"
    assert dasr["source"] == "Wang et al., CVPR 2021, Table 1"
    bicubic = rows[rows["method"] == "bicubic"]
    unpublished = ["published_method", "published_psnr_y_db", "difference_db", "source"]
    assert bicubic[unpublished].isna().all(axis=None)
    others = rows[rows["method"].isna()]
    assert len(others) == 5 * 2
    assert others["psnr_y_db"].isna().all()
    assert others["published_psnr_y_db"].notna().all()


def test_where_nothing_is_published_there_are_dashes_and_a_word() -> None:
    table = TABLE1["table1_published-x4-Set5"]
    lines = texts(table)
    assert len(lines) == 3 * len(TITLES)
    assert {text for line in lines if line[1] != "ours" for text in line[2:]} == {"–"}
    assert "nothing is published for the methods and degradations here" in table.note
    assert "582,000" not in table.note
    assert len(table.numbers) == 2 * len(TITLES)


def test_unpublished_widths_of_a_published_set_are_dashes() -> None:
    frame = at(summary(isotropic(1.0, 2.0), [0.0]), "Set14")
    rows = texts(tables("table1", frame)["table1_published-x4-Set14"])
    assert rows[1] == ["", "published", "28.45", "–"]
    assert rows[12] == ["SRMDNF (oracle degradation)", "published", "28.50", "–"]


def test_table_2_compares_each_test_set_with_its_own_numbers() -> None:
    table = TABLE2["table2_published-x4"]
    assert list(table.groups) == [("", 2), ("Set5", 2), ("Set14", 2)]
    assert texts(table)[:3] == [
        ["DASR", "ours", *["27.00 ± 0.10", "25.80 ± 0.10"] * 2],
        ["", "published", "31.99", "31.92", "28.50", "28.45"],
        ["", "difference", "-4.99", "-6.12", "-1.50", "-2.65"],
    ]
    assert [row[0] for row in texts(table)[12:]] == ["RCAN", "SRMDNF+Predictor", "IKC"]


def test_another_scale_has_other_published_numbers() -> None:
    frame = at(summary(isotropic(0.0), [0.0]), "Set5", scale=2)
    rows = texts(tables("table2", frame)["table2_published-x2"])
    assert rows[1] == ["", "published", "37.87"]
    assert [row[0] for row in rows[12:]] == ["RCAN", "SRMDNF+Predictor", "MZSR+Predictor"]


def test_table_3_has_three_lines_a_noise_level() -> None:
    table = TABLE3["table3_published-x4-Set14"]
    assert table.header[:3] == ["Method", "Noise", ""]
    assert texts(table)[:6] == [
        ["DASR", "0", "ours", "25.00 ± 0.10", "23.50 ± 0.10", "23.00 ± 0.10"],
        ["", "", "published", "27.99", "27.53", "26.21"],
        ["", "", "difference", "-2.99", "-4.03", "-3.21"],
        ["", "5", "ours", "24.50 ± 0.10", "23.00 ± 0.10", "22.50 ± 0.10"],
        ["", "", "published", "27.25", "26.37", "25.04"],
        ["", "", "difference", "-2.75", "-3.37", "-2.54"],
    ]
    assert texts(table)[24:26] == [
        ["DnCNN+RCAN", "0", "published", "26.44", "24.48", "23.01"],
        ["", "5", "published", "26.10", "24.29", "22.92"],
    ]
    assert sorted(table.pictures) == [3, 4, 5]
    assert table.rules == {6, 12, 18, 24, 26, 28}
    assert "another has λ2 = 0.5" in table.note


def test_a_disk_is_the_same_at_every_angle() -> None:
    frame = at(summary([(4.0, 4.0, 0.0), (2.0, 1.0, 190.0)], [0.0]), "Set14")
    rows = texts(tables("table3", frame)["table3_published-x4-Set14"])
    assert rows[1] == ["", "", "published", "26.21", "27.97"]


def test_gaussian8_is_compared_over_the_same_kernels_only() -> None:
    table = MEANS["gaussian8_published-x4"]
    assert texts(table)[:3] == [
        ["DASR", "ours", "24.50 ± 0.10", "24.50 ± 0.10"],
        ["", "published", "31.46", "28.11"],
        ["", "difference", "-6.96", "-3.61"],
    ]
    assert texts(table)[10] == ["", "published", "24.57", "22.79"]
    assert "KDSR" in table.note
    for frame in (
        at(summary(GAUSSIAN8[:4], [0.0]), "Set5"),
        at(summary(GAUSSIAN8, [0.0]), "Set5", scale=2),
    ):
        (table,) = (item for name, item in tables("gaussian8", frame).items() if "pub" in name)
        assert texts(table)[1] == ["", "published", "–"]
        assert len(table.rows) == 3 * len(TITLES)
        assert "over other kernels, or at another scale" in table.note


def test_imported_networks_stand_for_a_variant() -> None:
    frame = at(summary(isotropic(3.6), [0.0], ["dasr", "oracle", "bicubic"]), "Set14")
    frame["method"] = frame["method"].replace("oracle", "released")
    table = tables(
        "table2",
        frame,
        titles={"released": "Released", "dasr": "DASR", "bicubic": "Bicubic"},
        stands_for={"released": "dasr"},
    )["table2_published-x4"]
    assert texts(table)[1] == texts(table)[4] == ["", "published", "27.45"]
    assert "Imported, not trained here: Released." in table.note
    assert "DASR" not in [row[0] for row in texts(table)[9:]]


def test_the_note_says_what_a_difference_mixes() -> None:
    note = TABLE1["table1_published-x4-Set14"].note
    assert "Published: Wang et al., CVPR 2021, Table 1." in note
    assert "ours minus published" in note
    assert "Trained here: " in note
    assert "joint steps of" in note
    assert "582,000 steps of 32 images of DF2K, 5.8 M parameters" in note
    assert "±: half of the 95 % interval over seeds" in note


@pytest.mark.parametrize(("widths", "explained"), [((0.0,), False), ((0.0, 1.2), True)])
def test_bicubic_is_explained_where_it_is_blurred(
    widths: tuple[float, ...], explained: bool
) -> None:
    frame = at(summary(isotropic(*widths), [0.0], ["bicubic"]), "Set5")
    table = tables("table2", frame, titles={"bicubic": "Bicubic"})["table2_published-x4"]
    assert ("28.42 published, 28.43 measured" in table.note) is explained
    assert "582,000" not in table.note  # no network is compared
    assert "Trained here" not in table.note
    assert "Why bicubic" not in TABLE1["table1_published-x4-Set14"].note


def test_one_seed_has_no_interval() -> None:
    frame = at(summary(isotropic(0.2), [0.0]), "Set14")
    frame = frame.assign(psnr_y_db_low=math.nan, psnr_y_db_high=math.nan, seeds=1)
    table = tables("table1", frame)["table1_published-x4-Set14"]
    assert texts(table)[0] == ["DASR", "ours", "26.80"]
    assert "one seed has no interval" in table.note
    assert pd.api.types.is_integer_dtype(table.numbers["seeds"])
