"""Default study, budget, study file, command line: who has the last word."""

from pathlib import Path

import pytest

from dasr.config import layered
from dasr.errors import UserError

BASE = {"title": "default", "training": {"steps": 1, "rate": 2}, "seeds": [1, 2, 3]}


@pytest.fixture
def budgets(tmp_path: Path) -> Path:
    """A folder with one budget."""
    (tmp_path / "large.yaml").write_text("training: {steps: 900}\nseeds: [1]\n")
    return tmp_path


def test_without_a_budget_the_study_file_is_on_top(budgets: Path) -> None:
    config, files = layered(BASE, {"training": {"rate": 5}}, budgets)
    assert config == {**BASE, "training": {"steps": 1, "rate": 5}}
    assert files == []


def test_a_budget_lies_between_default_and_study_file(budgets: Path) -> None:
    over = {"budget": "large", "seeds": [7], "regimes": []}
    config, files = layered(BASE, over, budgets)
    assert config["training"] == {"steps": 900, "rate": 2}
    assert config["seeds"] == [7]
    assert config["regimes"] == []
    assert files == [budgets / "large.yaml"]


def test_unknown_budget_is_named_beside_those_there_are(budgets: Path) -> None:
    with pytest.raises(UserError, match=r"^budget: unknown 'huge'; allowed: \['large'\]$"):
        layered(BASE, {"budget": "huge"}, budgets)


def test_another_architecture_takes_no_keys_of_the_base(tmp_path: Path) -> None:
    base = {"model": {"num_groups": 3, "num_features": 32}, "seeds": [1]}
    kept, _ = layered(base, {"model": {"num_groups": 2}}, tmp_path)
    assert kept["model"] == {"num_groups": 2, "num_features": 32}
    same, _ = layered(base, {"model": {"architecture": "dasr", "num_groups": 2}}, tmp_path)
    assert same["model"]["num_features"] == 32
    other, _ = layered(base, {"model": {"architecture": "other", "depth": 2}}, tmp_path)
    assert other["model"] == {"architecture": "other", "depth": 2}
