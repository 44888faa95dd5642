"""What is refused before anything is trained, by configuration and sizes alone."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dasr.config import ImportedModel, Study, load_study
from dasr.config.complaints import (
    ImageDemands,
    ImageSize,
    complaints,
    demands_of,
    refuse,
    study_complaints,
)
from dasr.errors import UserError
from dasr.study.paths import path_complaints

DEMANDS = ImageDemands(
    scales=(2, 4),
    patches={"t": {2: 48, 4: 96}, "u": {2: 48, 4: 96}},
    classes={4: 3},
    crop_size=24,
    crops_per_image=4,
    perplexity=10.0,
)
LARGE = ImageSize("large", 200, 300)


def _lines(demands: ImageDemands, *test: ImageSize) -> list[str]:
    return complaints(demands, {}, {"Mine": test})


def test_images_that_are_large_enough_are_left_alone() -> None:
    assert complaints(DEMANDS, {"t": [ImageSize("a", 96, 96)]}, {"Mine": [LARGE]}) == []


def test_a_training_image_smaller_than_a_patch_is_named() -> None:
    sets = {"t": [ImageSize("a", 95, 300), LARGE], "u": [ImageSize("b", 300, 47)]}
    assert complaints(DEMANDS, sets, {}) == [
        "training image t/a is 300x95: training.patch_size needs 96 HR pixels a side at x4",
        "training image u/b is 47x300: training.patch_size needs 96 HR pixels a side at x4",
    ]


def test_a_test_image_smaller_than_a_crop_is_named() -> None:
    # 99 rows are cut to 96 = 4 * 24: enough; 95 are cut to 92
    assert _lines(DEMANDS, LARGE, ImageSize("fits", 99, 300)) == []
    assert _lines(DEMANDS, LARGE, ImageSize("low", 95, 300)) == [
        "test image Mine/low is 300x95: embedding.crop_size 24 needs 96 pixels a side at x4"
    ]


def test_a_test_image_smaller_than_the_window_of_ssim_is_named() -> None:
    alone = ImageDemands(
        scales=(2, 4), patches={}, classes={}, crop_size=99, crops_per_image=1, perplexity=99.0
    )
    assert _lines(alone, ImageSize("fits", 20, 20)) == []  # 11 + 2 * 4 pixels, in whole fours
    assert _lines(alone, ImageSize("small", 19, 30)) == [
        "test image Mine/small is 30x19: SSIM's window inside the border needs 20 pixels a "
        "side at x4"
    ]


def test_perplexity_is_held_against_the_points() -> None:
    # one image of 96 x 96 has a single place for a crop of 24 LR pixels at x4
    small = [ImageSize(f"s{number}", 96, 96) for number in range(3)]
    assert _lines(DEMANDS, *small, LARGE) == []  # 3 + 4 crops of 3 classes
    assert _lines(DEMANDS, *small) == [
        "test set Mine: 3 crops at x4 of 3 classes are 9 points: embedding.perplexity 10 "
        "must be below that; lower it or raise embedding.crops_per_image"
    ]
    assert _lines(DEMANDS, small[0]) == [
        "test set Mine: 1 crops at x4: clustering needs two; raise embedding.crops_per_image"
    ]


def test_one_line_stands_for_all_and_the_log_has_each(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refuse([])
    with pytest.raises(UserError, match=r"^first$"):
        refuse(["first"])
    with caplog.at_level(logging.INFO), pytest.raises(UserError, match=r"^first \(and 2 more"):
        refuse(["first", "second", "third"])
    assert [record.message for record in caplog.records] == ["first", "second", "third"]


VARIANTS = {
    "dasr": "{}",
    "wide": "{training: {patch_size: 40}}",
    "oracle": "{model: {representation: oracle}, contrastive: {enabled: false}}",
}


def _study(folder: Path, **changes: Any) -> Study:
    for name, overrides in VARIANTS.items():
        text = f"title: Title of {name}\nhypothesis: H\noverrides: {overrides}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    leaves = {"source": "dead_leaves", "num_images": 3, "image_size": 256}
    study = {
        "study": "demo",
        "title": "A demo",
        "variants": "all",
        "seeds": [1],
        "scales": [4],
        "regimes": [_regime()],
        "train_sets": [{**leaves, "name": "leaves"}],
        "test_sets": [{**leaves, "name": "Leaves"}],
        **changes,
    }
    return load_study(study, folder, "study.yaml")


def _regime(name: str = "noisy", **test: Any) -> dict[str, Any]:
    return {
        "name": name,
        "train": {"kernel_width": {4: [0.2, 4.0]}, "noise_level": [0.0, 25.0]},
        "test": {"kernel_widths": {4: [0.2, 2.4]}, **test},
    }


def test_demands_follow_the_variants(tmp_path: Path) -> None:
    widths = {"kernel_widths": [0.2, 1.2, 2.4], "noise_levels": [0.0, 5.0]}
    found = demands_of(_study(tmp_path, embedding=widths))
    assert found.patches == {"leaves": {4: 192}}  # of dasr 48, of wide 40 LR pixels
    assert found.classes == {4: 2}
    assert demands_of(_study(tmp_path, variants=[])).classes == {}
    oracle = demands_of(_study(tmp_path, variants=["oracle"], reference="oracle"))
    assert (oracle.patches, oracle.classes) == ({"leaves": {4: 192}}, {})


@pytest.mark.parametrize(("representation", "classes"), [("learned", {4: 2}), ("none", {})])
def test_demands_follow_what_imported_networks_have(
    tmp_path: Path, representation: str, classes: dict[int, int]
) -> None:
    theirs = {"name": "theirs", "title": "T", "regime": "noisy", "files": {4: "a.pt"}}
    widths = {"kernel_widths": [0.2, 1.2, 2.4], "noise_levels": [0.0, 5.0]}
    study = _study(tmp_path, variants=[], imported=[theirs], embedding=widths)
    told = ImportedModel(architecture="dasr", representation=representation)
    assert demands_of(replace(study, imported=(told,))).classes == classes


def test_generated_sets_are_measured_before_they_are_made(tmp_path: Path) -> None:
    leaves = {"name": "Tiny", "source": "dead_leaves", "num_images": 2, "image_size": 64}
    assert study_complaints(_study(tmp_path)) == []
    found = study_complaints(_study(tmp_path, train_sets=[leaves], test_sets=[leaves]))
    assert [line.split(" is ")[0] for line in found] == [
        "training image Tiny/00000",
        "training image Tiny/00001",
        "test image Tiny/00000",
        "test image Tiny/00001",
    ]


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ({"kernel_widths": {4: [0.2, 2.4, 2.4]}}, "x4: 2.4 twice"),
        ({"kernel_widths": {4: [1, 1.0]}}, "x4: 1 twice"),
        ({"kernel_widths": {4: [1.0, 1.0000001]}}, "x4: 1 twice"),
        ({"noise_levels": [0.0, 0.0]}, "noise_levels: 0.0 twice"),
        ({"noise_levels": [5.0, 5.0000001]}, "noise_levels: 5.0 and 5.0000001"),
        ({"kernels": [[2.0, 1.0, 10.0], [2.0, 1.0, 190.0]]}, "x4: 2,1,10deg and 2,1,190deg"),
        ({"kernels": [[2.0, 1.0, 0.0], [1.0, 2.0, 90.0]]}, "x4: 2,1,0deg and 1,2,90deg"),
        ({"kernels": [[2.0, 1.0, 0.0], [2.0, 1.0, -180.0]]}, "x4: 2,1,0deg and 2,1,-180deg"),
        ({"kernels": [[2.4, 2.4, 30.0]]}, "x4: 2.4 twice"),
        ({"kernels": [[2.0, 1.0, 120.0001], [2.0, 1.0, 120.0004]]}, "x4: 2,1,120deg twice"),
    ],
)
def test_a_degradation_is_in_a_grid_once(
    tmp_path: Path, test: dict[str, Any], told: str
) -> None:
    found = study_complaints(_study(tmp_path, regimes=[_regime(**test)]))
    assert len(found) == 1
    assert found[0].startswith(f"regimes: noisy: test: {told}: each degradation")


@pytest.mark.parametrize(
    ("embedding", "told"),
    [
        ({"kernel_widths": [0.2, 1.2, 1.2]}, "embedding: kernel_widths: 1.2 twice"),
        ({"noise_levels": [0.0, 5.0, 5]}, "embedding: noise_levels: 5.0 twice"),
        (
            {"kernels": [[2.0, 1.0, 0.0], [3.0, 1.0, 0.0], [2.0, 1.0, 180.0]]},
            "embedding: kernels: 2,1,0deg and 2,1,180deg",
        ),
        ({"perplexity": 72.0, "kernel_widths": [0.2, 1.2]}, "test set Leaves: 36 crops at x4"),
        (
            {"perplexity": [5.0, 72.0, 30.0], "kernel_widths": [0.2, 1.2]},
            "test set Leaves: 36 crops at x4 of 2 classes are 72 points: embedding.perplexity",
        ),
    ],
)
def test_classes_of_the_embedding_are_different_and_enough(
    tmp_path: Path, embedding: dict[str, Any], told: str
) -> None:
    found = study_complaints(_study(tmp_path, embedding=embedding))
    assert len(found) == 1
    assert found[0].startswith(told)


def test_results_have_places_of_their_own(tmp_path: Path) -> None:
    assert path_complaints(_study(tmp_path)) == []
    (tmp_path / "dasr-a.yaml").write_text(
        "title: A\nhypothesis: H\noverrides: {training: {batch_size: 64}}\n"
    )
    found = path_complaints(_study(tmp_path, regimes=[_regime("a-b"), _regime("b")]))
    assert found == [
        "dasr-a-b-x4-seed1: two results have this place: rename a method, regime or set"
    ]


def test_names_that_make_too_long_a_file_name_are_refused(tmp_path: Path) -> None:
    leaves = {"source": "dead_leaves", "num_images": 3, "image_size": 256}
    test_sets = [{**leaves, "name": "T" * 120}]
    assert path_complaints(_study(tmp_path, test_sets=test_sets)) == []
    found = path_complaints(_study(tmp_path, test_sets=test_sets, regimes=[_regime("r" * 90)]))
    assert len(found) == 1
    assert found[0].startswith("names are too long together: ")
    assert path_complaints(_study(tmp_path, study="s" * 211)) != []


def test_two_methods_of_one_title_are_refused(tmp_path: Path) -> None:
    theirs = {"name": "theirs", "title": "Title of dasr", "regime": "noisy"}
    study = _study(tmp_path, imported=[{**theirs, "files": {4: "a.pt"}}])
    assert path_complaints(study) == ["title 'Title of dasr': two methods have it"]
