"""Hours of a study, computed by hand."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dasr.forecast.hours import SHARED_STAGES, Side, hours_of
from dasr.forecast.speed import Measured
from dasr.forecast.steps import StepCosts, step_key
from dasr.forecast.trainings import Training, trainings_of
from dasr.study import Plan

PlanStudy = Callable[..., Plan]
SECONDS = {"": 360.0, "dasr": 720.0, "no_contrastive": 180.0}
"""CPU seconds a step: 10 steps of an encoder stage are an hour, 20 of a network 4 or 1."""


def _measured(trainings: list[Training]) -> list[Measured]:
    return [
        Measured(
            seconds=SECONDS[one.method],
            flops=1.0,
            precision="float32",
            threads=1,
            key=step_key(one.stage, one.model),
            source="records",
        )
        for one in trainings
    ]


def test_hours_are_steps_times_seconds(planned: PlanStudy) -> None:
    trainings = trainings_of(planned())
    found = hours_of(trainings, Side(2, 1), _measured(trainings), StepCosts())
    assert {share.name: share.cpu_hours for share in found.shares} == {
        SHARED_STAGES.format("encoder"): pytest.approx(2.0),
        "dasr": pytest.approx(8.0),
        "no_contrastive": pytest.approx(2.0),
    }
    assert [(one.trainings, one.steps) for one in found.shares] == [(2, 20), (2, 40), (2, 40)]
    assert found.cpu_hours == pytest.approx(12.0)
    assert found.wall_hours == pytest.approx(6.0)  # on two cores


def test_no_study_is_faster_than_its_longest_chain(planned: PlanStudy) -> None:
    """An encoder stage of an hour, and the network of four that goes on from it."""
    trainings = trainings_of(planned())
    found = hours_of(trainings, Side(64, 1), _measured(trainings), StepCosts())
    assert found.wall_hours == pytest.approx(5.0)
    # threads share the work of each
    found = hours_of(trainings, Side(64, 2), _measured(trainings), StepCosts())
    assert (found.side.by_side, found.wall_hours) == (32, pytest.approx(2.5))


def test_finished_trainings_take_nothing(planned: PlanStudy) -> None:
    trainings = [
        replace(one, finished=one.kind == "encoder") for one in trainings_of(planned())
    ]
    found = hours_of(trainings, Side(1, 1), _measured(trainings), StepCosts())
    assert (found.cpu_hours, found.wall_hours) == (pytest.approx(10.0), pytest.approx(10.0))
    assert (found.shares[0].finished, found.shares[0].step_seconds) == (2, None)
    done = [replace(one, finished=True) for one in trainings]
    found = hours_of(done, Side(1, 1), [], StepCosts())
    assert (found.cpu_hours, found.wall_hours) == (0.0, 0.0)


def test_hours_are_not_known_where_nothing_is_measured(planned: PlanStudy) -> None:
    trainings = trainings_of(planned())
    found = hours_of(trainings, Side(2, 1), [], StepCosts())
    assert (found.cpu_hours, found.wall_hours) == (None, None)
    assert {share.step_seconds for share in found.shares} == {None}
