"""Learning rates by hand."""

from itertools import pairwise

import pytest

from dasr.config import TrainingConfig
from dasr.training.schedule import cosine_rate, encoder_rate, joint_rate

PAPER = TrainingConfig()


@pytest.mark.parametrize(("epoch", "rate"), [(1, 1e-3), (60, 1e-3), (61, 1e-4), (100, 1e-4)])
def test_encoder_stage_of_the_paper(epoch: int, rate: float) -> None:
    ours = encoder_rate(PAPER.encoder_learning_rate, epoch - 1, PAPER.encoder_decay_epochs)
    assert ours == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(
    ("epoch", "rate"), [(101, 1e-4), (225, 1e-4), (226, 5e-5), (475, 2.5e-5), (600, 1.25e-5)]
)
def test_joint_stage_of_the_paper(epoch: int, rate: float) -> None:
    joint_epoch = epoch - PAPER.encoder_epochs - 1
    ours = joint_rate(PAPER.joint_learning_rate, joint_epoch, PAPER.joint_decay_epochs)
    assert ours == pytest.approx(rate, rel=1e-12)


def test_cosine_rises_to_its_peak_and_falls_to_zero() -> None:
    # 4 % of 100 steps are warm-up
    rates = [cosine_rate(2e-3, step, 100) for step in range(101)]
    assert rates[:4] == pytest.approx([0.5e-3, 1e-3, 1.5e-3, 2e-3])
    assert rates[4] == pytest.approx(2e-3)
    assert rates[52] == pytest.approx(1e-3)  # half way from step 4 to step 100
    assert rates[100] == pytest.approx(0.0, abs=1e-18)
    assert all(later < earlier for earlier, later in pairwise(rates[4:]))


def test_cosine_of_a_single_step_learns() -> None:
    assert cosine_rate(2e-3, 0, 1) == 2e-3
