"""Learning rates by hand; those of the paper are held to it in config/test_paper.py."""

from itertools import pairwise

import pytest

from dasr.training.schedule import cosine_rate


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
