"""Rivals: files of ablations/ that are other networks, which a study takes by name."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import MethodConfig, Study, discover_variants, load_study
from dasr.config.variants import discover_ablations, load_variant, read_variant_file
from dasr.errors import UserError
from tests.unit.config.test_study import _mapping

ROOT = Path(__file__).resolve().parents[3]
RIVALS = ["rcan", "rcan_bicubic", "srresnet"]
TITLE = "title: T\nhypothesis: H\n"
PLAIN = "overrides: {model: {architecture: srresnet}, contrastive: {enabled: false}}\n"


@pytest.fixture
def ablations(tmp_path: Path) -> Path:
    """A folder with DASR, an ablation and a rival."""
    files = {
        "dasr": "overrides: {}\n",
        "no_ca": "overrides: {model: {channel_branch: false}}\n",
        "plain": f"rival: true\n{PLAIN}",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(TITLE + text, encoding="utf-8")
    return tmp_path


def _load(ablations: Path, **changes: Any) -> Study:
    return load_study(_mapping(**changes), ablations, "study.yaml")


def test_all_leaves_rivals_out(ablations: Path) -> None:
    assert [one.name for one in _load(ablations, variants="all").variants] == ["dasr", "no_ca"]


def test_a_rival_is_taken_by_name(ablations: Path) -> None:
    study = _load(ablations, variants=["plain", "dasr"])
    assert [one.name for one in study.variants] == ["plain", "dasr"]
    assert study.variant("plain").settings.model.architecture == "srresnet"


def test_a_rival_that_a_study_names_is_claimed_as_its_file_says(ablations: Path) -> None:
    def claimed() -> dict[str, str]:
        study = _load(ablations, variants=["dasr", "no_ca", "plain"], scales=[2])
        assert {claim.reference for claim in study.claims} == {"dasr"}
        return {claim.method: claim.relation for claim in study.claims}

    assert claimed() == {"no_ca": "worse", "plain": "worse"}
    file = ablations / "plain.yaml"
    file.write_text(file.read_text() + "expected: better\n", encoding="utf-8")
    assert claimed() == {"no_ca": "worse", "plain": "better"}


def test_a_folder_of_rivals_alone_is_no_study(ablations: Path) -> None:
    for name in ("dasr", "no_ca"):
        (ablations / f"{name}.yaml").unlink()
    with pytest.raises(UserError, match=r"no variant: looked for .* without rival: true"):
        _load(ablations, variants="all")


def test_all_reads_what_is_broken(ablations: Path) -> None:
    (ablations / "broken.yaml").write_text("title: T\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"broken\.yaml: missing key 'hypothesis'"):
        _load(ablations, variants="all")


def test_the_shipped_rivals_are_other_architectures() -> None:
    folder = ROOT / "ablations"
    taken = discover_ablations(folder)
    rivals = [name for name in discover_variants(folder) if name not in taken]
    assert set(rivals) >= set(RIVALS)
    for name in rivals:
        assert read_variant_file(folder / f"{name}.yaml").rival
        assert load_variant(folder, name, MethodConfig()).settings.model.architecture != "dasr"
    for name in taken:
        assert load_variant(folder, name, MethodConfig(), [4]).settings is not None


def test_the_two_rcan_differ_in_what_they_are_trained_on_alone() -> None:
    base = MethodConfig()
    blind, bicubic = (
        load_variant(ROOT / "ablations", name, base).settings
        for name in ("rcan", "rcan_bicubic")
    )
    assert (blind.model, blind.contrastive) == (bicubic.model, bicubic.contrastive)
    assert blind.training == base.training
    assert bicubic.training.degradations == "bicubic"
