"""The table of what decides a method's place: which numbers, which words."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dasr.config.equal_seconds import EqualSeconds
from dasr.reporting.published.protocols import PROTOCOLS
from dasr.reporting.published.rows import published_costs
from dasr.reporting.specs import Item
from dasr.reporting.tabulating.model import Table
from dasr.study import Plan
from tests.unit.reporting.frames import COSTS, inference, isotropic, summary
from tests.unit.reporting.items import CELL, TABLE_SPECS, TITLES, item_of, study

MILLISECONDS = {"dasr": 71.26, "no_ca": 65.0, "oracle": 5000.0, "bicubic": 3.0}
TRAINING = {"steps_per_epoch": 10, "joint_epochs": 5}


def _item(plan: Plan | None = None, **frames: pd.DataFrame) -> Item[Table]:
    held = {
        "summary": summary(isotropic(1.0, 2.0), [0.0, 5.0]),
        "costs": COSTS,
        "inference": inference(MILLISECONDS),
        **frames,
    }
    return item_of(TABLE_SPECS["costs"], plan=plan or Plan(study(training=TRAINING)), **held)


def _rows(item: Item[Table]) -> dict[str, list[str]]:
    table = item.spec.make(item)
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}


def test_a_line_says_what_a_method_is_worth_and_what_it_costs() -> None:
    item = _item()
    table = item.spec.make(item)
    assert list(table.header) == [
        "Method", "PSNR on Y (dB)", "SSIM on Y", "Params (M)", "FLOPs (G)", "ms", "Peak MB",
        "Training (CPU s)", "Joint steps",
    ]  # fmt: skip
    # 27 dB less the mean width of 1.5 pixels and a tenth of the mean noise level of 2.5
    dasr = ["25.25 ± 0.10", "0.2525 ± 0.0010", "5.97", "58.2", "71.3", "71.3", "1,234", "50"]
    assert _rows(item) == {
        "DASR": dasr,
        "Without CA": ["24.75 ± 0.20", "0.2475 ± 0.0020", "5.80", "57.0", "65.0", "65.0",
                       "987", "50"],
        "Oracle": ["26.25 ± 0.30", "0.2625 ± 0.0030", "0.0470", "1.23", "5000", "5,000.0", "–",
                   "50"],
        "Bicubic": ["23.25", "0.2325", "–", "–", "3.00", "3.0", "–", "–"],
    }  # fmt: skip
    numbers = table.numbers.set_index("method")
    assert numbers["milliseconds"].to_dict() == MILLISECONDS
    assert numbers["cpu_seconds"]["no_ca"] == 987.0
    assert numbers["joint_steps"].dropna().to_dict() == dict.fromkeys(
        ("dasr", "no_ca", "oracle"), 50.0
    )


def test_the_note_and_the_caption_say_how_it_was_measured() -> None:
    item = _item()
    note = item.spec.make(item).note
    for text in (note, item.caption.replace("\\", "")):
        assert "128x128 pixels, median of 15 calls after warm-up" in text
        assert "one run on An i9, device cpu, 1 thread." in text
        assert "Equal in training: the joint steps, 50;" in text


def test_a_method_with_its_own_steps_makes_them_unequal() -> None:
    longer = {"no_ca": {"model": {"channel_branch": False}, "training": {"joint_epochs": 7}}}
    item = _item(Plan(study(overrides=longer, training=TRAINING)))
    assert [line[-1] for line in _rows(item).values()] == ["–", "50", "70", "50"]
    assert "Not equal in training: joint steps and CPU seconds" in item.spec.make(item).note


def test_equal_seconds_are_named_with_the_machine_that_found_the_steps() -> None:
    # the numbers of steps are the planning's part: tests/unit/config/test_equal_seconds.py
    known = EqualSeconds(machine="Their i7", torch="2", methods=())
    plan = Plan(replace(study(training=TRAINING), seconds=known))
    note = _item(plan).spec.make(_item(plan)).note
    assert "Equal in training: CPU seconds of all stages together, those of dasr" in note
    assert "measured it on Their i7 with one thread" in note


@pytest.mark.parametrize("gone", ["dasr", "bicubic"])
def test_a_method_that_was_not_measured_is_an_error(gone: str) -> None:
    rows = inference({name: 1.0 for name in MILLISECONDS if name != gone})
    with pytest.raises(ValueError, match=f"inference: no row for '{gone}'"):
        _item(inference=rows).spec.make(_item(inference=rows))


def test_rows_of_another_scale_are_not_taken() -> None:
    rows = inference(MILLISECONDS)
    other = rows.assign(scale=2, milliseconds=1.0)
    item = _item(inference=pd.concat([other, rows], ignore_index=True))
    assert _rows(item)["DASR"][4] == "71.3"


BLUR = {"kernel_widths": {4: [1.0, 2.0]}, "noise_levels": [0.0]}


def _of_protocol(protocol: str, **config: Any) -> Item[Table]:
    regime = {"name": CELL.regime, "train": {"kernel_width": {4: [0.2, 4.0]}}, "test": BLUR}
    plan = Plan(study(protocol=protocol, regimes=[regime], training=TRAINING, **config))
    return _item(plan)


def test_published_costs_stand_beside() -> None:
    item = _of_protocol("table3")
    table = item.spec.make(item)
    assert list(table.header)[-2:] == ["Params, published", "ms, published"]
    # Wang et al., Table 3: 5.8 M parameters, 70 ms; of no variant and of bicubic none
    assert {name: line[-2:] for name, line in _rows(item).items()} == {
        "DASR": ["5.8M", "70"],
        "Without CA": ["–", "–"],
        "Oracle": ["–", "–"],
        "Bicubic": ["–", "–"],
    }
    assert "Published: what the paper prints" in table.note
    files = TABLE_SPECS["costs"].files(item)["published"]
    assert [path.rpartition("/")[2] for path in files] == ["table3.csv", "methods.csv"]


def test_a_table_of_the_paper_without_parameters_has_times() -> None:
    # Wang et al., Table 1: Model 3 takes 67 ms, Model 5 61 ms
    found = {name: line[-2:] for name, line in _rows(_of_protocol("table1")).items()}
    assert found["Without CA"] == ["–", "67"]
    assert found["Oracle"] == ["–", "61"]


def test_nothing_published_has_no_column() -> None:
    item = _of_protocol("gaussian8")
    assert list(item.spec.make(item).header)[-1] == "Joint steps"


def test_times_are_those_of_the_scale() -> None:
    # Wang et al., Table 2: RCAN takes 170, 167 and 165 ms, DASR 71, 70 and 70
    times = {scale: published_costs(PROTOCOLS["table2"], scale) for scale in (2, 3, 4)}
    assert [times[scale]["runtime_ms"]["RCAN"] for scale in (2, 3, 4)] == [170, 167, 165]
    assert [times[scale]["runtime_ms"]["DASR"] for scale in (2, 3, 4)] == [71, 70, 70]
    assert "Bicubic" not in times[4].index


def test_a_study_of_bicubic_alone_has_none() -> None:
    assert list(TABLE_SPECS["costs"].items(Plan(study({"bicubic": TITLES["bicubic"]})))) == []
