"""Which variants may share one trained encoder."""

import dataclasses
from typing import Any

import pytest

from dasr.config import (
    ARCHITECTURES,
    ContrastiveConfig,
    DASRConfig,
    DegradationConfig,
    TrainingConfig,
    digest,
)
from tests.tiny import run_config


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "no_ca", "model": {"channel_branch": False}},
        {"model": {"num_groups": 2, "upsampler": "single", "bicubic_skip": True}},
        {"contrastive": {"weight": 0.5}},
        {"training": {"joint_epochs": 9, "joint_learning_rate": 1.0e-2}},
        {"training": {"joint_decay_epochs": 7}},
        {"regime": "renamed"},
    ],
)
def test_generator_and_joint_stage_leave_it_alone(changes: dict[str, Any]) -> None:
    assert run_config(**changes).encoder_stage() == run_config().encoder_stage()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 2},
        {"scale": 3, "degradation": DegradationConfig(kernel_width={3: (0.2, 2.0)})},
        {"degradation": DegradationConfig(kernel_width={2: (0.2, 3.0)})},
        {"model": {"encoder_features": 8}},
        {"contrastive": {"temperature": 0.1}},
        {"contrastive": {"momentum": 0.9}},
        {"contrastive": {"queue_size": 16}},
        {"training": {"batch_size": 4}},
        {"training": {"patch_size": 10}},
        {"training": {"steps_per_epoch": 4}},
        {"training": {"encoder_epochs": 4}},
        {"training": {"encoder_learning_rate": 1.0e-2}},
        {"training": {"encoder_decay_epochs": 1}},
        {"training": {"schedule": "cosine"}},
        {"training": {"precision": "bf16"}},
        {"training": {"compile": True}},
    ],
)
def test_whatever_the_encoder_sees_makes_another(changes: dict[str, Any]) -> None:
    assert digest(run_config(**changes).encoder_stage()) != digest(run_config().encoder_stage())


def test_no_encoder_epochs_no_stage() -> None:
    assert run_config(training={"encoder_epochs": 0}).encoder_stage() is None


NOT_OF_THE_ENCODER_STAGE = {
    "contrastive": {"weight", "joint_patches"},
    "training": {
        "joint_epochs",
        "joint_steps_per_epoch",
        "joint_learning_rate",
        "joint_decay_epochs",
        "joint_encoder_rate_share",
        "parts",  # of none that has an encoder
    },
    "dasr": {
        "architecture",
        "representation",  # an oracle has no encoder stage
        "num_groups",
        "num_blocks",
        "num_features",
        "compressed_features",
        "reduction",
        "kernel_branch",
        "channel_branch",
        "concatenation",
        "bicubic_skip",
        "upsampler",
        "denoise_first",  # not before an encoder
        "denoiser_layers",
        "denoiser_features",
    },
}
"""Fields that decide nothing before the generator takes part; whoever adds a field says here
that it is one of them, or makes it decide the stage."""

OTHER_VALUES: dict[str, Any] = {
    "schedule": "cosine",
    "precision": "bf16",
    "upsampler": "single",
    "batch_size": 4,
    "weight": 0.5,
    "encoder_batch_size": 4,
    "encoder_patch_size": 10,
    "joint_steps_per_epoch": 4,
    "joint_encoder_rate_share": 0.5,
    "positives": "other_image",
    "joint_patches": "own",
    "hard_negatives": 2,
}


def _changes() -> list[tuple[str, str, str]]:
    """Return section, name of the class, and field, of all fields of a method."""
    classes: list[tuple[str, str, Any]] = [
        ("contrastive", "contrastive", ContrastiveConfig),
        ("training", "training", TrainingConfig),
        ("model", "dasr", DASRConfig),
    ]
    assert {name for _, name, _ in classes} >= {
        name for name, kind in ARCHITECTURES.items() if kind().encoder is not None
    }
    return [
        (section, name, item.name)
        for section, name, kind in classes
        for item in dataclasses.fields(kind)
    ]


@pytest.mark.parametrize(("section", "name", "field"), _changes())
def test_a_field_decides_the_stage_or_is_listed(section: str, name: str, field: str) -> None:
    if field in ("architecture", "representation"):
        assert field in NOT_OF_THE_ENCODER_STAGE[name]
        return
    if field in ("parts", "denoise_first", "denoiser_layers", "denoiser_features"):
        assert field in NOT_OF_THE_ENCODER_STAGE[name]
        return
    if field in ("enabled", "negatives", "degradations"):
        return  # the tests below, and those of test_single_degradation.py
    value = getattr(getattr(run_config().settings, section), field)
    other = OTHER_VALUES.get(field)
    if other is None:
        other = not value if isinstance(value, bool) else value * 2
        other = 0.5 if field == "momentum" else other
    changed = run_config(**{section: {field: other}})
    same = changed.encoder_stage() == run_config().encoder_stage()
    assert same == (field in NOT_OF_THE_ENCODER_STAGE[name])


def test_without_contrastive_learning_there_is_no_stage() -> None:
    assert run_config(contrastive={"enabled": False}).encoder_stage() is None


def test_negatives_of_the_batch_make_another_stage() -> None:
    batch = {"negatives": "batch", "queue_size": None, "momentum": None}
    assert run_config(contrastive=batch).encoder_stage() != run_config().encoder_stage()


def test_the_stage_has_sizes_of_its_own() -> None:
    run = run_config(training={"encoder_batch_size": 4, "encoder_patch_size": 12})
    stage = run.encoder_stage()
    assert stage is not None
    assert (stage.training.batch_size, stage.training.patch_size) == (4, 12)
    joint = run.joint_stage().training
    assert (joint.batch_size, joint.patch_size) == (2, 8)
    assert run.joint_stage() == run_config().joint_stage()


def test_an_encoder_without_a_stage_of_its_own_learns_at_the_whole_rate() -> None:
    slowed = {"training": {"joint_encoder_rate_share": 0.1}}
    assert run_config(**slowed).joint_stage().training.encoder_rate_share == 0.1
    without = run_config(contrastive={"enabled": False}, **slowed)
    assert without.joint_stage().training.encoder_rate_share == 1.0
