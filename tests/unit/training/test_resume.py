"""Interrupted trainings go on to the same bits; foreign states are refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from dasr.checkpoint import load_network
from dasr.config import RunConfig
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.training import loop, step
from dasr.training.state import TrainingState
from tests.tiny import rows_text, run_config
from tests.unit.training.conftest import Train

NewSampler = Callable[[RunConfig], PatchSampler]


class PowerCut(Exception):
    """Ends a training between two steps."""


def _stopping(sampler: PatchSampler, step: int) -> PatchSampler:
    """Return the sampler, which fails when it is asked for a step."""
    whole, drawn = sampler.sample, []

    def sample(count: int, rng: torch.Generator, each: int) -> Tensor:
        if len(drawn) == step:
            raise PowerCut
        drawn.append(count)
        return whole(count, rng, each)

    sampler.sample = sample  # type: ignore[method-assign]
    return sampler


def _counting(sampler: PatchSampler) -> list[int]:
    """Return a list that grows with every batch of the sampler."""
    whole, drawn = sampler.sample, []

    def sample(count: int, rng: torch.Generator, each: int) -> Tensor:
        drawn.append(count)
        return whole(count, rng, each)

    sampler.sample = sample  # type: ignore[method-assign]
    return drawn


def _everything(state: TrainingState) -> dict[str, Tensor]:
    """Return modules and optimizer as tensors by name."""
    tensors = dict(state.modules.state_dict())
    for name, parameter in state.parameters.items():
        for key, value in state.optimizer.state[parameter].items():
            tensors[f"adam.{key}.{name}"] = value
    return tensors


@pytest.mark.parametrize("stage", ["encoder", "joint"])
@pytest.mark.parametrize(
    ("rows", "step", "left", "precision"),
    [
        (250, 4, 2, "float32"),
        (2, 5, 3, "float32"),
        (250, 0, 6, "float32"),
        (250, 4, 2, "bf16"),  # weights and averages lie channels-last
    ],
)
def test_interrupted_training_ends_in_the_same_bits(
    train: Train,
    new_sampler: NewSampler,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    rows: int,
    step: int,
    left: int,
    precision: str,
) -> None:
    monkeypatch.setattr(loop, "HISTORY_ROWS", rows)
    run = run_config(training={"schedule": "cosine", "precision": precision})
    unbroken = train(run, stage, "unbroken")
    with pytest.raises(PowerCut):
        train(run, stage, "broken", _stopping(new_sampler(run), step))
    rest = new_sampler(run)
    drawn = _counting(rest)
    resumed = train(run, stage, "broken", rest)
    assert len(drawn) == left  # steps since the last whole interval are taken again
    assert rows_text(resumed) == rows_text(unbroken)
    assert resumed.step == unbroken.step == 6
    ours, theirs = _everything(resumed), _everything(unbroken)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def _kept(folder: Path) -> dict[str, bytes]:
    """Return the networks that a training has kept, as bytes by file."""
    return {path.name: path.read_bytes() for path in (folder / "kept").glob("*.safetensors")}


@pytest.mark.parametrize("rows", [250, 2])  # a state at every step, and at 3 and 6
@pytest.mark.parametrize("stop", [1, 2, 3, 4, 5])
def test_networks_on_the_way_survive_a_kill_to_the_bit(
    train: Train,
    new_sampler: NewSampler,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    rows: int,
    stop: int,
) -> None:
    monkeypatch.setattr(loop, "HISTORY_ROWS", rows)
    run, steps = run_config(), (2, 4, 5)
    unbroken = train(run, "joint", "unbroken", keep=steps)
    expected = _kept(tmp_path / "unbroken")
    assert sorted(expected) == ["step2.safetensors", "step4.safetensors", "step5.safetensors"]
    assert len(set(expected.values())) == 3
    with pytest.raises(PowerCut):
        train(run, "joint", "broken", _stopping(new_sampler(run), stop), keep=steps)
    assert len(_kept(tmp_path / "broken")) == sum(step <= stop for step in steps)
    resumed = train(run, "joint", "broken", keep=steps)
    assert _kept(tmp_path / "broken") == expected
    without = train(run, "joint", "without")
    for state in (unbroken, resumed):  # keeping networks is no part of the method
        assert state.history == without.history
        ours, theirs = _everything(state), _everything(without)
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_a_network_on_the_way_is_that_of_a_training_stopped_there(
    train: Train, tmp_path: Path
) -> None:
    train(run_config(), "joint", "long", keep=[4])
    network, _ = load_network(tmp_path / "long/kept/step4.safetensors")
    short = train(run_config(training={"joint_epochs": 2}), "joint", "short")
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, short.modules["network"].state_dict()[name]), name


def test_a_state_whose_networks_are_gone_is_not_continued(
    train: Train, new_sampler: NewSampler, tmp_path: Path
) -> None:
    with pytest.raises(PowerCut):
        train(run_config(), "joint", "a", _stopping(new_sampler(run_config()), 5), keep=[2, 4])
    (tmp_path / "a/kept/step2.safetensors").unlink()
    sampler = new_sampler(run_config())
    drawn = _counting(sampler)
    train(run_config(), "joint", "a", sampler, keep=[2, 4])
    assert len(drawn) == 6
    assert len(_kept(tmp_path / "a")) == 2


BATCH = {"negatives": "batch", "queue_size": None, "momentum": None}
OPTIONS = {
    "batch": ({**BATCH, "hard_negatives": 1, "positives": "other_image"}, {}),
    "own patches": (
        {**BATCH, "joint_patches": "own"},
        {"encoder_batch_size": 3, "encoder_patch_size": 12},
    ),
    "queue, hard negatives": ({"hard_negatives": 2}, {}),
    "kept still": ({"weight": 0.0}, {"joint_encoder_rate_share": 0.0}),
    "slowed": ({}, {"joint_encoder_rate_share": 0.25}),
}


@pytest.mark.parametrize("stage", ["encoder", "joint"])
@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_goes_on_to_the_same_bits(
    train: Train, monkeypatch: pytest.MonkeyPatch, stage: str, name: str
) -> None:
    contrastive, training = OPTIONS[name]
    run = run_config(contrastive=contrastive, training={"schedule": "cosine", **training})
    unbroken = train(run, stage, "unbroken")  # and its encoder stage before it
    steps = iter(range(4))

    def descend(*arguments: Any) -> None:
        if next(steps, None) is None:
            raise PowerCut
        step.descend(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "descend", descend)
        with pytest.raises(PowerCut):
            train(run, stage, "broken")
    resumed = train(run, stage, "broken")
    assert rows_text(resumed) == rows_text(unbroken)
    ours, theirs = _everything(resumed), _everything(unbroken)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_cpu_seconds_go_on_where_a_training_does(
    train: Train, new_sampler: NewSampler, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 10))
    monkeypatch.setattr(loop.time, "process_time", lambda: float(next(clock)))
    monkeypatch.setattr(loop, "HISTORY_ROWS", 250)
    run = run_config()
    unbroken = train(run, "encoder", "unbroken")
    assert unbroken.cpu_seconds == 60.0  # six intervals, a reading after each
    with pytest.raises(PowerCut):
        train(run, "encoder", "broken", _stopping(new_sampler(run), 4))
    assert train(run, "encoder", "broken", new_sampler(run)).cpu_seconds == 60.0


def test_finished_training_takes_no_step_again(train: Train, new_sampler: NewSampler) -> None:
    first = train(run_config(), "encoder")
    again = train(run_config(), "encoder", "a", _stopping(new_sampler(run_config()), 0))
    assert rows_text(again) == rows_text(first)


@pytest.mark.parametrize("stage", ["encoder", "joint"])
def test_state_of_another_configuration_is_not_continued(train: Train, stage: str) -> None:
    mine, other = run_config(), run_config(contrastive={"temperature": 0.5})
    if stage == "joint":
        other = run_config(model={"channel_branch": False})
    finished = train(mine, stage, "a")
    fresh = train(other, stage, "b")
    again = train(other, stage, "a")
    assert rows_text(again) == rows_text(fresh) != rows_text(finished)


def test_foreign_state_is_refused_by_name(train: Train, tmp_path: Path) -> None:
    state = train(run_config(), "encoder")
    path = tmp_path / "state.safetensors"
    state.save(path, {"digest": "0123456789ab"})
    with pytest.raises(UserError, match=r"state\.safetensors: .*0123456789ab.*run is fedc"):
        state.restore(path, "fedcba987654")
    with pytest.raises(UserError, match=r"state\.safetensors: stage 0123456789ab"):
        state.adopt_encoder(path, "fedcba987654")


def test_encoder_of_another_configuration_is_refused(train: Train) -> None:
    train(run_config(), "joint", "a")  # leaves its encoder stage in "shared"
    with pytest.raises(UserError, match=r"encoder\.safetensors: stage \w+, expected"):
        train(run_config(contrastive={"temperature": 0.5}), "joint", "b")
