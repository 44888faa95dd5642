"""The paper's other methods in a study: stages of parts, representations, kills."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import yaml

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
PART = "{epochs: %d, learning_rate: 0.001, decay_epochs: 1}"
MODELS = {
    "dncnn_srmdnf": "architecture: srmd, num_layers: 3, num_features: 4, predictor_features: 4",
    "dncnn_ikc": "architecture: ikc, num_blocks: 1, num_features: 4, sft_features: 4, "
    "predictor_features: 4, corrector_features: 4, iterations: 2",
}


def _small(project: Project, epochs: int = 2) -> None:
    """Put two small rivals behind one denoiser into the tiny study."""
    part = PART % epochs
    for name, model in MODELS.items():
        parts = f"denoiser: {part}" + (f", restorer: {part}" if "ikc" in name else "")
        text = SMALL.format(title=name, model=model, parts=parts)
        (project.folder / f"ablations/{name}.yaml").write_text(text, encoding="utf-8")
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dasr, dncnn_srmdnf, dncnn_ikc]")


def test_rivals_share_parts_and_stand_in_every_table(project: Project) -> None:
    _small(project)
    assert project.planned()["train_part"] == 2  # one denoiser for both, one restorer
    project.run("all")
    study = project.folder / "results/tiny"
    assert len(list(study.glob("parts/*/state.safetensors"))) == 2
    costs = pd.read_csv(study / "costs.csv").set_index("method")
    for name in MODELS:
        assert costs.loc[name, "cpu_seconds"] > 0
        metrics = pd.read_csv(study / f"runs/{name}/noisy/x4/seed1/metrics/Leaves.csv")
        assert metrics["psnr_y_db"].notna().all()
        scores = study / f"runs/{name}/noisy/x4/seed1/embedding/Leaves_clusters.csv"
        assert len(pd.read_csv(scores)) > 0, "predicted codes are clustered"
    table = pd.read_csv(project.folder / "reports/tiny/tables/clusters-noisy-x4-Leaves.csv")
    assert set(MODELS) <= set(table["method"])
    record = yaml.safe_load((study / "runs/dncnn_ikc/noisy/x4/seed1/run.yaml").read_text())
    assert record["config"]["settings"]["model"]["denoise_first"] == "dncnn"
    # what only finds the code leaves denoiser and restorer as they are
    project.edit("ablations/dncnn_ikc.yaml", "iterations: 2", "iterations: 1")
    assert project.planned()["train"] == 1
    assert "train_part" not in project.planned()


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
    while not list(project.folder.glob(state)):
        assert running.poll() is None, "ended before there was a state"
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.2)
    subprocess.run(["pkill", "-KILL", "-s", str(running.pid)], check=False)
    running.send_signal(signal.SIGKILL)
    running.wait()
    shutil.rmtree(project.folder / ".snakemake/locks", ignore_errors=True)


def test_a_method_of_two_phases_goes_on_to_the_same_bits(
    project: Project, tmp_path_factory: object
) -> None:
    """Killed in a part's stage, and again in the joint stage that goes on from it."""
    _small(project, epochs=60)
    project.edit("config/tiny.yaml", "[dasr, dncnn_srmdnf, dncnn_ikc]", "[dncnn_ikc]")
    project.edit("config/tiny.yaml", "study: tiny", "study: tiny\nreference: dncnn_ikc")
    project.edit("config/tiny.yaml", "joint_epochs: 2", "joint_epochs: 60")
    _killed_midway(project, "results/tiny/stages/part-*/*.safetensors")
    assert not project.glob("results/tiny/runs/*/*/*/*/model.safetensors")
    _killed_midway(project, "results/tiny/stages/dncnn_ikc-*/*.safetensors")
    network = "results/tiny/runs/dncnn_ikc/noisy/x4/seed1/model.safetensors"
    project.run("--rerun-incomplete", network)
    broken = (project.folder / network).read_bytes()
    shutil.rmtree(project.folder / "results")
    project.run(network)
    assert (project.folder / network).read_bytes() == broken
    assert Path(project.folder / network).is_file()
