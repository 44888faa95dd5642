"""JPEG quality as a number of degradations: ranges, grids, classes and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import Degradation, DegradationConfig, EmbeddingConfig, Kernel, RegimeConfig
from dasr.config.complaints import study_complaints
from dasr.config.embedded import classes
from dasr.config.strict import from_dict
from dasr.config.study import Study, load_study
from dasr.errors import UserError
from dasr.terms.columns import CELL, DEGRADATION, cell_key

ONE = Degradation(kernel=Kernel.of_width(1.2), noise_level=10.0, jpeg_quality=60)
PLAIN = Degradation(kernel=Kernel.of_width(1.2), noise_level=10.0)
TRAIN = {"kernel_width": {4: [0.2, 4.0]}, "jpeg_quality": [30, 95]}
TEST = {"kernel_widths": {4: [1.2, 2.4]}, "noise_levels": [0.0, 10.0]}


def _regime(train: dict[str, Any] | None = None, **test: Any) -> RegimeConfig:
    data = {"name": "jpeg", "train": {**TRAIN, **(train or {})}, "test": {**TEST, **test}}
    return from_dict(RegimeConfig, data, "study.yaml")


def test_degradations_of_two_qualities_are_told_apart() -> None:
    assert ONE.label == "width 1.2, noise 10, JPEG quality 60"
    assert ONE.keys() == {**PLAIN.keys(), "jpeg_quality": 60.0}
    assert ONE.noise_seed != PLAIN.noise_seed


def test_without_compression_nothing_tells_of_it() -> None:
    assert PLAIN.label == "width 1.2, noise 10"
    assert PLAIN.noise_seed == "1.2/10"
    assert tuple(PLAIN.keys()) == DEGRADATION
    assert cell_key(PLAIN.keys()) == [*CELL]
    assert cell_key(ONE.keys()) == [*CELL, "jpeg_quality"]


def test_a_grid_crosses_qualities_with_kernels_and_noise() -> None:
    grid = _regime(jpeg_qualities=[40, 80]).test_degradations(4)
    assert [(one.kernel.label, one.noise_level, one.jpeg_quality) for one in grid] == [
        (kernel, level, quality)
        for kernel in ("1.2", "2.4")
        for level in (0.0, 10.0)
        for quality in (40, 80)
    ]
    assert {one.jpeg_quality for one in _regime().test_degradations(4)} == {None}


@pytest.mark.parametrize(
    ("train", "test", "told"),
    [
        ({"jpeg_quality": [0, 95]}, {}, "train: jpeg_quality: needs 1 <= low <= high, got 0"),
        ({"jpeg_quality": [80, 30]}, {}, "train: jpeg_quality: needs 1 <= low <= high"),
        ({"jpeg_quality": [30, 96]}, {}, "train: jpeg_quality: 96 must be .* at most 95"),
        ({"jpeg_quality": [30.5, 95]}, {}, "train: jpeg_quality.* expected int, got 30.5"),
        ({}, {"jpeg_qualities": [0]}, "test: jpeg_qualities: 0 must be at least 1"),
        ({}, {"jpeg_qualities": [100]}, "test: jpeg_qualities: 100 must be .* at most 95"),
        ({}, {"jpeg_qualities": [True]}, "test: jpeg_qualities.*expected int, got True"),
    ],
)
def test_what_is_no_quality_is_refused_by_its_key(
    train: dict[str, Any], test: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError, match=told) as caught:
        _regime(train, **test)
    assert "\n" not in str(caught.value)


def test_quality_is_a_task_where_training_saw_it() -> None:
    config = EmbeddingConfig(
        kernel_widths=(0.2, 3.6),
        noise_levels=(0.0, 15.0),
        fixed_noise_level=5.0,
        jpeg_qualities=(30, 90),
        fixed_jpeg_quality=70,
    )
    trained_on = DegradationConfig(
        kernel_width={4: (0.2, 4.0)}, noise_level=(0.0, 25.0), jpeg_quality=(30, 95)
    )
    found = {
        name: [(one.kernel.label, one.noise_level, one.jpeg_quality) for one in own]
        for name, own in classes(config, trained_on).items()
    }
    assert found == {
        "kernel_width": [("0.2", 5.0, 70), ("3.6", 5.0, 70)],
        "noise_level": [("1.2", 0.0, 70), ("1.2", 15.0, 70)],
        "jpeg_quality": [("1.2", 5.0, 30), ("1.2", 5.0, 90)],
    }
    clean = classes(config, DegradationConfig(kernel_width={4: (0.2, 4.0)}))
    assert list(clean) == ["kernel_width"]
    assert {one.jpeg_quality for one in clean["kernel_width"]} == {None}


def _study(folder: Path, overrides: str, **test: Any) -> Study:
    text = f"title: T\nhypothesis: H\noverrides: {overrides}\n"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    data = {
        "study": "s", "title": "T", "variants": ["mine"], "reference": "mine", "seeds": [1],
        "scales": [4], "regimes": [{"name": "jpeg", "train": TRAIN, "test": {**TEST, **test}}],
        "train_sets": [{"name": "a", "source": "photos"}],
        "test_sets": [{"name": "b", "source": "photos"}],
    }  # fmt: skip
    return load_study(data, folder, "study.yaml")


def test_the_oracle_is_refused_where_it_would_not_know_the_quality(tmp_path: Path) -> None:
    oracle = "{model: {representation: oracle}, contrastive: {enabled: false}}"
    told = r"^study.yaml: mine: representation: oracle encodes .* not jpeg_quality, .* jpeg "
    with pytest.raises(UserError, match=told):
        _study(tmp_path, oracle)


def test_a_quality_may_be_there_only_once(tmp_path: Path) -> None:
    study = _study(tmp_path, "{model: {channel_branch: false}}", jpeg_qualities=[60, 40, 60])
    (line,) = study_complaints(study)
    assert line.startswith("regimes: jpeg: test: jpeg_qualities: 60 twice")
