"""What a step takes: which steps count, which stages are trained, how often."""

import dataclasses
from pathlib import Path

import pytest

from dasr.config.models.parts import PartTraining
from dasr.config.models.srresnet import SRResNetConfig
from dasr.training import step_seconds as module
from dasr.training.context import RunContext
from dasr.training.step_seconds import STEPS, StepClock, shortened, step_seconds
from tests.tiny import run_config


def test_a_clock_counts_the_steps_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = iter([100.0, 150.0, 160.0, 161.0, 163.0])
    monkeypatch.setattr(module.time, "process_time", lambda: next(ends))
    clock = StepClock()
    for step in range(1, 6):
        clock.keep(None, step)
    assert clock.counted() == [1.0, 2.0]


def test_a_short_training_has_the_steps_of_the_long_one() -> None:
    run = run_config(training={"encoder_batch_size": 4, "joint_steps_per_epoch": 7})
    short = shortened(run)
    for before, after in zip(run.stages(), short.stages(), strict=True):
        assert after.training.total_steps == STEPS
        same = dataclasses.replace(
            after.training,
            steps_per_epoch=before.training.steps_per_epoch,
            epochs=before.training.epochs,
        )
        assert same == before.training
        assert dataclasses.replace(after, training=before.training, seed=run.seed) == before
    assert short.settings.model == run.settings.model
    alone = run_config(contrastive={"enabled": False})
    assert len(shortened(alone).stages()) == 1


def test_every_stage_of_every_method_is_measured_and_a_shared_one_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained = []
    train_encoder = module.train_encoder

    def counted(stage, sampler, context: RunContext):  # type: ignore[no-untyped-def]
        trained.append(stage)
        return train_encoder(stage, sampler, context)

    monkeypatch.setattr(module, "train_encoder", counted)
    runs = [
        run_config(),
        run_config(method="no_ca", model={"channel_branch": False}, seed=2),
        run_config(method="alone", contrastive={"enabled": False}),
        run_config(method="warm", contrastive={"temperature": 0.2}),
    ]
    found = step_seconds(runs, rounds=2)
    assert [list(one) for one in found] == [
        ["encoder", "joint"], ["encoder", "joint"], ["joint"], ["encoder", "joint"]
    ]  # fmt: skip
    assert len(trained) == 2 * 2  # rounds x distinct encoder stages
    assert found[0]["encoder"] == found[1]["encoder"]
    assert all(value > 0 for one in found for value in one.values())


def test_stages_of_parts_are_measured_before_the_network_and_shared() -> None:
    part = PartTraining(epochs=4, learning_rate=0.01, decay_epochs=1)
    model = SRResNetConfig(
        num_blocks=1, num_features=8, denoise_first="dncnn", denoiser_layers=3,
        denoiser_features=4,
    )  # fmt: skip
    run = run_config(contrastive={"enabled": False})
    training = dataclasses.replace(run.settings.training, parts={"denoiser": part})
    settings = dataclasses.replace(run.settings, model=model, training=training)
    run = dataclasses.replace(run, settings=settings)
    wider = dataclasses.replace(model, num_features=16)
    other = dataclasses.replace(run, settings=dataclasses.replace(settings, model=wider))
    first, second = step_seconds([run, other], rounds=1)
    assert set(first) == {"denoiser", "joint"}
    assert first["denoiser"] == second["denoiser"]
    assert first["joint"] != second["joint"]


@pytest.mark.parametrize(
    "settings",
    [
        {"contrastive": {"joint_patches": "own"}, "training": {"encoder_patch_size": 10}},
        {"contrastive": {"weight": 0.0}, "training": {"joint_encoder_rate_share": 0.0}},
    ],
    ids=["own patches", "kept still"],
)
def test_stages_of_other_kinds_are_measured_too(settings: dict, tmp_path: Path) -> None:
    (found,) = step_seconds([run_config(**settings)], rounds=1)
    assert set(found) == {"encoder", "joint"}
