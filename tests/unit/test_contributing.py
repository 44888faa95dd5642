"""What CONTRIBUTING.md and README say of the house is there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLACE = re.compile(
    r"`((?:dasr|workflow|tests|docs|config|ablations|benchmarks|profiles)/[\w./-]*)`"
)


def _table(text: str, heading: str) -> str:
    return text.split(heading)[1].split("\n## ")[0]


@pytest.mark.parametrize(
    ("text", "heading", "fewest"),
    [(CONTRIBUTING, "## To add X", 12), (README, "## The map", 15)],
    ids=["CONTRIBUTING", "README"],
)
def test_places_that_are_named_exist(text: str, heading: str, fewest: int) -> None:
    places = set(PLACE.findall(_table(text, heading)))
    assert len(places) >= fewest
    assert sorted(place for place in places if not (ROOT / place).exists()) == []


def test_every_package_is_on_the_map() -> None:
    shown = _table(README, "## The map")
    packages = [path.parent.name for path in ROOT.glob("dasr/*/__init__.py")]
    assert [name for name in packages if f"`dasr/{name}/`" not in shown] == []


def test_every_floor_is_named() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(item for item in contract["contracts"] if item["type"] == "layers")["layers"]
    floors = {name.strip() for layer in layers for name in layer.split("|")}
    packages = {name for name in floors if (ROOT / "dasr" / name).is_dir()}
    drawn = CONTRIBUTING.split("```")[1]
    assert [name for name in packages if name not in drawn] == []
