"""A tiny study, run for real, then edited."""

import fcntl
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pandas as pd
import yaml
from safetensors.numpy import load_file

from dasr.terms.metrics import METRICS
from tests.workflow.conftest import Project

Fork = Callable[[], Project]


def test_every_method_is_in_every_table(finished: Project) -> None:
    metrics = pd.read_csv(finished.folder / "results/tiny/metrics.csv")
    assert set(metrics["method"]) == {"bicubic", "dasr", "no_ca"}
    # 2 images x 2 widths x 2 noise levels, no row lost and none twice
    assert (metrics.groupby("method").size() == 8).all()
    clusters = pd.read_csv(finished.folder / "results/tiny/clusters.csv")
    assert (clusters.groupby("method").size() == 2).all()
    assert set(clusters["method"]) == {"dasr", "no_ca", "untrained_encoder"}
    (table,) = finished.glob("reports/tiny/tables/clusters-*.md")
    assert table.read_text("utf-8").count("| Untrained encoder |") == 2
    assert table.read_text("utf-8").count("| Chance |") == 2
    assert "Untrained encoder" not in "".join(
        path.read_text("utf-8") for path in finished.glob("reports/tiny/tables/psnr*.md")
    )
    summary = pd.read_csv(finished.folder / "results/tiny/summary.csv")
    own = metrics[metrics["method"] == "dasr"]["psnr_y_db"].mean()
    base = metrics[metrics["method"] == "bicubic"]["psnr_y_db"].mean()
    row = summary[(summary["method"] == "dasr") & (summary["kernel"] == "mean")].iloc[0]
    assert abs(row["psnr_y_db"] - own) < 1e-9
    assert abs(row["gain_db"] - (own - base)) < 1e-9


def test_a_training_costs_the_cpu_seconds_of_both_stages(finished: Project) -> None:
    costs = pd.read_csv(finished.folder / "results/tiny/costs.csv").set_index("method")
    seconds = costs["cpu_seconds"].to_dict()
    records = [*finished.glob("results/tiny/runs/*/noisy/x4/seed1/run.yaml")]
    (encoder,) = finished.glob("results/tiny/encoders/*/run.yaml")
    shared = yaml.safe_load(encoder.read_text(encoding="utf-8"))["cpu_seconds"]
    own = {
        path.parts[-5]: yaml.safe_load(path.read_text(encoding="utf-8"))["cpu_seconds"]
        for path in records
    }
    assert set(own) == {"dasr", "no_ca"}
    for method, joint in own.items():
        assert shared > 0
        assert abs(seconds[method] - (shared + joint)) < 1e-9


def test_what_an_image_takes_is_measured_of_every_method(finished: Project) -> None:
    rows = pd.read_csv(finished.folder / "results/tiny/inference.csv").set_index("method")
    assert list(rows.index) == ["bicubic", "dasr", "no_ca"]
    assert (rows[["milliseconds", "peak_mb"]] > 0).all(axis=None)
    assert set(rows["threads"]) == {1}
    assert rows["machine"].nunique() == 1
    (table,) = finished.glob("reports/tiny/tables/costs-*.csv")
    shown = pd.read_csv(table).set_index("method")
    assert shown["milliseconds"].to_dict() == rows["milliseconds"].to_dict()
    assert shown["joint_steps"].dropna().to_dict() == {"dasr": 160, "no_ca": 160}
    database = sqlite3.connect(finished.folder / "mlflow.db")
    query = "SELECT value FROM metrics WHERE key = 'inference/peak_mb' ORDER BY value"
    found = [value for (value,) in database.execute(query)]
    database.close()
    assert found == sorted(rows["peak_mb"][["dasr", "no_ca"]])


def test_what_an_image_takes_is_measured_again_for_other_networks_alone(fork: Fork) -> None:
    project = fork()
    assert project.planned() == {}
    project.edit("config/tiny.yaml", "title: Tiny", "title: Tinier")
    assert "measure_inference" not in project.planned()
    project.edit("dasr/evaluation/inference.py", "WARM_UPS = 2", "WARM_UPS = 3")
    assert project.planned()["measure_inference"] == 1
    project.edit("dasr/evaluation/inference.py", "WARM_UPS = 3", "WARM_UPS = 2")
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dasr, no_ca, no_contrastive]")
    planned = project.planned()
    assert (planned["train"], planned["measure_inference"]) == (1, 1)


def test_methods_train_for_equal_seconds_after_the_command(fork: Fork) -> None:
    project = fork()
    project.edit("config/tiny.yaml", "study: tiny", "study: tiny\nequal: seconds")
    refused = project.snakemake("--dry-run")
    assert refused.returncode == 2
    assert "no joint steps for dasr at x4" in refused.stderr
    command = [sys.executable, "-m", "dasr.cli", "equal-seconds", "--write"]
    subprocess.run(
        [*command, "--configfile", "config/tiny.yaml"],
        cwd=project.folder,
        env=project.environment(),
        check=True,
        timeout=300,
    )
    known = yaml.safe_load((project.folder / "config/budgets/seconds/tiny.yaml").read_text())
    steps = {one["method"]: one["joint_steps"] for one in known["methods"]}
    assert steps["dasr"] == 160
    planned = project.planned()
    assert "train_encoder" not in planned  # the stage before is the same
    assert planned.get("train", 0) == (steps["no_ca"] != 160)  # the reference is as it was
    record = "results/tiny/runs/no_ca/noisy/x4/seed1/run.yaml"
    project.run("--set-threads", "train=1", "train_encoder=1", "--", record)
    trained = yaml.safe_load((project.folder / record).read_text())
    assert trained["step"] == steps["no_ca"]


def test_reports_are_there(finished: Project) -> None:
    pngs = {path.name.split("-")[0] for path in finished.glob("reports/tiny/figures/*.png")}
    of_cells = {"psnr_vs_width", "crops", "gain_heatmap", "curves", "paired", "pareto"}
    assert pngs == of_cells | {"claims.png", "tsne", "pca", "distances", "scaling"}
    pages = {path.name.split("-")[0] for path in finished.glob("reports/tiny/tables/*.html")}
    quality = {metric.name for metric in METRICS}
    of_study = {"claims.html", "encoder_stages.html"}
    of_cells = {"grid", "paired", "clusters", "hypotheses", "scaling", "costs"}
    assert pages == quality | of_study | of_cells


def test_checkpoints_are_points_of_a_curve_that_ends_in_the_last_network(
    finished: Project,
) -> None:
    curve = pd.read_csv(finished.folder / "results/tiny/scaling.csv")
    assert curve["joint_steps"].tolist() == [40, 90, 160] * 2
    assert curve["having"].tolist() == ["dasr"] * 6
    assert curve["lacking"].tolist() == ["bicubic"] * 3 + ["no_ca"] * 3
    (record,) = finished.glob("results/tiny/runs/dasr/noisy/x4/seed1/run.yaml")
    assert set(curve["flops"]) == {yaml.safe_load(record.read_text())["flops"]}
    summary = pd.read_csv(finished.folder / "results/tiny/summary.csv")
    ends = summary[summary["kernel"] == "mean"].set_index("method")["psnr_y_db"]
    last = curve[curve["joint_steps"] == 160].set_index("lacking")["gain_db"]
    for method in ("bicubic", "no_ca"):
        assert abs(last[method] - (ends["dasr"] - ends[method])) < 1e-9
    assert curve["gain_db"].nunique() == 6  # other networks at each step


def test_sizes_share_the_encoder_and_are_compared_within(fork: Fork) -> None:
    project = fork()
    sizes = """sizes:
  - {name: one, title: 1 block, model: {num_blocks: 1}}
  - {name: two, title: 2 blocks, model: {num_blocks: 2, num_features: 6}}
"""
    project.edit("config/tiny.yaml", "checkpoints:", f"{sizes}checkpoints:")
    planned = project.planned()
    assert planned["train"] == 4
    assert planned["evaluate_checkpoints"] == 4  # all steps and sets of a network in one job
    assert "train_encoder" not in planned
    project.run("tables")
    paired = pd.read_csv(project.folder / "results/tiny/paired.csv")
    pairs = paired[["method", "reference"]].drop_duplicates().values.tolist()
    assert [pair for pair in pairs if pair[1] != "bicubic"] == [
        ["no_ca-one", "dasr-one"],
        ["no_ca-two", "dasr-two"],
    ]
    claims = pd.read_csv(project.folder / "results/tiny/claims.csv")
    assert claims[["method", "reference"]].values.tolist() == [
        ["no_ca-one", "dasr-one"],
        ["no_ca-two", "dasr-two"],
    ]
    curve = pd.read_csv(project.folder / "results/tiny/scaling.csv")
    assert curve.groupby("size")["blocks"].unique().map(list).to_dict() == {
        "one": [1],
        "two": [2],
    }
    (table,) = project.glob("reports/tiny/tables/scaling-*.md")
    assert "| DASR minus No CA branch | 2 blocks |" in table.read_text("utf-8")
    # of the same weights as without sizes: what is of a size is the model
    weights = "runs/{}/noisy/x4/seed1/checkpoints/step40.safetensors"
    plain, sized = (
        load_file(project.folder / "results/tiny" / weights.format(name))
        for name in ("dasr", "dasr-one")
    )
    assert plain.keys() == sized.keys()
    assert all((plain[name] == sized[name]).all() for name in plain)


def test_claims_are_made_before_the_training(finished: Project) -> None:
    claims = pd.read_csv(finished.folder / "results/tiny/claims.csv")
    assert claims[["method", "reference", "networks_before"]].values.tolist() == [
        ["no_ca", "dasr", 0]
    ]
    assert claims["verdict"].tolist() == ["undecided"]  # of one seed


def test_a_claim_that_comes_late_is_called_so(fork: Fork) -> None:
    project = fork()
    late = "variants: [dasr, no_ca]\nclaims: [{variant: no_ca, margin_db: 0.5}]"
    project.edit("config/tiny.yaml", "variants: [dasr, no_ca]", late)
    planned = project.planned()
    assert not {"train", "train_encoder", "evaluate"} & set(planned)
    project.run("--", "results/tiny/claims.csv")
    claims = pd.read_csv(project.folder / "results/tiny/claims.csv")
    assert claims["networks_before"].tolist() == [2]


def test_variants_share_one_encoder_stage(finished: Project) -> None:
    assert len(finished.glob("results/tiny/encoders/*/state.safetensors")) == 1


def test_a_second_run_does_nothing(finished: Project) -> None:
    assert "Nothing to be done" in finished.run("all")


def test_a_comment_re_runs_nothing(fork: Fork) -> None:
    project = fork()
    project.edit("dasr/training/step.py", "def descend(", "# a comment\ndef descend(")
    project.edit("dasr/architectures/blocks.py", '"""Building blocks', '"""The building blocks')
    assert project.planned() == {}


def test_a_line_of_the_training_loop_retrains(fork: Fork) -> None:
    project = fork()
    project.edit("dasr/training/step.py", "set_to_none=True", "set_to_none=False")
    planned = project.planned()
    assert planned["train_encoder"] == 1
    assert planned["train"] == 2
    assert "pack_train_set" not in planned


def test_an_ablation_file_re_runs_its_variant_only(fork: Fork) -> None:
    project = fork()
    project.edit(
        "ablations/no_ca.yaml", "channel_branch: false", "channel_branch: false, reduction: 2"
    )
    planned = project.planned()
    assert planned["train"] == planned["evaluate"] == planned["cluster"] == 1
    assert "train_encoder" not in planned
    assert "evaluate_bicubic" not in planned


def test_an_untrained_encoder_is_represented_and_nothing_else(finished: Project) -> None:
    (folder,) = finished.glob("results/tiny/runs/untrained_encoder/noisy/x4/seed1")
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {
        "Leaves.npz", "Leaves_clusters.csv", "Leaves_resampled.npz", "Leaves_tsne.npz"
    }  # fmt: skip


def test_a_title_redraws_and_trains_nothing(fork: Fork) -> None:
    project = fork()
    project.edit("ablations/no_ca.yaml", "title: No CA branch", "title: Without CA")
    planned = project.planned()
    assert planned == {"tables": 1, "figures": 1, "publish": 1}


def test_a_new_file_is_a_new_method(fork: Fork) -> None:
    project = fork()
    (project.folder / "ablations/mine.yaml").write_text(
        "title: Mine\nhypothesis: None.\noverrides: {contrastive: {temperature: 0.2}}\n"
    )
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dasr, no_ca, mine]")
    planned = project.planned()
    assert planned["train"] == planned["train_encoder"] == planned["evaluate"] == 1


def test_a_test_grid_re_evaluates_and_trains_nothing(fork: Fork) -> None:
    project = fork()
    project.edit("config/tiny.yaml", "noise_levels: [0.0, 10.0]}", "noise_levels: [0.0]}")
    # another grid is another claim, and Snakemake plans the rest when claims are made
    project.run("results/tiny/data/digests.yaml")
    planned = project.planned()
    assert "train" not in planned
    assert planned["evaluate"] == 2


def _runs(project: Project) -> int:
    database = sqlite3.connect(project.folder / "mlflow.db")
    query = "SELECT COUNT(*) FROM runs WHERE lifecycle_stage = 'active'"
    return int(database.execute(query).fetchone()[0])


LOAD = """
import json, sys
import mlflow, numpy as np
mlflow.set_tracking_uri("sqlite:///mlflow.db")
receipt = json.load(open("results/tiny/tracking/receipt.json"))
run = receipt["runs"]["tiny/dasr/noisy/x4/seed1"]["run_id"]
found = mlflow.MlflowClient().search_logged_models(
    [receipt["experiment_id"]], filter_string=f"source_run_id = '{run}'"
)
assert len(found) == 1, found
model = mlflow.pyfunc.load_model(f"models:/{found[0].model_id}")
sr = model.predict(np.full((2, 20, 24, 3), 128, np.uint8))
assert sr.shape == (2, 80, 96, 3) and sr.dtype == np.uint8, sr
assert abs(int(sr[0, 40, 40, 0]) - 128) < 20, sr[0, 40, 40]  # near bicubic, not noise
"""


def test_the_published_network_can_be_loaded_and_used(finished: Project) -> None:
    command = [sys.executable, "-c", LOAD]
    done = subprocess.run(
        command,
        cwd=finished.folder,
        env=finished.environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def test_publishing_twice_and_rebuilding_the_store(fork: Fork) -> None:
    project = fork()
    assert _runs(project) == 3  # the study and two networks
    project.run("--forcerun", "publish", "--", "all")
    assert _runs(project) == 3
    receipt = json.loads((project.folder / "results/tiny/tracking/receipt.json").read_text())
    assert {run["done"] for run in receipt["runs"].values()} == {"kept"}
    (project.folder / "mlflow.db").unlink()
    assert project.planned() == {"create_store": 1, "publish": 1}
    project.run("all")
    assert _runs(project) == 3
    assert project.planned() == {}
    # the store holds other studies too
    listed = project.run("--delete-all-output", "--dry-run")
    assert "results/tiny/tracking/receipt.json" in listed
    assert "mlflow.db" not in listed


def test_two_at_once_are_refused(fork: Fork) -> None:
    project = fork()
    with open(project.folder / ".snakemake/study.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = project.snakemake("--forcerun", "summarise", "--", "all")
    assert done.returncode == 2
    assert "another snakemake is running in this folder" in done.stderr
