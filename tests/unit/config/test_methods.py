"""Methods that are no file of ablations/: swept values and imported networks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dasr.config import Study, SweepConfig, digest, load_study, own_value, sweep_figures
from dasr.errors import UserError
from dasr.text import number_text

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
    temperatures = {v.name: v.settings.contrastive.temperature for v in study.variants}
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
    assert swept.settings.contrastive.queue_size == 256
    assert digest(swept.settings) != digest(_load().variant("dasr").settings)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"), (0.1000001, "0.1000001"), (0.1000002, "0.1000002"), (256, "256"),
        (1234567, "1234567"), (1234567.0, "1234567"), (1e-7, "1e-07"), (1e6, "1e+06"),
        (1 / 3, "0.3333333333333333"), (-2.5, "-2.5"),
    ],
)  # fmt: skip
def test_names_tell_values_apart(value: float, text: str) -> None:
    assert number_text(value) == text
    assert float(text) == value


def test_values_that_differ_late_are_methods_of_their_own() -> None:
    study = _load(sweeps=[{**SWEEP, "values": [0.1000001, 0.1000002]}])
    swept = {v.name: v.title for v in study.variants if "-" in v.name}
    assert swept == {
        "dasr-temperature-0.1000001": "DASR, temperature 0.1000001",
        "dasr-temperature-0.1000002": "DASR, temperature 0.1000002",
    }


def test_every_sweep_has_a_figure_of_its_own() -> None:
    one = SweepConfig(variant="dasr", key="contrastive.temperature", values=(1.0,))
    assert list(sweep_figures([one])) == ["sweep_temperature"]
    other = replace(one, variant="no-ca")
    assert sweep_figures([one, other]) == {
        "sweep_temperature_dasr": one,
        "sweep_temperature_no_ca": other,
    }
    elsewhere = replace(one, key="training.temperature")
    more = replace(one, key="contrastive.weight")
    assert sweep_figures([one, elsewhere, more]) == {
        "sweep_contrastive_temperature": one,
        "sweep_training_temperature": elsewhere,
        "sweep_weight": more,
    }


def test_two_sweeps_of_two_variants_are_planned_and_of_one_refused() -> None:
    study = _load(sweeps=[SWEEP, {**SWEEP, "variant": "no_ca"}])
    assert len(study.variants) == 6
    with pytest.raises(UserError, match="temperature of dasr: another sweep has its figure"):
        _load(sweeps=[SWEEP, {**SWEEP, "values": [0.3]}])


def test_a_swept_value_has_no_name_of_another_method() -> None:
    late = {**NETWORK, "name": "dasr-temperature-0.05"}
    with pytest.raises(
        UserError, match=r"two methods would be called 'dasr-temperature-0\.05'"
    ):
        _load(sweeps=[SWEEP], imported=[late])


def test_the_untrained_encoders_name_is_taken() -> None:
    with pytest.raises(UserError, match="'untrained_encoder' is a method's name already"):
        _load(imported=[{**NETWORK, "name": "untrained_encoder"}])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": [0.07]}, r"\[0.07\] is what 'dasr' has: name another value"),
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
        ({"title": " "}, "title ' ' is empty"),
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
