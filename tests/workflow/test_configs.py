"""Every study file plans; the environment files say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from dasr.config import layered, read_yaml
from dasr.config.benchmarks import benchmark_at
from tests.sets import fill
from tests.workflow.conftest import ROOT, Project

CONFIGS = sorted(path.stem for path in (ROOT / "config").glob("*.yaml"))


@pytest.mark.parametrize("name", CONFIGS)
def test_every_study_file_dry_runs(project: Project, name: str) -> None:
    base, over = (read_yaml(ROOT / f"config/{file}.yaml") for file in ("config", name))
    study, _ = layered(base, over, ROOT / "config/budgets")
    for image_set in [*study["train_sets"], *study["test_sets"]]:
        if image_set["source"] == "folder":
            benchmark = benchmark_at(image_set["folder"])
            assert benchmark is not None
            fill(benchmark, project.folder / "data")
    (project.folder / "config/tiny.yaml").write_text(
        (ROOT / f"config/{name}.yaml").read_text(), encoding="utf-8"
    )
    assert project.planned()["train"] > 0


def _pins(file: str = "requirements.txt") -> dict[str, str]:
    lines = (ROOT / file).read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def test_environment_file_repeats_the_pins() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert dict(line.split("==") for line in pip) == _pins()


def test_pins_satisfy_the_ranges() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = project["dependencies"] + project["optional-dependencies"]["dev"]
    pins = {_name(name): version for name, version in _pins().items()}
    for requirement in map(Requirement, ranges):
        assert requirement.specifier.contains(pins[_name(requirement.name)]), requirement
    slurm = {_name(name): version for name, version in _pins("requirements-slurm.txt").items()}
    for requirement in map(Requirement, project["optional-dependencies"]["slurm"]):
        assert requirement.specifier.contains(slurm[_name(requirement.name)]), requirement
    python = yaml.safe_load(Path(ROOT / "environment.yml").read_text())["dependencies"][0]
    assert project["requires-python"].removeprefix(">=") == python.removeprefix("python=")
