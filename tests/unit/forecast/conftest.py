"""A study of two methods and two seeds in a project's folder, whose images are generated."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dasr.study import Plan
from dasr.study.planning import checked_study

ROOT = Path(__file__).resolve().parents[3]
STUDY = """
study: tiny
title: Tiny
variants: [dasr, no_contrastive]
seeds: [1, 2]
regimes:
  - name: noisy
    train: {kernel_width: {4: [0.2, 4.0]}, noise_level: [0.0, 25.0]}
    test: {kernel_widths: {4: [0.2, 2.4]}, noise_levels: [0.0, 10.0]}
train_sets:
  - {name: leaves, source: dead_leaves, num_images: 4, image_size: 96, seed: 1}
validation_sets: []
test_sets:
  - {name: Leaves, source: dead_leaves, num_images: 3, image_size: 128, seed: 2}
embedding:
  {kernel_widths: [0.2, 3.6], noise_levels: [0.0, 15.0, 25.0], crop_size: 32,
   crops_per_image: 1, perplexity: 5.0}
model: {num_groups: 1, num_blocks: 1, num_features: 8, encoder_features: 8,
        compressed_features: 8, reduction: 4}
contrastive: {negatives: queue, queue_size: 16, momentum: 0.9, weight: 1.0}
training: {batch_size: 4, patch_size: 16, encoder_batch_size: null, encoder_patch_size: null,
           joint_encoder_rate_share: 1.0, steps_per_epoch: 5, encoder_epochs: 2,
           joint_epochs: 4}
"""
"""Encoder stages: 2 of 10 steps, of dasr alone. Networks: 4 of 20 steps."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("ablations", "config", "workflow"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "config/tiny.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def planned(project: Path) -> Callable[..., Plan]:
    """Return a function that plans the study with `--config` arguments."""
    return lambda *arguments: Plan(checked_study([Path("config/tiny.yaml")], arguments))
