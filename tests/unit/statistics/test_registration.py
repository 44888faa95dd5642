"""Claims count from the first start with them."""

from pathlib import Path

import pytest
import yaml

from dasr.config import digest
from dasr.errors import UserError
from dasr.statistics.registration import networks_before, register
from tests.unit.statistics.test_claims import claim


def network(results: Path, method: str, seed: int, *, set_aside: bool = False) -> None:
    """Put a finished network of the claims' regime in place, or among finished stages."""
    path = results / f"runs/{method}/blur/x4/seed{seed}/model.safetensors"
    if set_aside:
        stage = f"stages/{method}-blur-x4-seed{seed}/finished"
        path = results / stage / "model.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_a_claim_of_before_stays_one_of_before(tmp_path: Path) -> None:
    file, first, later = tmp_path / "claims.yaml", claim("a"), claim("b")
    register([first], tmp_path, file)
    assert networks_before(file) == {digest(first): 0}
    network(tmp_path, "dasr", 1)
    network(tmp_path, "dasr", 1, set_aside=True)  # the same once more
    network(tmp_path, "b", 2, set_aside=True)
    network(tmp_path, "other", 1)
    register([first, later], tmp_path, file)
    assert networks_before(file) == {digest(first): 0, digest(later): 2}
    register([later], tmp_path, file)  # a claim is taken back, and comes again
    register([first], tmp_path, file)
    assert networks_before(file) == {digest(first): 0}


def test_any_change_makes_another_claim(tmp_path: Path) -> None:
    file = tmp_path / "claims.yaml"
    register([claim("a")], tmp_path, file)
    network(tmp_path, "a", 1)
    wider = claim("a", margin_db=0.3)
    register([wider], tmp_path, file)
    assert networks_before(file) == {digest(wider): 1}
    (entry,) = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert entry["claim"]["margin_db"] == 0.3


def test_no_claim_is_an_empty_list(tmp_path: Path) -> None:
    register([], tmp_path, tmp_path / "claims.yaml")
    assert networks_before(tmp_path / "claims.yaml") == {}


def test_a_damaged_ledger_is_named(tmp_path: Path) -> None:
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages/claims.yaml").write_text("[broken", encoding="utf-8")
    with pytest.raises(UserError, match=r"stages/claims\.yaml: cannot be read"):
        register([claim("a")], tmp_path, tmp_path / "claims.yaml")
