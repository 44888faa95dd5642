"""A study of every kind of method, made from files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dasr.config import load_study
from dasr.study import Plan

VARIANTS = {
    "dasr": "{}",
    "no_ca": "{model: {channel_branch: false}}",
    "no_contrastive": "{contrastive: {enabled: false}}",
    "oracle": "{model: {representation: oracle}, contrastive: {enabled: false}}",
}
STUDY: dict[str, Any] = {
    "study": "s",
    "title": '</script> {of} braces & "quotes"',
    "variants": "all",
    "seeds": [3, 1],
    "scales": [2, 4],
    "regimes": [
        {
            "name": name,
            "train": {"kernel_width": {2: [0.2, 2.0], 4: [0.2, 4.0]}, "noise_level": noise},
            "test": {"kernel_widths": {2: [1.2], 4: [1.2, 2.4]}},
        }
        for name, noise in (("blur", [0.0, 0.0]), ("noisy", [0.0, 25.0]))
    ],
    "train_sets": [{"name": "l", "source": "dead_leaves", "num_images": 2, "image_size": 99}],
    "test_sets": [
        {"name": "Photos", "source": "photos"},
        {"name": "Mine", "source": "folder", "folder": "mine/HR"},
    ],
    "imported": [
        {
            "name": "theirs",
            "title": "Theirs",
            "regime": "noisy",
            "stands_for": "dasr",
            "files": {4: "model_600.pt"},
        }
    ],
}


@pytest.fixture
def planned(tmp_path: Path) -> Callable[[dict[str, Any]], Plan]:
    """Plan a study of these variants."""
    for name, overrides in VARIANTS.items():
        text = f"title: Title of {name}\nhypothesis: H\noverrides: {overrides}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return lambda study: Plan(load_study(study, tmp_path, "study.yaml"))


@pytest.fixture
def plan(planned: Callable[[dict[str, Any]], Plan]) -> Plan:
    """Return the plan of four variants and an imported network, two scales, two regimes."""
    return planned(STUDY)
