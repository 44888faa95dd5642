"""What the stages compute, and when they stop."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from dasr.architectures.encoder import build_encoder
from dasr.config import RunConfig
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.training.state import TrainingState
from tests.tiny import rows_text, run_config
from tests.unit.training.conftest import Train

NewSampler = Callable[[RunConfig], PatchSampler]


def _tensors(state: TrainingState, prefix: str = "") -> dict[str, Tensor]:
    return {k: v for k, v in state.modules.state_dict().items() if k.startswith(prefix)}


def _same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    assert first.keys() == second.keys()
    return all(torch.equal(tensor, second[name]) for name, tensor in first.items())


@pytest.mark.parametrize("stage", ["encoder", "joint"])
def test_same_configuration_same_bits(train: Train, stage: str) -> None:
    first, again = train(run_config(), stage, "a"), train(run_config(), stage, "b")
    assert _same(_tensors(first), _tensors(again))
    assert rows_text(first) == rows_text(again)


def test_seed_changes_start_and_patches(train: Train) -> None:
    states = [train(run_config(seed=seed), "encoder", f"seed{seed}") for seed in (1, 2)]
    assert states[0].history[0] != states[1].history[0]


def test_both_stages_learn(train: Train) -> None:
    encoder = train(run_config(), "encoder")
    joint = train(run_config(), "joint")
    kept = "network.encoder.convs.0.weight"
    assert not torch.equal(_tensors(encoder)[kept], _tensors(joint)[kept])
    assert encoder.step == joint.step == 6
    # six batches of two keys went around the queue of eight, in each stage
    assert _tensors(encoder)["memory.position"].item() == 12 % 8
    assert _tensors(joint)["memory.position"].item() == 24 % 8


def test_every_step_of_both_stages_draws_anew(train: Train, new_sampler: NewSampler) -> None:
    run = run_config()
    sampler = new_sampler(run)
    whole, seen = sampler.sample, []

    def sample(count: int, rng: torch.Generator, each: int) -> Tensor:
        seen.append(
            (whole(count, rng, each), torch.rand(1, generator=rng.clone_state()).item())
        )
        return seen[-1][0]

    sampler.sample = sample  # type: ignore[method-assign]
    train(run, "encoder", "a", sampler)
    train(run, "joint", "a", sampler)
    assert len(seen) == 12
    assert len({patches.numpy().tobytes() for patches, _ in seen}) == 12
    assert len({what_follows for _, what_follows in seen}) == 12


def test_history_follows_the_schedule(train: Train) -> None:
    run = run_config(training={"encoder_decay_epochs": 2, "joint_decay_epochs": 1})
    encoder, joint = train(run, "encoder"), train(run, "joint")
    assert [row["step"] for row in encoder.history] == [1, 2, 3, 4, 5, 6]
    rates = [row["learning_rate"] for row in encoder.history]
    assert rates == pytest.approx([1e-3, 1e-3, 1e-3, 1e-3, 1e-4, 1e-4])
    rates = [row["learning_rate"] for row in joint.history]
    assert rates == pytest.approx([1e-4, 1e-4, 5e-5, 5e-5, 2.5e-5, 2.5e-5])


def test_variants_that_differ_in_the_generator_train_the_same_encoder(train: Train) -> None:
    base, ablated = run_config(), run_config(method="no_ca", model={"channel_branch": False})
    first, second = train(base, "encoder", "a"), train(ablated, "encoder", "b")
    assert _same(_tensors(first), _tensors(second))


def test_joint_stage_starts_from_the_encoder_stage(train: Train) -> None:
    frozen = {"joint_epochs": 1, "steps_per_epoch": 3, "joint_learning_rate": 1e-30}
    run = run_config(training=frozen)
    encoder, joint = train(run, "encoder", "shared"), train(run, "joint")
    name = "network.encoder.mlp.2.weight"
    assert torch.allclose(_tensors(encoder)[name], _tensors(joint)[name], atol=1e-12)
    parameter = joint.parameters[name]
    # Adam goes on counting: 9 steps before, 3 here
    assert joint.optimizer.state[parameter]["step"].item() == 9 + 3


def test_without_the_contrastive_term(train: Train) -> None:
    run = run_config(contrastive={"enabled": False})
    state = train(run, "joint")
    assert {tuple(row) for row in state.history} == {("step", "learning_rate", "l1")}
    assert not any(name.startswith(("memory", "key_encoder")) for name in _tensors(state))
    fresh = build_encoder(run.settings.model.encoder, run.seed).state_dict()
    prefix = "network.encoder."
    trained = {k.removeprefix(prefix): v for k, v in _tensors(state, prefix).items()}
    # only the contrastive loss reaches the MLP; L1 reaches the convolutions
    assert torch.equal(trained["mlp.2.weight"], fresh["mlp.2.weight"])
    assert not torch.equal(trained["convs.0.weight"], fresh["convs.0.weight"])


def test_weight_scales_the_contrastive_gradient_not_its_record(train: Train) -> None:
    one, half = run_config(), run_config(contrastive={"weight": 0.5})
    states = [train(one, "joint", "a"), train(half, "joint", "b")]
    assert list(states[1].history[0]) == ["step", "learning_rate", "l1", "contrastive"]
    assert states[0].history[0] == states[1].history[0]
    assert states[0].history[-1] != states[1].history[-1]
    # only the contrastive loss reaches the MLP: half the weight, half the first moment
    name = "network.encoder.mlp.2.bias"
    one_step = {"encoder_epochs": 0, "steps_per_epoch": 1, "joint_epochs": 1}
    moments = []
    for folder, weight in (("c", 1.0), ("d", 0.5)):
        run = run_config(contrastive={"weight": weight}, training=one_step)
        state = train(run, "joint", folder)
        moments.append(state.optimizer.state[state.parameters[name]]["exp_avg"])
    torch.testing.assert_close(moments[0], 2 * moments[1])


def test_oracle_trains_without_contrast(train: Train) -> None:
    run = run_config(
        model={"representation": "oracle"},
        contrastive={"enabled": False},
    )
    state = train(run, "joint")
    moved = state.optimizer.state[state.parameters["network.encoder.mlp.0.weight"]]["exp_avg"]
    assert moved.abs().sum() > 0
    assert not any(name.startswith(("memory", "key_encoder")) for name in _tensors(state))


@pytest.mark.parametrize(("stage", "rate"), [("encoder", "0.001"), ("joint", "0.0001")])
def test_nan_stops_with_step_and_learning_rate(
    train: Train,
    new_sampler: NewSampler,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    rate: str,
) -> None:
    run = run_config()
    train(run, "encoder", "shared")
    sampler = new_sampler(run)
    whole, drawn = sampler.sample, []

    def spoilt(count: int, rng: torch.Generator, each: int) -> Tensor:
        drawn.append(count)
        return whole(count, rng, each) * (float("nan") if len(drawn) == 4 else 1.0)

    monkeypatch.setattr(sampler, "sample", spoilt)
    with pytest.raises(UserError, match=rf"nan.* at step 3 with learning rate {rate}:"):
        train(run, stage, "b", sampler)
