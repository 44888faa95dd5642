"""What a variant's file may say of another method's FLOPs, and what becomes of it."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import DASRConfig, load_study
from dasr.errors import UserError
from dasr.study import Plan, read_study, study_text

PLAIN = "title: T\nhypothesis: H\noverrides: {}\n"
NARROW = """
title: T
hypothesis: H
overrides: {model: {channel_branch: false}}
equal_flops:
  to: dasr
  vary: [num_features]
  sizes:
    - model: {num_features: 20}
      by_scale: {2: {num_features: 19}, 4: {num_features: 18}}
"""


def _mapping(**changes: Any) -> dict[str, Any]:
    widths = {scale: [0.2, 2.0] for scale in (2, 3, 4)}
    regime = {
        "name": "blur",
        "train": {"kernel_width": widths},
        "test": {"kernel_widths": {scale: [1.2] for scale in (2, 3, 4)}},
    }
    leaves = {"source": "dead_leaves", "num_images": 2, "image_size": 256}
    return {
        "study": "demo",
        "title": "A demo",
        "variants": "all",
        "seeds": [1],
        "scales": [2, 4],
        "regimes": [regime],
        "train_sets": [{**leaves, "name": "leaves"}],
        "test_sets": [{**leaves, "name": "Leaves"}],
        "model": {"num_features": 20},
        **changes,
    }


@pytest.fixture
def ablations(tmp_path: Path) -> Path:
    (tmp_path / "dasr.yaml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "narrow.yaml").write_text(NARROW, encoding="utf-8")
    return tmp_path


def test_each_scale_has_its_own_sizes(ablations: Path) -> None:
    study = load_study(_mapping(), ablations, "study.yaml")
    models = {s: study.run("narrow", "blur", s, 1).settings.model for s in (2, 4)}
    expected = {2: 19, 4: 18}
    for scale, model in models.items():
        assert model == DASRConfig(num_features=expected[scale], channel_branch=False)
    assert study.run("dasr", "blur", 2, 1).settings.model == DASRConfig(num_features=20)


def test_sizes_survive_the_way_through_a_rule(ablations: Path) -> None:
    study = load_study(_mapping(), ablations, "study.yaml")
    again = read_study(study_text(study))
    assert again == study
    settings = Plan(again).method("narrow").settings_at(4)
    assert settings is not None
    assert settings.model == DASRConfig(num_features=18, channel_branch=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scales": [2, 3, 4]}, "no sizes for this study's model at x3: run dasr equal-flops"),
        ({"model": {"num_features": 21}}, "model at x2, x4: run dasr equal-flops narrow"),
        ({"model": {"num_features": 20, "reduction": 4}}, "no sizes for this study's model"),
    ],
)
def test_a_study_of_another_model_or_scale_is_refused(
    ablations: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError, match=rf"narrow\.yaml: equal_flops: {told}|{told}"):
        load_study(_mapping(**changes), ablations, "study.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to: dasr", "to: desr", "to: no variant 'desr'"),
        ("[num_features]", "[]", "vary: one or two different keys of the model"),
        ("[num_features]", "[reduction]", r"sizes: \['num_features'\] not in vary"),
        ("2: {num_features: 19}", "5: {num_features: 19}", r"by_scale: 5 not in \[2, 3, 4\]"),
        ("2: {num_features: 19}", "2: {}", "by_scale: 2: sets nothing"),
        ("{2: {num_features: 19}", "{2: {num_features: 20}", "x2: .*num_features: override"),
        ("    - model", "    - {model: {num_features: 20}, by_scale: {4: {num_features: 9}}}"
         "\n    - model", "the same model is there twice for x4"),
    ],
)  # fmt: skip
def test_what_a_file_says_wrongly_is_named(
    ablations: Path, old: str, new: str, told: str
) -> None:
    assert old in NARROW
    (ablations / "narrow.yaml").write_text(NARROW.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=rf"narrow\.yaml: equal_flops: .*{told}"):
        load_study(_mapping(), ablations, "study.yaml")


def test_a_sweep_keeps_the_sizes_and_may_not_change_them(ablations: Path) -> None:
    sweep = {"variant": "narrow", "key": "contrastive.temperature", "values": [0.2]}
    study = load_study(_mapping(sweeps=[sweep]), ablations, "study.yaml")
    hot = study.run("narrow-temperature-0.2", "blur", 4, 1).settings
    assert (hot.model.num_features, hot.contrastive.temperature) == (18, 0.2)  # type: ignore[attr-defined]
    sweep |= {"key": "model.reduction", "values": [4]}
    with pytest.raises(UserError, match="narrow would not have the FLOPs that it is for"):
        load_study(_mapping(sweeps=[sweep]), ablations, "study.yaml")
