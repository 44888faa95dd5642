"""What encoder stages ended with, beside chance and beside what they began with."""

import math
from typing import Any

import pytest

from dasr.config import to_dict
from dasr.statistics.encoder_stages import TrainedStage, encoder_stages
from tests.tiny import Options, run_config

NAN = math.nan
FIRST = {"step": 0, "contrastive": NAN, "rank_kernel_width": 0.28, "rank_noise_level": 0.40}
LAST = {"step": 900, "contrastive": 4.66, "rank_kernel_width": 0.10, "rank_noise_level": 0.97}
BATCH: Options = {"negatives": "batch", "queue_size": None, "momentum": None}
MISSED = {"contrastive_in_batch": NAN, "old_among_confused": NAN}
ASKED = {"contrastive_in_batch": 0.5, "old_among_confused": 0.8}


def trained(
    stage: str = "a",
    method: str = "dasr",
    regime: str = "noisy",
    *rows: dict[str, float],
    **contrastive: Any,
) -> TrainedStage:
    """Return a stage of batches of 2; its history is `FIRST`, `LAST` unless rows are given."""
    config = to_dict(run_config(contrastive=contrastive, seed=3).encoder_stage())
    history = list(rows) or [FIRST, LAST]
    network = {"method": method, "regime": regime}
    return TrainedStage(stage, {"config": config}, history, network)


def test_a_stage_that_forgets_one_quantity_is_no_better_in_it() -> None:
    (row,) = encoder_stages([trained(**BATCH)]).to_dict("records")
    assert (row["steps"], row["scale"], row["seed"]) == (900, 2, 3)
    assert (row["rank_kernel_width"], row["untrained_rank_kernel_width"]) == (0.10, 0.28)
    assert (row["rank_noise_level"], row["untrained_rank_noise_level"]) == (0.97, 0.40)
    assert row["verdict"] == "no better than untrained: kernel width"
    assert row["contrastive"] == 4.66
    assert row["contrastive_chance"] == pytest.approx(math.log(2))  # itself and one other
    assert math.isnan(row["contrastive_in_batch_chance"])


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        (0.29, "learned"),
        (0.28, "no better than untrained: kernel width"),
        (NAN, "no better than untrained: kernel width"),
    ],
)
def test_to_learn_is_to_know_more(end: float, verdict: str) -> None:
    history = ({**FIRST, **MISSED}, {**LAST, **ASKED, "rank_kernel_width": end})
    assert encoder_stages([trained("a", "dasr", "noisy", *history)])["verdict"][0] == verdict


def test_a_queue_has_the_chances_of_its_age() -> None:
    history = ({**FIRST, **MISSED}, {**LAST, **ASKED})
    one = trained("a", "dasr", "noisy", *history, queue_size=24, hard_negatives=1)
    (row,) = encoder_stages([one]).to_dict("records")
    assert row["contrastive_chance"] == pytest.approx(math.log(26))
    assert (row["contrastive_in_batch"], row["old_among_confused"]) == (0.5, 0.8)
    assert row["contrastive_in_batch_chance"] == pytest.approx(math.log(2))
    # 22 keys are older than the step itself, six of them of the three steps before it
    assert row["old_among_confused_chance"] == pytest.approx(16 / 22)


def test_a_stage_has_one_row_and_all_its_users() -> None:
    frame = encoder_stages(
        [
            trained("a", "dasr"), trained("b", "dasr", "clean"), trained("a", "no_ca"),
            trained("a", "dasr", "other"),
        ]
    )  # fmt: skip
    assert frame["stage"].tolist() == ["a", "b"]
    assert frame["methods"].tolist() == ["dasr, no_ca", "dasr"]
    assert frame["regimes"].tolist() == ["noisy, other", "clean"]


def test_a_stage_without_validation_images_has_no_verdict_on_it() -> None:
    row = {"step": 900, "contrastive": 4.66}
    frame = encoder_stages([trained("a", "dasr", "noisy", row)])
    assert frame["verdict"].tolist() == ["not diagnosed"]
    assert not [name for name in frame if "rank" in name]
    assert encoder_stages([]).empty


def test_the_lowest_values_are_of_the_way() -> None:
    middle = {**LAST, **ASKED, "step": 300, "contrastive": 3.0, "old_among_confused": 0.02}
    history = ({**FIRST, **MISSED}, middle, {**LAST, **ASKED}, {**LAST, **MISSED})
    filling = {**LAST, **ASKED, "contrastive": 0.1, "old_among_confused": 0.0}
    # a queue of 24 is full of real keys after 12 steps of 2: up to then it is told by chance
    history = (*history[:1], {**filling, "step": 11}, {**filling, "step": 13}, *history[1:])
    one = trained("a", "dasr", "noisy", *history, queue_size=24)
    (row,) = encoder_stages([one]).to_dict("records")
    assert (row["lowest_contrastive"], row["lowest_old_among_confused"]) == (3.0, 0.02)
    (row,) = encoder_stages([trained(**BATCH)]).to_dict("records")
    assert math.isnan(row["lowest_old_among_confused"])


def test_regimes_need_not_have_the_same_quantities() -> None:
    blur = ({"step": 0, "rank_kernel_width": 0.2}, {"step": 9, "rank_kernel_width": 0.9})
    frame = encoder_stages([trained("a", "dasr", "blur", *blur), trained("b")])
    assert math.isnan(frame["rank_noise_level"][0])
    assert frame["verdict"].tolist() == ["learned", "no better than untrained: kernel width"]
    assert frame.columns[-1] == "verdict"
