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
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dncnn_srmdnf, dncnn_ikc]")
    project.edit("config/tiny.yaml", "study: tiny", "study: tiny\nreference: dncnn_ikc")


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


def test_rivals_share_parts_and_survive_kills(project: Project) -> None:
    _small(project)
    assert project.planned()["train_part"] == 2  # one denoiser for both, one restorer
    project.edit("config/tiny.yaml", "[dncnn_srmdnf, dncnn_ikc]", "[dncnn_ikc]")
    _killed_midway(project, "results/tiny/stages/part-*/*.safetensors")
    assert not project.glob("results/tiny/runs/dncnn_ikc/*/*/*/model.safetensors")
    _killed_midway(project, "results/tiny/stages/dncnn_ikc-*/*.safetensors")
    folder = "results/tiny/runs/dncnn_ikc/noisy/x4/seed1"
    network, scores = f"{folder}/model.safetensors", f"{folder}/embedding/Leaves_clusters.csv"
    project.run("--rerun-incomplete", network, scores)
    assert len(project.glob("results/tiny/parts/*/state.safetensors")) == 2
    metrics = pd.read_csv(project.folder / folder / "metrics/Leaves.csv")
    assert metrics["psnr_y_db"].notna().all()
    assert len(pd.read_csv(project.folder / scores)) > 0, "predicted codes are clustered"
    broken = (project.folder / network).read_bytes()
    for made in ("runs/dncnn_ikc", "parts", "stages"):
        shutil.rmtree(project.folder / "results/tiny" / made)
    project.run(network)
    assert (project.folder / network).read_bytes() == broken, "without kills: the same bits"
    # what only finds the code leaves denoiser and restorer as they are
    project.edit("ablations/dncnn_ikc.yaml", "iterations: 2", "iterations: 1")
    planned = project.planned()
    assert planned["train"] == 1
    assert "train_part" not in planned
