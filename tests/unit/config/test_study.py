"""Loading a study: variants found by their files, everything checked by name."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import Study, discover_variants, load_study
from dasr.errors import UserError

VARIANT = "title: T\nhypothesis: H\noverrides: {overrides}\n"


@pytest.fixture
def ablations(tmp_path: Path) -> Path:
    """A folder with three variants and a draft."""
    folder = tmp_path / "ablations"
    folder.mkdir()
    overrides = {
        "dasr": "{}",
        "no_ca": "{model: {channel_branch: false}}",
        "alone": "{training: {encoder_epochs: 0}}",
        "_draft": "{model: {no_such_key: 1}}",
    }
    for name, text in overrides.items():
        (folder / f"{name}.yaml").write_text(VARIANT.format(overrides=text), encoding="utf-8")
    (folder / "notes.txt").write_text("no variant", encoding="utf-8")
    return folder


def _mapping(**changes: Any) -> dict[str, Any]:
    regime = {
        "name": "blur",
        "train": {"kernel_width": {2: [0.2, 2.0], 4: [0.2, 4.0]}},
        "test": {"kernel_widths": {2: [1.2], 4: [1.2, 2.4]}},
    }
    return {
        "study": "demo",
        "title": "A demo",
        "variants": "all",
        "seeds": [1, 2],
        "scales": [2, 4],
        "regimes": [regime],
        "train_sets": [
            {"name": "leaves", "source": "dead_leaves", "num_images": 2, "image_size": 64}
        ],
        "test_sets": [{"name": "photos", "source": "photos"}],
        **changes,
    }


def _load(ablations: Path, **changes: Any) -> Study:
    return load_study(_mapping(**changes), ablations, "study.yaml")


def test_drafts_and_other_files_are_no_variants(ablations: Path) -> None:
    assert discover_variants(ablations) == ["alone", "dasr", "no_ca"]


def test_all_puts_the_reference_first(ablations: Path) -> None:
    names = [variant.name for variant in _load(ablations).variants]
    assert names == ["dasr", "alone", "no_ca"]


def test_listed_variants_keep_their_order(ablations: Path) -> None:
    study = _load(ablations, variants=["no_ca", "dasr"])
    assert [variant.name for variant in study.variants] == ["no_ca", "dasr"]
    assert not study.variant("no_ca").settings.model.channel_branch
    assert study.variant("dasr").settings.model.channel_branch


def test_runs_are_the_whole_product(ablations: Path) -> None:
    runs = _load(ablations).runs()
    keys = [(run.method, run.regime, run.scale, run.seed) for run in runs]
    assert len(set(keys)) == len(keys) == 3 * 1 * 2 * 2
    assert keys[0] == ("dasr", "blur", 2, 1)


def test_a_run_knows_the_kernel_widths_of_its_scale_alone(ablations: Path) -> None:
    run = _load(ablations).run("dasr", "blur", 4, 1)
    assert run.degradation.kernel_width == {4: (0.2, 4.0)}


def test_variants_share_encoders(ablations: Path) -> None:
    # dasr and no_ca share; "alone" has no encoder stage: scales x seeds are left
    assert len(_load(ablations).encoders()) == 4


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"variants": ["dasr", "no_da"]}, "variants: unknown 'no_da'"),
        ({"variants": ["dasr", "dasr"]}, "variants: a name is there twice"),
        ({"variants": ["dasr", "bicubic"]}, "'bicubic' is always there"),
        ({"variants": ["no_ca"]}, "reference 'dasr' is not among variants"),
        ({"variants": "some"}, "variants: expected a list, got 'some'"),
        ({"reference": "dsar"}, "reference 'dsar' is not among"),
        ({"seeds": [1, 1]}, "seeds: a name is there twice"),
        ({"seeds": []}, "seeds is empty"),
        ({"scales": [5]}, "scales: 5 not in"),
        ({"scales": [3]}, "blur: train.kernel_width lacks scale 3"),
        ({"study": "a/b"}, "name 'a/b'"),
        ({"sead": [1]}, "unknown key 'sead' .did you mean 'seeds'"),
        ({"training": {"patch_size": 5}}, "HR patches of 10 pixels"),
    ],
)
def test_error_names_file_and_culprit(
    ablations: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError, match=rf"^study\.yaml: .*{told}"):
        _load(ablations, **changes)


def test_regime_without_kernels_at_a_scale_is_refused(ablations: Path) -> None:
    regimes = _mapping()["regimes"]
    del regimes[0]["test"]["kernel_widths"][4]
    with pytest.raises(UserError, match="blur: test has no kernel for scale 4"):
        _load(ablations, regimes=regimes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [", r"broken\.yaml: not YAML: .*line"),
        ("title: T\nhypothesis: H\n", r"broken\.yaml: missing key 'overrides'"),
        ("- 1\n", r"broken\.yaml: expected keys and values, it holds a list"),
        ("", r"broken\.yaml: expected keys and values, it is empty"),
        (VARIANT.format(overrides="{model: {chanel_branch: false}}"),
         r"broken\.yaml: overrides: model: unknown key 'chanel_branch' .*'channel_branch'"),
        (VARIANT.format(overrides="{contrastive: {weight: 1.0}}"),
         r"broken\.yaml: overrides: contrastive: weight: override changes nothing"),
    ],
)  # fmt: skip
def test_broken_override_file_is_named(ablations: Path, text: str, told: str) -> None:
    (ablations / "broken.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        _load(ablations)


def test_override_is_compared_with_the_studys_own_settings(ablations: Path) -> None:
    with pytest.raises(UserError, match=r"no_ca\.yaml: .*channel_branch: override changes"):
        _load(ablations, model={"channel_branch": False})


def test_folder_without_variants_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        _load(tmp_path / "nowhere")


def test_variant_that_cannot_be_a_folder_is_refused(ablations: Path) -> None:
    text = VARIANT.format(overrides="{model: {kernel_branch: false}}")
    (ablations / "no da+.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"no da\+"):
        _load(ablations)
