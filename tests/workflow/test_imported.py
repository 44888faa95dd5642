"""A network from elsewhere is tested as just another method."""

import json
from collections.abc import Callable

import pandas as pd

from tests.workflow.conftest import TINY, Project

IMPORTED = """
imported:
  - name: theirs
    title: Theirs
    regime: noisy
    stands_for: dasr
    files: {4: theirs.safetensors}
"""


def _import_alone(project: Project) -> None:
    text = TINY.replace("variants: [dasr, no_ca]", "variants: []").replace("tiny", "brought")
    (project.folder / "config/tiny.yaml").write_text(text + IMPORTED, encoding="utf-8")


def test_an_imported_network_scores_as_it_did_at_home(fork: Callable[[], Project]) -> None:
    project = fork()
    home = project.folder / "results/tiny/runs/dasr/noisy/x4/seed1"
    (project.folder / "theirs.safetensors").write_bytes(
        (home / "model.safetensors").read_bytes()
    )
    _import_alone(project)
    project.run("all")
    here = project.folder / "results/brought/runs/theirs/noisy/x4/seed0"
    for file in ("metrics/Leaves.csv", "embedding/Leaves_clusters.csv"):
        keys = ["study", "method", "seed"]
        theirs, ours = (pd.read_csv(folder / file) for folder in (home, here))
        assert set(ours["method"]) == {"theirs"}
        pd.testing.assert_frame_equal(ours.drop(columns=keys), theirs.drop(columns=keys))
    table = (project.folder / "reports/brought/tables/psnr-noisy-x4-Leaves.md").read_text()
    assert "| Theirs |" in table
    receipt = json.loads((project.folder / "results/brought/tracking/receipt.json").read_text())
    assert list(receipt["runs"]) == ["brought/theirs/noisy/x4/seed0"]


def test_a_missing_file_stops_before_the_dag(project: Project) -> None:
    _import_alone(project)
    done = project.snakemake("--dry-run")
    assert done.returncode == 2
    errors = [line for line in done.stderr.splitlines() if line.startswith("error")]
    assert errors == ["error: imported: theirs: theirs.safetensors: no such file"]
