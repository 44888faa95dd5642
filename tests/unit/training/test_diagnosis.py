"""What an encoder stage is asked while it trains, and what it says when it learned nothing."""

import logging
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dasr.config import DegradationConfig, Stage
from dasr.data import PackedImages, dead_leaves
from dasr.terms.history import IN_BATCH, OLD_AMONG_CONFUSED, old_in_queue
from dasr.training import diagnosis
from dasr.training.contrast import Memory
from dasr.training.diagnosis import Diagnosis, complaint
from dasr.training.validation import ValidationCrops, told_apart, validation_crops
from tests.tiny import packed, run_config
from tests.unit.training.conftest import Train
from tests.unit.training.contrast.stub import StubEncoder


@pytest.fixture
def validation(tmp_path: Path) -> list[PackedImages]:
    made = {f"v{number}": dead_leaves(64, 9, number) for number in range(4)}
    return [packed(tmp_path, made, "validation")]


def _stage(**changes: object) -> Stage:
    stage = run_config(**changes).encoder_stage()  # type: ignore[arg-type]
    assert stage is not None
    return stage


def test_what_varies_in_training_is_told_apart() -> None:
    config = DegradationConfig(
        kernel_width={4: (0.2, 4.2)}, noise_level=(5.0, 25.0), jpeg_quality=(30, 90)
    )
    found = told_apart(config, 4)
    assert [one.kernel.lambda_1 for one in found["kernel_width"]] == [0.2, 1.2, 2.2, 3.2, 4.2]
    assert [one.noise_level for one in found["noise_level"]] == [5.0, 10.0, 15.0, 20.0, 25.0]
    assert [one.jpeg_quality for one in found["jpeg_quality"]] == [30, 45, 60, 75, 90]
    mild = {(one.noise_level, one.jpeg_quality) for one in found["kernel_width"]}
    assert mild == {(5.0, 90)}
    assert {one.kernel.lambda_1 for one in found["noise_level"]} == {2.2}
    still = DegradationConfig(kernel_width={4: (2.0, 2.0)}, noise_level=(7.0, 7.0))
    assert told_apart(still, 4) == {}


class Brightness(nn.Module):
    """Represents an image by its mean, which is the label here."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, lr_images: Tensor) -> tuple[Tensor, Tensor]:
        mean = lr_images.mean(dim=(1, 2, 3))[:, None] * self.scale
        return mean, mean


def test_a_rank_is_that_of_neighbours_in_other_images() -> None:
    label = np.repeat(np.arange(5.0), 20)
    image = np.tile(np.arange(20).astype(str), 5)
    told = ValidationCrops(torch.tensor(label).float()[:, None, None, None] * 9, label, image)
    assert told.rank(Brightness()) == pytest.approx(1.0)
    # a representation of the image alone finds no neighbour that knows
    own = torch.tensor(image.astype(float)).float()[:, None, None, None]
    assert abs(ValidationCrops(own, label, image).rank(Brightness())) < 0.35


def test_few_images_have_fewer_neighbours() -> None:
    label, image = np.repeat(np.arange(5.0), 2), np.tile(np.array(["a", "b"]), 5)
    told = ValidationCrops(torch.tensor(label).float()[:, None, None, None] * 9, label, image)
    assert told.rank(Brightness()) == pytest.approx(1.0)  # of 15, all five others would be near


def test_crops_are_degraded_and_of_one_size(validation: list[PackedImages]) -> None:
    crops = validation_crops(_stage(), validation)
    assert crops.keys() == {"kernel_width", "noise_level"}
    widths = crops["kernel_width"]
    assert widths.lr_images.shape[1:] == (3, 32, 32)  # all of an image of 64 at x2
    assert len(widths.label) == len(widths.image) == 4 * 5
    sharp, blurred = (
        widths.lr_images[torch.from_numpy(widths.label == value)].diff(dim=3).abs().mean()
        for value in (0.2, 2.0)
    )
    assert sharp > blurred
    assert validation_crops(_stage(), []) == {}


def test_old_keys_are_told_from_new_ones() -> None:
    stage = _stage(contrastive={"queue_size": 24}, training={"batch_size": 2})
    memory = Memory(4, 24, torch.Generator())
    axes = torch.eye(4)
    memory.keys.copy_(axes[:, [2]].expand(4, 24))
    for _ in range(12):
        memory.enqueue(axes[[2, 2]])
    memory.enqueue(axes[[0, 0]])  # step before the last: as near as can be
    memory.enqueue(axes[[1, 1]])  # the last step's keys
    # the queries' own keys are at right angles; 2 of 22 keys are nearer: those two new ones
    views = axes[[0, 0]][:, None].expand(2, 2, 4)
    asked = Diagnosis(stage, {})
    assert asked.columns == (IN_BATCH, OLD_AMONG_CONFUSED)
    found = asked.after(StubEncoder(4), memory, views)
    assert found[OLD_AMONG_CONFUSED] == 0.0
    assert found[IN_BATCH] == pytest.approx(math.log(2))
    # 22 are compared, of which six are of the three steps before the last: 4 steps are new
    assert old_in_queue(24, 2) == pytest.approx(16 / 22)
    memory.keys.copy_(axes[:, [0]].expand(4, 24))
    memory.enqueue(axes[[1, 1]])
    assert asked.after(StubEncoder(4), memory, views)[OLD_AMONG_CONFUSED] == pytest.approx(
        16 / 22
    )


def test_nothing_is_confused_with_a_perfect_key() -> None:
    memory = Memory(4, 8, torch.Generator().manual_seed(0))
    axes = torch.eye(4)
    memory.enqueue(axes[[0, 0]])
    found = Diagnosis(_stage(), {}).after(
        StubEncoder(4), memory, axes[[0, 0]][:, None].expand(2, 2, 4)
    )
    assert math.isnan(found[OLD_AMONG_CONFUSED])


def test_a_diagnosis_changes_no_bit(train: Train, validation: list[PackedImages]) -> None:
    for contrastive in ({}, {"negatives": "batch", "queue_size": None, "momentum": None}):
        run = run_config(contrastive=contrastive)
        name = str(len(contrastive))
        plain = train(run, "encoder", f"a{name}")
        watched = train(run, "encoder", f"b{name}", validation=validation)
        ours, theirs = plain.modules.state_dict(), watched.modules.state_dict()
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)
        losses = [row["contrastive"] for row in watched.history[1:]]
        assert losses == [row["contrastive"] for row in plain.history]


def test_history_has_it_from_the_start(train: Train, validation: list[PackedImages]) -> None:
    history = train(run_config(), "encoder", validation=validation).history
    assert [row["step"] for row in history] == [0, 1, 2, 3, 4, 5, 6]
    assert all(row.keys() == history[0].keys() for row in history)
    for row in history:
        assert -1 <= row["rank_kernel_width"] <= 1
        assert -1 <= row["rank_noise_level"] <= 1
    assert math.isnan(history[0]["contrastive"])
    assert math.isnan(history[0]["learning_rate"])


def test_it_is_asked_now_and_then_and_at_the_end(
    train: Train, validation: list[PackedImages], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "TIMES", 2)
    run = run_config(training={"encoder_epochs": 4})
    history = train(run, "encoder", validation=validation).history
    asked = [row["step"] for row in history if not math.isnan(row["rank_kernel_width"])]
    assert asked == [0, 4, 8]


ROWS = [
    {"step": 0, "contrastive": math.nan, "rank_kernel_width": 0.28, "rank_noise_level": 0.4},
    {"step": 9, "contrastive": 3.1, "rank_kernel_width": 0.1, "rank_noise_level": 0.9},
]


def test_a_stage_that_knows_less_than_an_untrained_one_says_so() -> None:
    text = complaint(ROWS)
    assert "kernel width 0.10 (untrained 0.28)" in text
    assert "noise level" not in text
    assert "docs/troubleshooting.md" in text
    assert complaint([ROWS[0], {**ROWS[1], "rank_kernel_width": 0.29}]) == ""
    assert "rank correlation of kernel width nan" in complaint(
        [ROWS[0], {**ROWS[1], "rank_kernel_width": math.nan}]
    )
    assert complaint([{"step": 1, "contrastive": 1.0}]) == ""


def test_it_is_said_in_the_log(
    train: Train,
    validation: list[PackedImages],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ranks: Callable[..., float] = iter([0.5, 0.5, *[0.1] * 20]).__next__
    monkeypatch.setattr(ValidationCrops, "rank", lambda *_: ranks())
    with caplog.at_level(logging.WARNING):
        train(run_config(), "encoder", validation=validation)
    assert "kernel width 0.10 (untrained 0.50) and noise level 0.10" in caplog.text
