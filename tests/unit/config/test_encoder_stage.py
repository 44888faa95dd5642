"""Which variants may share one trained encoder."""

from typing import Any

import pytest

from dasr.config import DegradationConfig, digest
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
