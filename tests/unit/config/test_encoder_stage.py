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
    "contrastive": {"weight"},
    "training": {"joint_epochs", "joint_learning_rate", "joint_decay_epochs"},
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
    value = getattr(getattr(run_config().settings, section), field)
    other = OTHER_VALUES.get(field)
    if other is None:
        other = not value if isinstance(value, bool) else value * 2
        other = 0.5 if field == "momentum" else other
    changed = run_config(**{section: {field: other}})
    same = changed.encoder_stage() == run_config().encoder_stage()
    assert same == (field in NOT_OF_THE_ENCODER_STAGE[name])
