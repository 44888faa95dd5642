"""Which methods of a study form a factorial design of the two branches."""

from pathlib import Path

import pytest

from dasr.config import load_study
from dasr.study import Factorial, Plan
from tests.unit.study.conftest import STUDY

FOUR = {
    "full": "{}",
    "kernel": "{model: {channel_branch: false}}",
    "channel": "{model: {kernel_branch: false}}",
    "plain": "{model: {kernel_branch: false, channel_branch: false, concatenation: true}}",
}


def _designs(folder: Path, variants: dict[str, str]) -> tuple[Factorial, ...]:
    for name, text in variants.items():
        text = f"title: {name}\nhypothesis: H\noverrides: {text}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    config = {**STUDY, "reference": "full", "imported": []}
    return Plan(load_study(config, folder, "study.yaml")).factorials


def test_four_methods_are_found_by_what_they_are(tmp_path: Path) -> None:
    oracle = "{model: {representation: oracle}, contrastive: {enabled: false}}"
    others = {"oracle": oracle, "hot": "{contrastive: {temperature: 0.2}}"}
    (design,) = _designs(tmp_path, {**others, **FOUR})
    assert design == Factorial(
        both="full", kernel_only="kernel", channel_only="channel", neither="plain"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("channel", "{model: {kernel_branch: false, num_features: 32}}"),
        ("channel", "{model: {kernel_branch: false}, training: {joint_epochs: 9}}"),
        ("channel", "{model: {kernel_branch: false, concatenation: true}}"),
        ("plain", "{model: {kernel_branch: false}, contrastive: {temperature: 0.2}}"),
    ],
)
def test_whatever_else_differs_there_is_no_design(tmp_path: Path, name: str, text: str) -> None:
    assert _designs(tmp_path, {**FOUR, name: text}) == ()


def test_a_control_at_equal_flops_is_not_one_of_four(tmp_path: Path) -> None:
    sizes = "{model: {}, by_scale: {2: {num_features: 49}, 4: {num_features: 51}}}"
    equal = f"equal_flops: {{to: full, vary: [num_features], sizes: [{sizes}]}}"
    control = f"{FOUR['plain']}\n{equal}"
    assert _designs(tmp_path, {**FOUR, "plain": control}) == ()
    (design,) = _designs(tmp_path, {**FOUR, "a_control": control})
    assert design.neither == "plain"


def test_two_designs_are_two(tmp_path: Path) -> None:
    cool = {
        f"cool_{name}": "{training: {joint_epochs: 9}, " + text.strip("{}") + "}"
        if text == "{}"
        else "{training: {joint_epochs: 9}, " + text[1:]
        for name, text in FOUR.items()
    }
    designs = _designs(tmp_path, {**FOUR, **cool})
    assert {design.both for design in designs} == {"full", "cool_full"}
