"""The paper's other methods in a study: stages of parts, representations, kills."""

import shutil
import subprocess
import time

import pandas as pd

from tests.workflow.conftest import Project

SMALL = """
rival: true
title: {title}
hypothesis: Small.
overrides:
  model: {{{model}, denoise_first: dncnn, denoiser_layers: 3, denoiser_features: 4}}
  contrastive: {{enabled: false}}
  training: {{parts: {{{parts}}}}}
"""
PART = "{epochs: 8, learning_rate: 0.001, decay_epochs: 1}"
TABLE = "reports/tiny/tables/clusters-noisy-x4-Leaves.csv"
MODELS = {
    "dncnn_srmdnf": "architecture: srmd, num_layers: 3, num_features: 4, predictor_features: 4",
    "dncnn_ikc": "architecture: ikc, num_blocks: 1, num_features: 4, sft_features: 4, "
    "predictor_features: 4, corrector_features: 4, iterations: 2",
}


def _small(project: Project) -> None:
    """Put two small rivals behind one denoiser into the tiny study."""
    for name, model in MODELS.items():
        parts = f"denoiser: {PART}" + (f", restorer: {PART}" if "ikc" in name else "")
        text = SMALL.format(title=name, model=model, parts=parts)
        (project.folder / f"ablations/{name}.yaml").write_text(text, encoding="utf-8")
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dasr, dncnn_srmdnf, dncnn_ikc]")


def _killed_midway(project: Project, state: str) -> None:
    """Start the study, and kill all of it as soon as an unfinished state is there."""
    running = subprocess.Popen(
        project.command("all"),
        cwd=project.folder,
        env={**project.environment(), "DASR_CHECKPOINT_SECONDS": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 300
    while not project.glob(state):
        assert running.poll() is None, "ended before there was a state"
        assert time.monotonic() < until
        time.sleep(0.02)
    subprocess.run(["pkill", "-KILL", "-s", str(running.pid)], check=False)
    running.wait()
    shutil.rmtree(project.folder / ".snakemake/locks", ignore_errors=True)


def test_rivals_share_parts_survive_kills_and_stand_in_every_table(project: Project) -> None:
    _small(project)
    assert project.planned()["train_part"] == 2  # one denoiser for both, one restorer
    _killed_midway(project, "results/tiny/stages/part-*/*.safetensors")
    assert not project.glob("results/tiny/runs/dncnn*/*/*/*/model.safetensors")
    _killed_midway(project, "results/tiny/stages/dncnn_ikc-*/*.safetensors")
    project.run("--rerun-incomplete", TABLE)  # figures would take as long as all of it
    study = project.folder / "results/tiny"
    assert len(project.glob("results/tiny/parts/*/state.safetensors")) == 2
    costs = pd.read_csv(study / "costs.csv").set_index("method")
    for name in MODELS:
        assert costs.loc[name, "cpu_seconds"] > 0
        metrics = pd.read_csv(study / f"runs/{name}/noisy/x4/seed1/metrics/Leaves.csv")
        assert metrics["psnr_y_db"].notna().all()
        scores = study / f"runs/{name}/noisy/x4/seed1/embedding/Leaves_clusters.csv"
        assert len(pd.read_csv(scores)) > 0, "predicted codes are clustered"
    table = pd.read_csv(project.folder / TABLE)
    assert set(MODELS) <= set(table["method"])
    network = "runs/dncnn_ikc/noisy/x4/seed1/model.safetensors"
    broken = (study / network).read_bytes()
    for folder in ("runs/dncnn_ikc", "parts", "stages"):
        shutil.rmtree(study / folder)
    project.run(f"results/tiny/{network}")
    assert (study / network).read_bytes() == broken, "without kills: the same bits"
    # what only finds the code leaves denoiser and restorer as they are
    project.edit("ablations/dncnn_ikc.yaml", "iterations: 2", "iterations: 1")
    planned = project.planned()
    assert planned["train"] >= 1
    assert "train_part" not in planned
