"""First passes as values, ranges and lists: what they are called, and what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dasr.config import Degradation, DegradationConfig, Kernel, RegimeConfig
from dasr.config.complaints import ImageDemands, ImageSize, complaints, study_complaints
from dasr.config.first_pass import FirstPass, FirstPassConfig
from dasr.config.strict import from_dict
from dasr.config.study import Study, load_study
from dasr.errors import UserError
from dasr.terms.columns import CELL, DEGRADATION, cell_key
from tests.tiny import run_config

PASS = FirstPass(kernel_width=1.2, resize=0.5, noise_level=5.0, jpeg_quality=60)
PLAIN = Degradation(kernel=Kernel.of_width(2.4), noise_level=10.0)
ONE = replace(PLAIN, first_pass=PASS)
TRAIN: dict[str, Any] = {"kernel_width": {4: [0.2, 4.0]}, "noise_level": [0.0, 25.0]}
RANGES = {"kernel_width": [0.2, 2.0], "resize": [0.5, 1.5], "noise_level": [0.0, 15.0]}
TEST: dict[str, Any] = {"kernel_widths": {4: [1.2, 2.4]}, "noise_levels": [0.0, 10.0]}
LISTED = [{"kernel_width": 1.2, "resize": 0.5}, {}]


def _regime(train: dict[str, Any] | None = None, **test: Any) -> RegimeConfig:
    data = {"name": "r", "train": {**TRAIN, **(train or {})}, "test": {**TEST, **test}}
    return from_dict(RegimeConfig, data, "study.yaml")


def test_labels_say_what_acts_alone() -> None:
    assert PASS.label == "blur 1.2, x0.5, noise 5, JPEG quality 60"
    assert FirstPass(resize=1.5).label == "x1.5"
    turned = FirstPass(kernel=(2.0, 0.5, 30.0), noise_level=2.5)
    assert turned.label == "blur 2, 0.5, 30°, noise 2.5"
    assert FirstPass().label == "none"
    assert [one.acts for one in (PASS, turned, FirstPass())] == [True, True, False]


def test_rows_tell_first_passes_apart() -> None:
    assert ONE.label == f"width 2.4, first pass {PASS.label}, noise 10"
    assert ONE.keys() == {**PLAIN.keys(), "first_pass": PASS.label}
    assert cell_key(ONE.keys()) == [*CELL, "first_pass"]
    nothing = replace(PLAIN, first_pass=FirstPass())
    assert nothing.keys()["first_pass"] == "none"
    seeds = [PLAIN.noise_seed, nothing.noise_seed, ONE.noise_seed]
    assert seeds[:2] == ["2.4/10", "2.4/10"]  # the same images
    other = replace(PLAIN, first_pass=replace(PASS, resize=0.6))
    assert len({*seeds, other.noise_seed}) == 3


def test_without_a_first_pass_nothing_tells_of_it() -> None:
    assert tuple(PLAIN.keys()) == DEGRADATION
    assert PLAIN.label == "width 2.4, noise 10"
    assert cell_key(PLAIN.keys()) == [*CELL]
    assert {one.first_pass for one in _regime().test_degradations(4)} == {None}


def test_a_grid_crosses_first_passes_with_all_else() -> None:
    grid = _regime(first_passes=LISTED).test_degradations(4)
    assert [(one.kernel.label, one.keys()["first_pass"], one.noise_level) for one in grid] == [
        (kernel, label, level)
        for kernel in ("1.2", "2.4")
        for label in ("blur 1.2, x0.5", "none")
        for level in (0.0, 10.0)
    ]


FIRST = "train: first_pass"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"resize": [0.05, 1.0]}, f"{FIRST}: resize: needs 0.1 <= low <= high, got 0.05"),
        ({"resize": [1.2, 0.8]}, f"{FIRST}: resize: needs 0.1 <= low <= high"),
        ({"resize": [1.0, 3.0]}, f"{FIRST}: resize: 3 must be .* at most 2"),
        ({"kernel_width": [0.2, 6.0]}, f"{FIRST}: kernel_width: 6 must be .* at most 5"),
        ({"kernel_width": [2.0, 1.0]}, f"{FIRST}: kernel_width: needs 0 <= low <= high"),
        ({"noise_level": [0.0, 200.0]}, f"{FIRST}: noise_level: 200 must be .* at most 127"),
        ({"jpeg_quality": [0, 95]}, f"{FIRST}: jpeg_quality: needs 1 <= low <= high"),
        ({"jpeg_quality": [30, 99]}, f"{FIRST}: jpeg_quality: 99 must be .* at most 95"),
        ({"kernel_widths": [1.0]}, f"{FIRST}: unknown key 'kernel_widths'.*kernel_width"),
        ({"blur": "motion"}, f"{FIRST}: blur: got 'motion'; allowed"),
    ],
)
def test_what_no_first_pass_can_draw_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        _regime({"first_pass": {**RANGES, **changes}})
    assert "\n" not in str(caught.value)


def test_a_first_pass_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(UserError, match=f"{FIRST}.*does nothing: leave it out"):
        _regime({"first_pass": {"kernel_width": [0.0, 0.0]}})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"resize": 0.0}, r"first_passes\[0\]: resize: 0 must be at least 0.1"),
        ({"noise_level": -1.0}, r"first_passes\[0\]: noise_level: -1 must be at least 0"),
        ({"jpeg_quality": 0}, r"first_passes\[0\]: jpeg_quality: 0 must be at least 1"),
        ({"kernel_width": 1.0, "kernel": [2.0, 1.0, 0.0]}, "a pass has one blur"),
        ({"kernel": [2.0, 0.0, 0.0]}, "one zero width"),
        ({"scale": 2}, r"first_passes\[0\]: unknown key 'scale'"),
        (None, r"first_passes\[0\]: expected a mapping, got None"),
    ],
)
def test_what_is_no_first_pass_is_refused(value: object, told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        _regime(first_passes=[value])
    assert "\n" not in str(caught.value)


def test_sizes_that_s_fold_cannot_reduce_are_refused() -> None:
    told = "first_pass: resize with downsample: s-fold"
    s_fold = {"downsample": "s-fold"}
    with pytest.raises(UserError, match=told):
        _regime({**s_fold, "first_pass": RANGES})
    with pytest.raises(UserError, match=told):
        _regime(s_fold, first_passes=LISTED)
    with pytest.raises(ValueError, match=told):
        replace(ONE, downsample="s-fold")
    same_size = {**RANGES, "resize": [1.0, 1.0]}
    regime = _regime({**s_fold, "first_pass": same_size}, first_passes=[{"noise_level": 5.0}])
    assert regime.train.downsample == "s-fold"


def test_patches_must_be_large_enough_for_the_second_blur() -> None:
    first = FirstPassConfig(kernel_width=(0.2, 2.0), resize=(0.5, 1.5))
    degradation = DegradationConfig(kernel_width={2: (0.2, 2.0)}, first_pass=first)
    run_config(degradation=degradation, training={"patch_size": 11})  # 22 leave 11
    told = "HR patches of the encoder stage have 20 pixels .* first pass of x0.5 .* needs 22"
    with pytest.raises(ValueError, match=told):
        run_config(degradation=degradation, training={"patch_size": 10})


def test_a_test_image_too_small_for_the_second_blur_is_named() -> None:
    demands = ImageDemands(
        scales=(2,), patches={}, classes={}, crop_size=8, crops_per_image=1, perplexity=1.0,
        first_resize=0.25,
    )  # fmt: skip
    sizes = [ImageSize("fits", 44, 90), ImageSize("low", 43, 90)]
    assert complaints(demands, {}, {"Mine": sizes}) == [
        "test image Mine/low is 90x43: the blur after a first pass of x0.25 needs 44 pixels a "
        "side at x2"
    ]


def _study(folder: Path, overrides: str, train: dict[str, Any], **more: Any) -> Study:
    text = f"title: T\nhypothesis: H\noverrides: {overrides}\n"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    test = {**TEST, "first_passes": more.pop("first_passes", LISTED)}
    data = {
        "study": "s", "title": "T", "variants": ["mine"], "reference": "mine", "seeds": [1],
        "scales": [4], "regimes": [{"name": "r", "train": {**TRAIN, **train}, "test": test}],
        "train_sets": [{"name": "a", "source": "photos"}],
        "test_sets": [{"name": "b", "source": "photos"}], **more,
    }  # fmt: skip
    return load_study(data, folder, "study.yaml")


ORACLE = "{model: {representation: oracle}, contrastive: {enabled: false}}"
OTHER = "{model: {channel_branch: false}}"


def test_the_oracle_is_refused_where_it_would_not_know_the_first_pass(tmp_path: Path) -> None:
    told = "mine: representation: oracle encodes .* not first_pass, which regime r "
    with pytest.raises(UserError, match=f"^study.yaml: {told}trains with"):
        _study(tmp_path, ORACLE, {"first_pass": RANGES})
    (line,) = study_complaints(_study(tmp_path, ORACLE, {}))
    assert line.startswith("mine: representation: oracle encodes kernel and noise level, but")
    assert line.endswith("not first_pass, which regime r tests with")
    assert study_complaints(_study(tmp_path, ORACLE, {}, first_passes=[{}])) == []


def test_first_passes_that_do_the_same_may_be_there_only_once(tmp_path: Path) -> None:
    same = [{"kernel_width": 1.0}, {}, {"kernel": [1.0, 1.0, 0.0]}]
    (line,) = study_complaints(_study(tmp_path, OTHER, {}, first_passes=same))
    assert line.startswith("regimes: r: test: first_passes: blur 1 twice")


def test_a_claim_can_be_about_some_first_passes(tmp_path: Path) -> None:
    asked = {"variant": "mine", "reference": "bicubic", "relation": "better"}
    study = _study(tmp_path, OTHER, {}, claims=[{**asked, "first_passes": [{}]}])
    (claim,) = study.claims
    assert {one.keys()["first_pass"] for one in claim.cells} == {"none"}
    assert len(claim.cells) == 4
    assert claim.about == "width 1.2 and 2.4, first pass none, noise 0 and 10"
    with pytest.raises(UserError, match=r"first_passes: x0\.9 is not in the test grid"):
        _study(tmp_path, OTHER, {}, claims=[{**asked, "first_passes": [{"resize": 0.9}]}])
