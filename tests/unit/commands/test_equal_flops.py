"""`dasr equal-flops`: from a study's files to the sizes in a variant's file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dasr.config.variants import read_variant_file
from dasr.errors import UserError
from dasr.study.planning import planned_study
from tests.unit.commands.conftest import Outcome

ROOT = Path(__file__).resolve().parents[3]
STUDY = """
study: mine
title: Mine
variants: [dasr, alike]
train_sets:
  - {name: leaves, source: dead_leaves, num_images: 4, image_size: 192, seed: 1}
model: {num_groups: 1, num_blocks: 1, num_features: 8, encoder_features: 4,
        compressed_features: 8}
"""
ALIKE = """\
title: Alike
hypothesis: H
overrides:
  model: {kernel_branch: false, channel_branch: false, concatenation: true}
# why there are sizes
equal_flops:
  to: dasr
  vary: [num_features, compressed_features]
"""
CALL = ("equal-flops", "alike", "--configfile", "config/mine.yaml")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with a variant whose sizes nobody has found yet."""
    for name in ("config", "ablations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "config/mine.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "ablations/alike.yaml").write_text(ALIKE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_a_study_that_lacks_sizes_names_the_command_and_plans_after_it(
    dasr: Callable[..., Outcome],
) -> None:
    variant = Path("ablations/alike.yaml")
    with pytest.raises(
        UserError, match=r"alike\.yaml: .*model at x4: run dasr equal-flops alike"
    ):
        planned_study([Path("config/mine.yaml")], [])
    shown = dasr(*CALL)
    assert shown.code == 0
    assert "% of dasr's" in shown.out
    assert variant.read_text(encoding="utf-8") == ALIKE  # it only says what it would write
    written = dasr(*CALL, "--write")
    assert (written.code, written.err) == (0, "")
    text = variant.read_text(encoding="utf-8")
    assert text.startswith(ALIKE)  # comments and all
    study = planned_study([Path("config/mine.yaml")], [])
    (sizes,) = read_variant_file(variant).equal_flops.sizes  # type: ignore[union-attr]
    model = study.run("alike", "noisy", 4, 1).settings.model
    assert {key: getattr(model, key) for key in sizes.by_scale[4]} == sizes.by_scale[4]
    again = dasr(*CALL, "--write")
    assert "has the sizes already: x4" in again.out
    assert variant.read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("project")
def test_another_model_is_added_below(dasr: Callable[..., Outcome]) -> None:
    assert dasr(*CALL, "--write").code == 0
    other = "model={num_groups: 1, num_blocks: 1, num_features: 9, encoder_features: 4}"
    assert dasr(*CALL, "--write", "--config", other).code == 0
    equal = read_variant_file(Path("ablations/alike.yaml")).equal_flops
    assert equal is not None
    assert [entry.model.num_features for entry in equal.sizes] == [8, 9]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("project")
def test_every_size_of_a_study_has_an_entry(dasr: Callable[..., Outcome]) -> None:
    sizes = (
        "sizes=[{name: small, title: S, model: {num_features: 8}},"
        " {name: deep, title: D, model: {num_blocks: 2}}]"
    )
    with pytest.raises(UserError, match=r"alike\.yaml: .*model at x4: run dasr equal-flops"):
        planned_study([Path("config/mine.yaml")], [sizes])
    done = dasr(*CALL, "--write", "--config", sizes)
    assert (done.code, done.err) == (0, "")
    assert [line.partition(":")[0] for line in done.out.splitlines()] == [
        "small", "small", "deep", "deep"
    ]  # fmt: skip
    study = planned_study([Path("config/mine.yaml")], [sizes])
    equal = read_variant_file(Path("ablations/alike.yaml")).equal_flops
    assert equal is not None
    for entry, size in zip(equal.sizes, ("small", "deep"), strict=True):
        model = study.run(f"alike-{size}", "noisy", 4, 1).settings.model
        own = {key: getattr(model, key) for key in entry.by_scale[4]}
        assert own == entry.by_scale[4]
    assert [entry.model.num_blocks for entry in equal.sizes] == [1, 2]  # type: ignore[attr-defined]


def test_a_file_that_ends_otherwise_is_left_alone(
    dasr: Callable[..., Outcome], project: Path
) -> None:
    head, middle, tail = ALIKE.partition("equal_flops:")
    text = middle + tail + head
    (project / "ablations/alike.yaml").write_text(text, encoding="utf-8")
    done = dasr(*CALL, "--write")
    assert done.code == 2
    assert "its last key is not equal_flops" in done.err
    assert (project / "ablations/alike.yaml").read_text(encoding="utf-8") == text


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_ca", "no_ca.yaml: says no equal_flops"),
        ("nobody", "nobody.yaml: No such file"),
    ],
)
def test_variants_without_such_a_key_are_refused(
    dasr: Callable[..., Outcome], name: str, told: str
) -> None:
    done = dasr("equal-flops", name)
    assert done.code == 2
    assert told in done.err
    assert done.err.count("\n") == 1
