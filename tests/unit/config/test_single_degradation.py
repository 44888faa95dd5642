"""Trainings on bicubic reduction alone: what they see, and where they make no sense."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dasr.config import DegradationConfig, RunConfig, digest
from dasr.config.models.parts import PartTraining
from dasr.config.models.rcan import RCANConfig
from dasr.data.batches import draw_batch
from dasr.data.patches import PatchSampler
from tests.tiny import images, packed, run_config
from tests.unit.degradation.slow import reduce

ALONE = {"degradations": "bicubic"}
WITHOUT = {"enabled": False}


def _run(**changes: Any) -> RunConfig:
    return run_config(training=ALONE, contrastive=WITHOUT, **changes)


@pytest.mark.parametrize(
    "seen",
    [
        {"noise_level": (0.0, 25.0)},
        {"blur": "anisotropic", "jpeg_quality": (30, 95)},
        {"downsample": "s-fold"},
    ],
)
def test_patches_are_reduced_and_nothing_else(seen: dict[str, Any], tmp_path: Path) -> None:
    run = _run(degradation=DegradationConfig(kernel_width={2: (0.2, 2.0)}, **seen))
    sampler = PatchSampler([packed(tmp_path, images(3, 40, 40))], 16)
    batch = draw_batch(run.joint_stage(), sampler, 0, torch.device("cpu"))
    hr, lr = batch.hr.numpy(), batch.lr_images.numpy()
    for image in np.ndindex(hr.shape[:3]):
        expected = reduce(hr[image].astype(float), 2, "bicubic").clip(0, 255)
        assert abs(lr[image] - expected).max() <= 0.5 + 1e-3  # rounded
    assert batch.lr_images.frac().count_nonzero() == 0


def test_a_run_says_what_it_is_trained_on_and_in_which_regime() -> None:
    assert _run().trained_on == DegradationConfig(kernel_width={2: (0.0, 0.0)})
    assert run_config().trained_on == run_config().degradation
    assert _run().degradation == run_config().degradation  # that it is tested in


def test_a_denoiser_in_front_learns_the_noise_of_the_regime() -> None:
    """DnCNN+RCAN of the paper's Table 3: the network behind it has seen bicubic reduction."""
    run = _run(degradation=DegradationConfig(kernel_width={2: (0.2, 2.0)}, noise_level=(0, 25)))
    part = PartTraining(epochs=1, learning_rate=0.001, decay_epochs=1)
    training = replace(run.settings.training, parts={"denoiser": part})
    model = RCANConfig(denoise_first="dncnn")
    run = replace(run, settings=replace(run.settings, model=model, training=training))
    assert run.part_stages()["denoiser"].degradation == run.degradation
    assert run.joint_stage().degradation == run.trained_on


def test_patches_that_are_drawn_are_the_same(tmp_path: Path) -> None:
    sampler = PatchSampler([packed(tmp_path, images(3, 40, 40))], 16)
    first, second = (
        draw_batch(run.joint_stage(), sampler, 3, torch.device("cpu"))
        for run in (_run(), run_config(contrastive=WITHOUT))
    )
    assert torch.equal(first.hr, second.hr)
    assert not torch.equal(first.lr_images, second.lr_images)


def test_another_training_has_another_stage() -> None:
    plain = run_config(contrastive=WITHOUT)
    assert digest(_run().joint_stage()) != digest(plain.joint_stage())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "'bicubic' is one degradation alone, of which contrast learns nothing: set con"),
        (
            {"contrastive": WITHOUT, "model": {"representation": "oracle"}},
            "'bicubic' is one degradation alone, of which representation 'oracle' tells",
        ),
        (
            {
                "contrastive": WITHOUT,
                "degradation": DegradationConfig(kernel_width={2: (0.0, 0.0)}),
            },
            "'bicubic': regime noisy trains on nothing else: leave it out",
        ),
    ],
)
def test_it_is_refused_where_it_means_nothing(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=f"dasr: training.degradations {told}"):
        run_config(training=ALONE, **changes)


def test_a_regime_of_one_degradation_has_no_contrast() -> None:
    one = DegradationConfig(kernel_width={2: (1.2, 1.2)}, noise_level=(5.0, 5.0))
    with pytest.raises(ValueError, match="dasr: regime noisy is one degradation alone"):
        run_config(degradation=one)
    assert run_config(degradation=one, contrastive=WITHOUT).trained_on == one


@pytest.mark.parametrize(
    ("changes", "varies"),
    [
        ({"kernel_width": {2: (0.0, 0.0)}}, False),
        ({"kernel_width": {2: (0.0, 0.0)}, "noise_level": (0.0, 5.0)}, True),
        ({"kernel_width": {2: (0.0, 0.0)}, "noise_level": (5.0, 5.0)}, False),
        ({"kernel_width": {2: (0.0, 0.0)}, "jpeg_quality": (40, 80)}, True),
        ({"kernel_width": {2: (0.2, 2.0)}}, True),
    ],
)
def test_what_varies(changes: dict[str, Any], varies: bool) -> None:
    assert DegradationConfig(**changes).varies == varies


def test_no_blur_is_both_ends_of_a_range() -> None:
    told = "kernel_width: needs 0 < low <= high, or 0, 0 for no blur, got 0.0, 2.0"
    with pytest.raises(ValueError, match=told):
        DegradationConfig(kernel_width={2: (0.0, 2.0)})
