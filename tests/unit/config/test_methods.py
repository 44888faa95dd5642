"""Methods that are no file of ablations/: swept values and imported networks."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import Study, digest, load_study, own_value
from dasr.errors import UserError

ROOT = Path(__file__).resolve().parents[3]
REGIME = {
    "name": "blur",
    "train": {"kernel_width": {4: [0.2, 4.0]}},
    "test": {"kernel_widths": {4: [1.2]}},
}
SWEEP = {"variant": "dasr", "key": "contrastive.temperature", "values": [0.05, 0.07, 0.5]}
NETWORK = {"name": "released", "title": "Released", "regime": "blur", "files": {4: "x.pt"}}


def _load(**changes: Any) -> Study:
    leaves = {"name": "leaves", "source": "dead_leaves", "num_images": 2, "image_size": 64}
    config = {
        "study": "demo",
        "title": "A demo",
        "variants": ["dasr", "no_ca"],
        "seeds": [1],
        "scales": [4],
        "regimes": [REGIME],
        "train_sets": [leaves],
        "test_sets": [{"name": "Photos", "source": "photos"}],
        **changes,
    }
    return load_study(config, ROOT / "ablations", "study.yaml")


def test_each_value_but_the_variant_s_own_is_a_method() -> None:
    study = _load(sweeps=[SWEEP])
    temperatures = {v.name: v.method.contrastive.temperature for v in study.variants}
    assert temperatures == {
        "dasr": 0.07,
        "no_ca": 0.07,
        "dasr-temperature-0.05": 0.05,
        "dasr-temperature-0.5": 0.5,
    }
    assert study.variant("dasr-temperature-0.5").title == "DASR, temperature 0.5"
    assert own_value(study.variant("dasr"), study.config.sweeps[0]) == 0.07


def test_a_swept_value_of_the_encoder_has_an_encoder_stage_of_its_own() -> None:
    assert len(_load().encoders()) == 1
    assert len(_load(sweeps=[SWEEP]).encoders()) == 3
    weights = {**SWEEP, "key": "contrastive.weight", "values": [0.1]}
    assert len(_load(sweeps=[weights]).encoders()) == 1


def test_whole_numbers_stay_whole() -> None:
    queue = {**SWEEP, "key": "contrastive.queue_size", "values": [256]}
    swept = _load(sweeps=[queue]).variant("dasr-queue_size-256")
    assert swept.method.contrastive.queue_size == 256
    assert digest(swept.method) != digest(_load().variant("dasr").method)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"variant": "oracle"}, "sweeps: variant 'oracle' is not among variants"),
        ({"key": "contrastive.warmth"}, "unknown key 'warmth'"),
        ({"key": "temperature"}, "key 'temperature' is not 'section.key'"),
        ({"values": [0.0]}, "temperature must be positive"),
        ({"values": []}, "values is empty"),
    ],
)
def test_impossible_sweeps(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        _load(sweeps=[{**SWEEP, **changes}])
    assert "study.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "dasr"}, "'dasr' is a method's name already"),
        ({"regime": "noise"}, r"released: regime 'noise' not in \['blur'\]"),
        ({"files": {2: "x2.pt"}}, r"scale 2 not in the study's \[4\]"),
        ({"files": {4: "x4.ckpt"}}, "neither \\*.pt nor \\*.safetensors"),
        ({"stands_for": "model 4"}, "stands_for: unknown 'model 4'"),
    ],
)
def test_impossible_imports(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        _load(imported=[{**NETWORK, **changes}])
    assert "study.yaml" in str(caught.value)


def test_a_study_may_have_imported_networks_alone() -> None:
    study = _load(variants=[], imported=[{**NETWORK, "stands_for": "dasr"}])
    assert study.runs() == ()
    assert study.config.imported[0].files == {4: "x.pt"}


def test_a_protocol_is_about_one_regime() -> None:
    with pytest.raises(UserError, match="protocol table1: needs exactly one regime, got 2"):
        _load(protocol="table1", regimes=[REGIME, {**REGIME, "name": "other"}])
