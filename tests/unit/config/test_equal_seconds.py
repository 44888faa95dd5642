"""Studies with `equal: seconds`: which steps count, and what is one clear line."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml

from dasr.config import MethodConfig, Study, load_study, read_yaml, to_dict
from dasr.config.equal_seconds import settings_digest
from dasr.config.strict import ADDED
from dasr.errors import UserError
from dasr.study import read_study, study_text
from dasr.training.schedule import learning_rate

CONFIG: dict[str, Any] = {
    "study": "mine",
    "title": "Mine",
    "variants": ["dasr", "no_ca"],
    "seeds": [1],
    "scales": [2, 4],
    "regimes": [
        {
            "name": "noise",
            "train": {"kernel_width": {2: [0.2, 2.0], 4: [0.2, 4.0]}, "noise_level": [0, 5]},
            "test": {"kernel_widths": {2: [1.0], 4: [1.0]}, "noise_levels": [0]},
        }
    ],
    "train_sets": [{"name": "train", "source": "photos"}],
    "test_sets": [{"name": "test", "source": "naturals"}],
    "training": {"steps_per_epoch": 100, "encoder_epochs": 3, "encoder_decay_epochs": 2,
                 "joint_epochs": 8, "joint_decay_epochs": 2, "batch_size": 4},
    "contrastive": {"queue_size": 64},
}  # fmt: skip
ABLATIONS = Path("ablations")


def _load(folder: Path, **changes: Any) -> Study:
    return load_study({**CONFIG, **changes}, ABLATIONS, "mine.yaml", folder)


def _write(folder: Path, steps: dict[str, dict[int, int]], **changes: Any) -> None:
    """Write steps by method and scale for the settings of the study with changes."""
    plain = _load(folder, **changes)
    methods: list[dict[str, Any]] = []
    for name, by_scale in steps.items():
        for scale, number in by_scale.items():
            own, other = (plain.variant(one).settings_at(scale) for one in (name, "dasr"))
            entry = {"method": name, "scale": scale, "joint_steps": number}
            entry |= {"settings": settings_digest(own, other, plain.config.regimes)}
            entry |= {"step_seconds": {"joint": 0.1}, "cpu_seconds": 12.0}
            methods.append(entry)
    text = yaml.safe_dump({"machine": "i9", "torch": "2", "methods": methods})
    (folder / "mine.yaml").write_text(text, encoding="utf-8")


STEPS = {"dasr": {2: 800, 4: 800}, "no_ca": {2: 1200, 4: 808}}


def test_every_method_has_the_steps_of_its_scale(tmp_path: Path) -> None:
    _write(tmp_path, STEPS)
    study = _load(tmp_path, equal="seconds")
    for method, by_scale in STEPS.items():
        for scale, number in by_scale.items():
            run = study.run(method, "noise", scale, 1)
            assert run.joint_stage().training.total_steps == number
            assert run.joint_stage().training.epochs == 8
    # the reference is what it is without, to its digest
    assert study.variant("dasr") == _load(tmp_path).variant("dasr")
    # and encoders are those that all methods share at a scale
    assert len(study.encoders()) == 2
    assert study.seconds is not None
    assert study.seconds.machine == "i9"
    assert read_study(study_text(study)) == study


def test_without_the_key_the_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("nonsense: 1", encoding="utf-8")
    assert _load(tmp_path).seconds is None
    with pytest.raises(UserError, match=r"mine\.yaml: unknown key 'nonsense'"):
        _load(tmp_path, equal="seconds")


def test_rates_of_a_step_schedule_fall_at_the_same_parts_of_the_stage(tmp_path: Path) -> None:
    _write(tmp_path, STEPS)
    study = _load(tmp_path, equal="seconds")
    own, other = (study.run(name, "noise", 2, 1).joint_stage() for name in ("no_ca", "dasr"))
    for part in (0, 1 / 4 - 1 / 100, 1 / 4, 1 / 2, 3 / 4 - 1 / 100, 3 / 4):
        assert learning_rate(own, int(part * 1200)) == learning_rate(other, int(part * 800))
    assert learning_rate(own, 299) == 2 * learning_rate(own, 300)


def test_a_cosine_ends_with_the_stage(tmp_path: Path) -> None:
    cosine = {"training": {**CONFIG["training"], "schedule": "cosine"}}
    _write(tmp_path, STEPS, **cosine)
    stage = _load(tmp_path, equal="seconds", **cosine).run("no_ca", "noise", 2, 1).joint_stage()
    peak = stage.training.learning_rate
    assert learning_rate(stage, 800) > 0.1 * peak
    assert learning_rate(stage, 1199) < 1e-5 * peak


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ({}, "dasr at x2"),
        ({"dasr": {2: 800, 4: 800}}, "no_ca at x2"),
        ({"dasr": {2: 800, 4: 800}, "no_ca": {2: 8}}, "no_ca at x4"),
    ],
)
def test_a_method_without_steps_is_one_line_that_names_the_command(
    steps: dict[str, dict[int, int]], told: str, tmp_path: Path
) -> None:
    if steps:
        _write(tmp_path, steps)
    with pytest.raises(UserError, match=rf"{told} .*run dasr equal-seconds --write") as error:
        _load(tmp_path, equal="seconds")
    assert str(error.value).startswith("mine.yaml: equal: seconds: ")
    assert "\n" not in str(error.value)


def test_steps_that_fill_no_epoch_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, {**STEPS, "no_ca": {2: 1201, 4: 8}})
    with pytest.raises(UserError, match=r"no_ca: x2: joint_steps 1201 .* joint_epochs 8"):
        _load(tmp_path, equal="seconds")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"training": {**CONFIG["training"], "batch_size": 8}}, False),
        ({"training": {**CONFIG["training"], "encoder_epochs": 4}}, False),
        ({"training": {**CONFIG["training"], "joint_epochs": 16}}, False),
        ({"model": {"num_groups": 2}}, False),
        ({"contrastive": {"queue_size": 128}}, False),
        ({"training": {**CONFIG["training"], "joint_learning_rate": 1e-3}}, True),
        ({"training": {**CONFIG["training"], "schedule": "cosine"}}, True),
        ({"seeds": [1, 2]}, True),
    ],
)
def test_steps_count_for_the_settings_that_they_were_found_for(
    changes: dict[str, Any], same: bool, tmp_path: Path
) -> None:
    _write(tmp_path, STEPS)
    if same:
        assert _load(tmp_path, equal="seconds", **changes).seconds is not None
        return
    with pytest.raises(UserError, match="with these settings"):
        _load(tmp_path, equal="seconds", **changes)


def test_a_new_option_leaves_known_steps_alone() -> None:
    @dataclasses.dataclass(frozen=True)
    class Longer(MethodConfig):
        new: int = dataclasses.field(default=3, metadata=ADDED)

    plain = settings_digest(MethodConfig(), MethodConfig(), ())
    assert settings_digest(Longer(), MethodConfig(), ()) == plain
    assert settings_digest(Longer(new=4), MethodConfig(), ()) != plain


def test_swept_values_and_sizes_have_steps_of_their_own(tmp_path: Path) -> None:
    sweeps = [{"variant": "dasr", "key": "contrastive.temperature", "values": [0.2]}]
    hot = "dasr-temperature-0.2"
    _write(tmp_path, {**STEPS, hot: {2: 400, 4: 400}}, sweeps=sweeps)
    swept = _load(tmp_path, equal="seconds", sweeps=sweeps)
    assert swept.run(hot, "noise", 2, 1).joint_stage().training.total_steps == 400


def test_the_study_says_what_trainings_have_alike(tmp_path: Path) -> None:
    _write(tmp_path, STEPS)
    assert _load(tmp_path).size().startswith("800 joint steps of 4 pairs")
    assert "as many CPU seconds as dasr, which has 800 joint steps" in _load(
        tmp_path, equal="seconds"
    ).size()  # fmt: skip


def test_no_method_needs_no_file(tmp_path: Path) -> None:
    study = _load(tmp_path, equal="seconds", variants=[])
    assert (study.variants, study.seconds) == ((), None)


def test_the_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    _write(tmp_path, STEPS)
    known = _load(tmp_path, equal="seconds").seconds
    assert to_dict(known) == read_yaml(tmp_path / "mine.yaml")
