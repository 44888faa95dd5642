"""What a study with sizes compares, and which files its checkpoints are."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import Kernel, load_study
from dasr.study import Plan
from dasr.study.comparisons import ranked_groups, reference_title, references
from dasr.study.scaling import (
    checkpoint_files,
    checkpoint_metrics_files,
    parts_of,
    widest_kernels,
)
from tests.unit.study.conftest import STUDY

FILES = {
    "dasr": "{}",
    "no_ca": "{model: {channel_branch: false}}",
    "ca_only": "{model: {kernel_branch: false}}",
    "no_da_conv": "{model: {kernel_branch: false, channel_branch: false, concatenation: true}}",
}
SIZES = [
    {"name": "d1", "title": "1 block", "model": {"num_groups": 1, "num_blocks": 1}},
    {"name": "d6", "title": "6 blocks", "model": {"num_groups": 2, "num_blocks": 3}},
]


def _plan(folder: Path, **changes: Any) -> Plan:
    for name, overrides in FILES.items():
        text = f"title: T {name}\nhypothesis: H\noverrides: {overrides}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "oracle.yaml").write_text(
        "title: Oracle\nhypothesis: H\nexpected: better\noverrides: {model: {representation: "
        "oracle}, contrastive: {enabled: false}}\n",
        encoding="utf-8",
    )
    return Plan(load_study({**STUDY, "sizes": SIZES, **changes}, folder, "study.yaml"))


def test_methods_are_compared_within_their_size(tmp_path: Path) -> None:
    plan = _plan(tmp_path)
    others = ["ca_only", "no_ca", "no_da_conv", "oracle"]
    assert references(plan) == {f"{n}-{s}": f"dasr-{s}" for s in ("d1", "d6") for n in others}
    # an imported network has no size, so that it is compared with bicubic alone
    assert plan.method("theirs").reference is None
    assert ranked_groups(plan) == [
        ["theirs"],
        ["dasr-d1", "ca_only-d1", "no_ca-d1", "no_da_conv-d1"],
        ["dasr-d6", "ca_only-d6", "no_ca-d6", "no_da_conv-d6"],
    ]
    assert reference_title(plan) == "T dasr of the same size"
    assert plan.untrained is not None
    assert plan.untrained.stands_for == "dasr-d1"


def test_without_sizes_the_reference_is_one(tmp_path: Path) -> None:
    plan = _plan(tmp_path, sizes=[])
    names = ["theirs", "ca_only", "no_ca", "no_da_conv", "oracle"]
    assert references(plan) == dict.fromkeys(names, "dasr")
    assert ranked_groups(plan) == [["theirs", "dasr", "ca_only", "no_ca", "no_da_conv"]]
    assert reference_title(plan) == "T dasr"
    assert references(_plan(tmp_path, variants=[], sizes=[])) == {}


def test_factorial_designs_are_within_a_size(tmp_path: Path) -> None:
    assert [(one.both, one.kernel_only, one.channel_only, one.neither)
            for one in _plan(tmp_path).factorials] == [
        (f"dasr-{size}", f"no_ca-{size}", f"ca_only-{size}", f"no_da_conv-{size}")
        for size in ("d1", "d6")
    ]  # fmt: skip


def test_a_part_is_what_the_better_network_has(tmp_path: Path) -> None:
    plan = _plan(tmp_path, variants=["no_ca", "oracle", "dasr"])
    assert [(one.variant, one.size, one.blocks, one.having, one.lacking, one.reference)
            for one in parts_of(plan)] == [
        ("dasr", "d1", 1, "dasr-d1", "bicubic", "dasr-d1"),
        ("dasr", "d6", 6, "dasr-d6", "bicubic", "dasr-d6"),
        ("no_ca", "d1", 1, "dasr-d1", "no_ca-d1", "dasr-d1"),
        ("oracle", "d1", 1, "oracle-d1", "dasr-d1", "dasr-d1"),
        ("no_ca", "d6", 6, "dasr-d6", "no_ca-d6", "dasr-d6"),
        ("oracle", "d6", 6, "oracle-d6", "dasr-d6", "dasr-d6"),
    ]  # fmt: skip


def test_checkpoints_alone_have_parts_and_nothing_has_none(tmp_path: Path) -> None:
    curve = _plan(tmp_path, sizes=[], checkpoints=[10], variants=["dasr", "no_ca"])
    assert [(one.having, one.lacking, one.size, one.blocks) for one in parts_of(curve)] == [
        ("dasr", "bicubic", "", 25),
        ("dasr", "no_ca", "", 25),
    ]
    assert parts_of(_plan(tmp_path, sizes=[])) == ()
    assert parts_of(_plan(tmp_path, sizes=[], checkpoints=[10], variants=[])) == ()


def test_files_of_checkpoints(tmp_path: Path) -> None:
    plan = _plan(tmp_path, checkpoints=[10, 500])
    folder = "results/s/runs/no_ca-d6/blur/x4/seed3/checkpoints"
    assert checkpoint_files(plan, plan.run("no_ca-d6", "blur", 4, 3)) == [
        f"{folder}/step10.safetensors",
        f"{folder}/step500.safetensors",
    ]
    files = checkpoint_metrics_files(plan)
    assert f"{folder}/metrics.csv" in files
    assert len(files) == len(set(files)) == 2 * 5 * 2 * 2 * 2  # one per network
    assert checkpoint_metrics_files(_plan(tmp_path)) == []


@pytest.mark.parametrize(
    ("kernels", "widest"),
    [
        ([(0.2, 0.2), (3.4, 3.4), (2.6, 2.6), (1.0, 1.0)], [(3.4, 3.4), (2.6, 2.6)]),
        ([(4.0, 0.2), (2.0, 2.0), (1.5, 1.5)], [(2.0, 2.0), (1.5, 1.5)]),  # by area
        ([(1.0, 1.0), (2.0, 2.0)], []),  # all of the grid are no widest ones
    ],
)
def test_the_widest_kernels(
    kernels: list[tuple[float, float]], widest: list[tuple[float, float]]
) -> None:
    shapes = [Kernel(lambda_1=one, lambda_2=two, theta_deg=0.0) for one, two in kernels]
    assert [(one.lambda_1, one.lambda_2) for one in widest_kernels(shapes)] == widest
