"""Numbers of the study's tables against numbers computed by hand."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dasr.embedding.scores import COLUMNS
from dasr.reporting.tabulating.model import Table
from dasr.study import Plan
from dasr.terms.columns import UNTRAINED
from tests.unit.reporting.frames import COSTS, cluster_summary, isotropic, paired, summary
from tests.unit.reporting.items import CELL, TITLES, study, table
from tests.unit.reporting.tabled import (
    cluster_table,
    grid_table,
    paired_table,
    psnr_table,
    ssim_table,
)

SMALL = summary(isotropic(1.0, 2.0), [0.0])
LARGE = summary(isotropic(1.0, 2.0, 3.0), [0.0, 10.0])


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def bold(table: Table) -> set[tuple[int, str]]:
    return {
        (number, head)
        for number, row in enumerate(table.rows)
        for head, cell in zip(table.header, row, strict=True)
        if cell.bold
    }


def test_columns_keep_the_order_of_the_grid() -> None:
    frame = summary(isotropic(10.0, 2.0), [5.0, 0.0])
    table = psnr_table(frame, TITLES, COSTS)
    widths = ("width 10", "width 2")
    shown = [f"{width}, noise {level}" for width in widths for level in (5, 0)]
    assert list(table.header[3:]) == [*shown, "mean"]
    assert table.numbers.set_index("method").loc["dasr", shown[2]] == pytest.approx(24.5)


def test_a_small_grid_is_shown_cell_by_cell_with_intervals() -> None:
    table = psnr_table(SMALL, TITLES, COSTS, CELL)
    assert table.header == ["Method", "Params (M)", "FLOPs (G)", "width 1", "width 2", "mean"]
    assert texts(table) == [
        ["DASR", "5.97", "58.2", "26.00 ± 0.10", "25.00 ± 0.10", "25.50 ± 0.10"],
        ["Without CA", "5.80", "57.0", "25.50 ± 0.20", "24.50 ± 0.20", "25.00 ± 0.20"],
        ["Oracle", "0.0470", "1.23", "27.00 ± 0.30", "26.00 ± 0.30", "26.50 ± 0.30"],
        ["Bicubic", "–", "–", "24.00", "23.00", "23.50"],
    ]
    assert "2 images, 3 seeds" in table.note


def test_a_large_grid_is_shown_by_its_margins() -> None:
    table = psnr_table(LARGE, TITLES, COSTS, CELL)
    assert table.header[3:] == ["width 1", "width 2", "width 3", "noise 0", "noise 10", "mean"]
    # DASR: 27 - width - noise / 10
    assert texts(table)[0][3:] == ["25.50", "24.50", "23.50", "25.00", "24.00", "24.50 ± 0.10"]
    row = table.numbers.set_index("method").loc["dasr"]
    assert row["width 2"] == pytest.approx(24.5)
    assert row["noise 10"] == pytest.approx(24.0)
    assert (row["psnr_y_db_low"], row["psnr_y_db_high"]) == pytest.approx((24.4, 24.6))


def test_bold_is_what_the_statistics_do_not_tell_from_the_best() -> None:
    columns = {"width 1", "width 2", "mean"}
    table = psnr_table(SMALL, TITLES, COSTS, CELL, unranked=["oracle"])
    assert bold(table) == {(0, head) for head in columns}
    assert "not ranked: Oracle" in table.note
    both = summary(isotropic(1.0, 2.0), [0.0], best=["dasr", "no_ca"])
    assert {number for number, _ in bold(psnr_table(both, TITLES, COSTS, CELL))} == {0, 1}
    none = psnr_table(summary(isotropic(1.0), [0.0], best=[]), TITLES, COSTS, CELL)
    assert not bold(none)
    assert "nothing is bold, since nothing is told from the best" in none.note


def test_margins_have_their_own_standing() -> None:
    table = psnr_table(LARGE, TITLES, COSTS, CELL)
    assert bold(table) == {(0, head) for head in table.header[3:]}


def test_several_noise_levels_of_a_small_grid_are_told_apart() -> None:
    frame = summary(isotropic(1.0, 2.0), [0.0, 5.0])
    header = psnr_table(frame, TITLES, COSTS, CELL).header
    assert header[3:5] == ["width 1, noise 0", "width 1, noise 5"]
    header = psnr_table(summary(isotropic(1.0), [0.0, 5.0]), TITLES, COSTS, CELL).header
    assert header[3:] == ["noise 0", "noise 5", "mean"]


def test_one_seed_has_no_interval() -> None:
    frame = SMALL.assign(psnr_y_db_low=float("nan"), psnr_y_db_high=float("nan"), seeds=1)
    table = psnr_table(frame, TITLES, COSTS, CELL)
    assert texts(table)[0][3:] == ["26.00", "25.00", "25.50"]
    assert "no interval" in table.note
    assert "±" not in table.note


def test_ssim_has_four_decimals() -> None:
    table = ssim_table(SMALL, TITLES, COSTS, CELL)
    assert texts(table)[0][3] == "0.2600 ± 0.0010"
    assert "SSIM" in table.caption


@pytest.mark.parametrize("change", [{"scale": 2}, {"method": "x"}, {"regime": "other"}])
def test_a_network_without_costs_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="costs: 0 rows for method 'dasr'"):
        psnr_table(SMALL, TITLES, COSTS.assign(**change), CELL)


def test_the_whole_grid_has_a_row_a_cell_and_the_mean() -> None:
    table = grid_table(LARGE, TITLES, CELL, unranked=["oracle"])
    assert table.header == ["Kernel", "Noise", *TITLES.values()]
    assert len(table.rows) == 7
    assert texts(table)[3] == [
        "width 2", "10", "24.00 ± 0.10", "23.50 ± 0.20", "25.00 ± 0.30", "22.00",
    ]  # fmt: skip
    assert texts(table)[-1][:3] == ["mean", "", "24.50 ± 0.10"]
    assert bold(table) == {(number, "DASR") for number in range(7)}
    assert table.rules == {2, 4, 6}
    assert len(table.numbers) == len(LARGE)


def test_differences_have_intervals_and_no_stars() -> None:
    table = paired_table(paired(isotropic(1.0, 2.0), [0.0, 5.0]), TITLES, CELL)
    assert table.header == ["Kernel", "Noise", "Without CA", "Oracle"]
    assert len(table.rows) == 5
    for row in texts(table):
        assert row[2:] == ["-0.50 [-0.75, -0.25]", "+1.00 [-0.50, +2.50]"]
    assert "minus that of DASR" in table.caption
    assert "rows are exploratory" in table.note
    assert "power, 5 % over 2 claims), in dB: Without CA 0.60, Oracle 0.60." in table.note


def test_a_difference_without_interval_has_no_bracket() -> None:
    frame = paired(isotropic(1.0), [0.0]).assign(both_low_db=float("nan"), seeds=1)
    frame["both_high_db"] = float("nan")
    table = paired_table(frame, TITLES, CELL)
    assert texts(table)[0] == ["width 1", "0", "-0.50", "+1.00"]
    assert "no interval" in table.note


def test_nothing_to_compare_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to report of no method"):
        paired_table(paired(isotropic(1.0), [0.0]), {"dasr": "DASR"}, CELL)


def test_cluster_scores_stand_by_task_and_chance_is_below() -> None:
    values = {"kernel_width": (0.5, 0.4), "noise_level": (0.2, 0.9)}
    frame = cluster_summary(
        *(
            {
                "task": task,
                "method": method,
                "seed": seed,
                **dict.fromkeys(COLUMNS, value + shift),
            }
            for task, own in values.items()
            for method, value in zip(("no_ca", "dasr"), own, strict=True)
            for seed, shift in ((1, -0.1), (2, 0.1))
        )
    )
    table = cluster_table(frame, TITLES, CELL)
    assert [row[:3] for row in texts(table)] == [
        ["kernel width", "DASR", "0.40 (0.30 0.50)"],
        ["kernel width", "Without CA", "0.50 (0.40 0.60)"],
        ["kernel width", "Chance", "0.20 (≤ 0.30)"],
        ["noise level", "DASR", "0.90 (0.80 1.00)"],
        ["noise level", "Without CA", "0.20 (0.10 0.30)"],
        ["noise level", "Chance", "0.20 (≤ 0.30)"],
    ]
    assert not bold(table)
    assert table.rules == {3}
    assert "fewer than 5 seeds" in table.note
    assert "60 points of 7 images" in table.note
    assert "permuted within crops" in table.note


def test_from_five_seeds_on_scores_have_intervals() -> None:
    frame = cluster_summary(*({"seed": seed, "ari": 0.5} for seed in range(5)))
    row, _ = texts(cluster_table(frame, TITLES, CELL))
    mean, low, high = re.fullmatch(r"(.+) \[(.+), (.+)\]", row[2]).groups()  # type: ignore[union-attr]
    assert mean == "0.50"
    assert 0.40 <= float(low) < 0.45 < 0.55 < float(high) <= 0.60
    note = cluster_table(frame, TITLES, CELL).note
    assert "images crossed with seeds" in note
    assert "fewer than" not in note


def test_the_untrained_encoder_is_a_row_that_says_whose_it_is() -> None:
    frame = cluster_summary({"method": "dasr"}, {"method": UNTRAINED, "ari": 0.7})
    found = table("clusters", {"dasr": "DASR", "bicubic": "Bicubic"}, CELL, clusters=frame)
    assert [row[1] for row in texts(found)] == ["DASR", "Untrained encoder", "Chance"]
    assert "Untrained encoder: that of DASR as its training starts" in found.note
    oracle = Plan(study({"oracle": "O"}, reference="oracle"))
    assert oracle.untrained is None


def test_the_probe_of_a_set_of_one_image_is_a_dash() -> None:
    names = ("probe_accuracy", "probe_accuracy_chance", "probe_accuracy_chance_high")
    lacking = dict.fromkeys(names, np.nan)
    one = cluster_summary({**lacking, "seed": 1}, {**lacking, "seed": 2})
    table = cluster_table(one, TITLES, CELL)
    for cells, other in zip(texts(table), ("0.50 (0.50 0.50)", "0.20 (≤ 0.30)"), strict=True):
        shown = dict(zip(COLUMNS, cells[2:], strict=True))
        assert shown == dict.fromkeys(COLUMNS, other) | {"probe_accuracy": "–"}
    assert not table.rows[0][2 + COLUMNS.index("probe_accuracy")].bold


def test_hypotheses_are_of_networks() -> None:
    claims = study()
    variants = [replace(one, hypothesis=f"Of {one.name}.") for one in claims.variants]
    plan = Plan(replace(claims, variants=tuple(variants)))
    found = table("hypotheses", TITLES, CELL, plan=plan, costs=COSTS)
    assert texts(found)[1] == ["no_ca", "Without CA", "Of no_ca.", "5.80", "57.0", "987"]
    assert [row[-1] for row in texts(found)] == ["1230", "987", "–"]
    assert "–: not trained here, or before CPU seconds were recorded" in found.note
    assert found.numbers["parameters"].tolist() == [5_971_000, 5_800_000, 47_000]
    assert len(found.rows) == 3
