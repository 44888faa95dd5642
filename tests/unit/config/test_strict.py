"""Strict loading: what a user gets told, and what overrides may do."""

import dataclasses
from typing import Annotated, Any, Literal

import pytest
import yaml

from dasr.config import (
    DASRConfig,
    DegradationConfig,
    GridConfig,
    MethodConfig,
    RegimeConfig,
    TrainingConfig,
    apply_overrides,
    from_dict,
    to_dict,
)
from dasr.config.strict import Alternatives
from dasr.errors import UserError

FILE = "config/mine.yaml: model"


def test_misspelt_key_is_named_with_file_and_suggestion() -> None:
    with pytest.raises(UserError) as error:
        from_dict(DASRConfig, {"num_grups": 5}, FILE)
    assert str(error.value) == f"{FILE}: unknown key 'num_grups' (did you mean 'num_groups'?)"


def test_unlike_key_lists_what_is_allowed() -> None:
    with pytest.raises(UserError, match=r"unknown key 'zzz'; allowed: \['name', 'test'"):
        from_dict(RegimeConfig, {"zzz": 1}, FILE)


def test_missing_key_is_named() -> None:
    with pytest.raises(UserError, match=f"{FILE}: missing key 'kernel_width'"):
        from_dict(DegradationConfig, {}, FILE)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("num_groups", "five", "expected int, got 'five'"),
        ("num_groups", 5.0, "expected int, got 5.0"),
        ("num_groups", True, "expected int, got True"),
        ("num_groups", None, "expected int, got None"),
        ("kernel_branch", 1, "expected bool, got 1"),
        ("upsampler", "triple", "got 'triple'; allowed: ['staged', 'single']"),
    ],
)
def test_wrong_type_names_key_and_value(key: str, value: Any, told: str) -> None:
    with pytest.raises(UserError) as error:
        from_dict(DASRConfig, {key: value}, FILE)
    assert str(error.value) == f"{FILE}: {key}: {told}"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([0.0], r"noise_level: expected 2 values, got \[0.0\]"),
        ([0.0, "ten"], r"noise_level\[1\]: expected float, got 'ten'"),
        (25.0, r"noise_level: expected a list, got 25.0"),
    ],
)
def test_wrong_list_names_key_and_position(value: Any, told: str) -> None:
    data = {"kernel_width": {4: [0.2, 4.0]}, "noise_level": value}
    with pytest.raises(UserError, match=told):
        from_dict(DegradationConfig, data, FILE)


def test_section_must_be_a_mapping() -> None:
    with pytest.raises(UserError, match=f"{FILE}: expected a mapping, got None"):
        from_dict(DASRConfig, None, FILE)


def test_exponent_that_yaml_reads_as_text_is_explained() -> None:
    data = yaml.safe_load("encoder_learning_rate: 1e-3")
    with pytest.raises(UserError, match=r"write 1\.0e-3"):
        from_dict(TrainingConfig, data, FILE)


def test_whole_number_serves_as_float() -> None:
    config = from_dict(DegradationConfig, {"kernel_width": {2: [1, 2]}}, FILE)
    assert config.kernel_width == {2: (1.0, 2.0)}
    assert isinstance(config.kernel_width[2][0], float)


def test_refusal_of_the_dataclass_names_the_place() -> None:
    with pytest.raises(UserError, match=f"{FILE}: num_groups must be positive"):
        from_dict(DASRConfig, {"num_groups": 0}, FILE)


def test_plain_data_comes_back_equal() -> None:
    config = RegimeConfig(
        name="general",
        train=DegradationConfig(kernel_width={4: (0.2, 4.0)}, noise_level=(0.0, 25.0)),
        test=GridConfig(kernels=((2.0, 1.0, 10.0),)),
    )
    text = yaml.safe_dump(to_dict(config))
    assert from_dict(RegimeConfig, yaml.safe_load(text), FILE) == config


def test_nested_override_changes_one_value() -> None:
    base = MethodConfig()
    changed = apply_overrides(base, {"model": {"channel_branch": False}}, "a.yaml: overrides")
    assert changed.model == DASRConfig(channel_branch=False)
    assert (changed.contrastive, changed.training) == (base.contrastive, base.training)
    assert base.model.channel_branch


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (
            {"model": {"num_groups": 5}},
            "overrides: model: num_groups: override changes nothing",
        ),
        ({"model": {}}, "overrides: model: override changes nothing"),
        ({"model": {"num_group": 4}}, "overrides: model: unknown key 'num_group'"),
        ({"modle": {}}, "overrides: unknown key 'modle' .did you mean 'model'"),
        ({"model": {"num_groups": "4"}}, "overrides: model: num_groups: expected int"),
        ({"model": {"num_groups": 0}}, "overrides: model: num_groups must be positive"),
        ({"model": 4}, "overrides: model: expected a mapping, got 4"),
        (None, "overrides: expected a mapping, got None"),
    ],
)
def test_bad_override_is_named(overrides: Any, told: str) -> None:
    with pytest.raises(UserError, match=f"^a.yaml: {told}"):
        apply_overrides(MethodConfig(), overrides, "a.yaml: overrides")


def test_override_that_breaks_a_rule_across_sections_is_refused() -> None:
    with pytest.raises(UserError, match="queue_size 8192 is not a multiple"):
        apply_overrides(MethodConfig(), {"training": {"batch_size": 12}}, "a.yaml")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Base:
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Round(Base):
    kind: Literal["round"] = "round"
    radius: int = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Square(Base):
    kind: Literal["square"] = "square"
    side: int = 3
    radius: int = 7


SHAPES: dict[str, type] = {"round": Round, "square": Square}
Shape = Annotated[Base, Alternatives("kind", SHAPES, "round")]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawing:
    shape: Shape = dataclasses.field(default_factory=Round)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, Round()),
        ({"radius": 5}, Round(radius=5)),
        ({"kind": "square", "side": 5}, Square(side=5)),
    ],
)
def test_a_key_chooses_the_class(data: dict[str, Any], expected: Base) -> None:
    drawing = from_dict(Drawing, {"shape": data}, FILE)
    assert drawing.shape == expected
    assert from_dict(Drawing, to_dict(drawing), FILE) == drawing


@pytest.mark.parametrize("read", [from_dict, apply_overrides])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sqare", r"'sqare' \(did you mean 'square'\?\); allowed: \['round', 'square'\]"),
        ("zzz", r"'zzz'; allowed: \['round', 'square'\]"),
        (3, r"3; allowed: \['round', 'square'\]"),
        (["round"], r"\['round'\] .*; allowed"),
    ],
)
def test_an_unknown_class_is_named(read: Any, name: object, told: str) -> None:
    base = Drawing if read is from_dict else Drawing()
    with pytest.raises(UserError, match=f"shape: kind: got {told}"):
        read(base, {"shape": {"kind": name}}, FILE)


def test_an_override_of_the_class_starts_from_its_defaults() -> None:
    base = Drawing(shape=Round(radius=9))
    changed = apply_overrides(base, {"shape": {"kind": "square", "side": 5}}, FILE)
    assert changed.shape == Square(side=5, radius=7)
    assert apply_overrides(base, {"shape": {"kind": "square"}}, FILE).shape == Square()


@pytest.mark.parametrize(
    "overrides", [{"kind": "round"}, {"kind": "square", "side": 3}, {"radius": 2}]
)
def test_an_override_that_changes_nothing_of_a_class(overrides: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="override changes nothing, it is"):
        apply_overrides(Drawing(), {"shape": overrides}, FILE)


def test_keys_of_another_class_are_unknown() -> None:
    with pytest.raises(UserError, match="shape: unknown key 'side'"):
        from_dict(Drawing, {"shape": {"side": 3}}, FILE)
