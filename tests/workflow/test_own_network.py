"""docs/own_network.md, step by step, in a copy of the project whose study is tiny."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from dasr.config.benchmarks import benchmark_sets
from tests.sets import picture
from tests.workflow.conftest import ROOT, Project

GUIDE = (ROOT / "docs/own_network.md").read_text(encoding="utf-8")
LISTING = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TINY_TABLE = """
regimes:
  - name: isotropic
    train: {kernel_width: {4: [0.2, 4.0]}, noise_level: [0.0, 0.0]}
    test: {kernel_widths: {4: [0.0, 3.6]}, noise_levels: [0.0]}
study: table2
title: Table 2, tiny
protocol: table2
variants: [dasr]
scales: [4]
seeds: [1]
train_sets:
  - {name: leaves, source: dead_leaves, num_images: 4, image_size: 96, seed: 1}
validation_sets: []
test_sets:
  - {name: Set5, source: dead_leaves, num_images: 2, image_size: 128, seed: 2}
embedding: {kernel_widths: [0.2, 3.6], noise_levels: [0.0, 15.0], crop_size: 24,
            crops_per_image: 4, perplexity: 5.0}
training: {batch_size: 2, patch_size: 12, encoder_batch_size: 4, steps_per_epoch: 3,
           encoder_epochs: 1, joint_epochs: 1}
"""
"""In the place of config/table2.yaml: the same model, methods and protocol, few steps."""


@pytest.fixture
def copy(project: Project) -> Path:
    """A copy of the project with its tests, in which Table 2 is tiny."""
    folder = project.folder
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "tests", folder / "tests")
    (folder / "config/table2.yaml").write_text(TINY_TABLE, encoding="utf-8")
    Image.fromarray(picture(40, 30, seed=1)).save(folder / "photo.png")
    return folder


def _run(folder: Path, line: str) -> str:
    """Run a line of the guide; programs of this Python's environment come first."""
    kept = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        shlex.split(line),
        cwd=folder,
        env={**kept, "PATH": programs, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_guide_leads_to_the_table(copy: Path) -> None:
    printed = {}
    for language, text in LISTING.findall(GUIDE):
        if language:
            first, rest = text.split("\n", 1)
            path = copy / first.removeprefix("# ")
            assert path.is_file(), "dasr new-architecture has made it"
            path.write_text(rest, encoding="utf-8")
            continue
        for line in text.splitlines():
            if line.startswith("dasr data "):  # downloads: that the names are known is enough
                assert set(line.split()[2:]) <= benchmark_sets().keys()
            else:
                printed[line] = _run(copy, line)
    tables = [text for line, text in printed.items() if line.startswith("cat ")]
    rows = {
        cells[0].strip(): cells[1:]
        for cells in (line.strip("|\n").split("|") for line in tables[0].splitlines())
        if len(cells) > 1
    }
    assert {"Bicubic", "DASR", "RCAN", "RCAN, bicubic", "Mynet"} <= rows.keys()
    twin = [line.strip("|").split("|") for line in tables[1].splitlines()]
    lines = {cells[0].strip(): number for number, cells in enumerate(twin)}
    published = {
        name: [cell.strip() for cell in twin[lines[name] + 1][1:4]]
        for name in ("RCAN, bicubic", "RCAN", "Mynet")
    }
    assert published["RCAN, bicubic"] == ["published", "32.63", "24.66"]  # RCAN of the paper
    assert published["RCAN"] == published["Mynet"] == ["published", "–", "–"]
    assert "| Mynet better than DASR |" in tables[2]


def test_its_listings_are_as_the_house_wants_them(copy: Path) -> None:
    _run(copy, "dasr new-architecture mynet")
    for language, text in LISTING.findall(GUIDE):
        if language == "python":
            first, rest = text.split("\n", 1)
            (copy / first.removeprefix("# ")).write_text(rest, encoding="utf-8")
    _run(copy, "ruff check .")
    _run(copy, "ruff format --check .")


def test_the_network_has_sixty_lines() -> None:
    network = next(text for _, text in LISTING.findall(GUIDE) if "class Mynet(" in text)
    assert len([line for line in network.splitlines()[1:] if line.strip()]) <= 60
