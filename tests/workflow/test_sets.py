"""What is checked of image sets before anything is planned, or before training."""

from collections.abc import Callable

import numpy as np
import yaml
from PIL import Image

from dasr.config.benchmarks import benchmark_sets
from dasr.config.shipped import shipped_sets
from dasr.data.images import read_image
from tests.sets import fill, png
from tests.workflow.conftest import Project

LEAVES = "- {name: Leaves, source: dead_leaves, num_images: 2, image_size: 128, seed: 2}"
SET14 = "- {name: Set14, source: folder, folder: benchmark/Set14/HR}"


def _only_error(project: Project) -> str:
    """Return the one line a study ends with before anything is planned."""
    done = project.snakemake("all")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (project.folder / "results").exists()
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stderr
    return lines[0].removeprefix("error: ")


def test_absent_half_and_wrong_sets_stop_before_the_plan(project: Project) -> None:
    project.edit("config/tiny.yaml", LEAVES, SET14)
    place = "data/benchmark/Set14/HR"
    get = "get it with: make data SETS=Set14"
    assert _only_error(project) == f"{place}: no such image folder; {get}"
    folder = fill(benchmark_sets()["Set14"], project.folder / "data")
    assert project.planned()["pack_test_set"] == 1
    (folder / "img_002.png").write_bytes(png(180, 144))  # its x4 LR image
    wrong = _only_error(project)
    assert wrong.startswith(f"{place}/img_002.png: is 180x144; barbara of Set14 is 720x576,")
    (folder / "img_002.png").unlink()
    assert _only_error(project) == f"{place}: holds 13 of 14 images; missing img_002; {get}"


def test_a_study_never_downloads(project: Project) -> None:
    assert "download_set" not in project.planned()
    listed = project.run("--dry-run", "data/benchmark/Set14/.complete")
    assert "Image set: benchmark/Set14" in listed


def test_a_test_image_in_the_training_set_stops_before_training(project: Project) -> None:
    """A photograph mirrored and at half its size, among the training images."""
    folder = project.folder / "data/mine"
    folder.mkdir(parents=True)
    photo = next(image for image in shipped_sets()["photos"] if image.name == "chelsea")
    chelsea = Image.fromarray(read_image(photo.path())[:, ::-1].copy())
    chelsea.resize((226, 150)).save(folder / "cat.png")
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 256, (150, 200, 3), np.uint8)).save(folder / "noise.png")
    project.edit(
        "config/tiny.yaml",
        "- {name: leaves, source: dead_leaves, num_images: 4, image_size: 96, seed: 1}",
        "- {name: Mine, source: folder, folder: mine}",
    )
    project.edit("config/tiny.yaml", LEAVES, "- {name: Photos, source: photos}")
    done = project.snakemake("results/tiny/data/digests.yaml")
    assert done.returncode != 0
    message = "test image Photos/chelsea is in the training set, as Mine/cat: "
    assert f"error: {message}mirrored left to right, resized, agreement" in done.stderr
    assert "Traceback" not in done.stderr
    assert not project.glob("results/tiny/data/digests.yaml")


def test_the_check_is_recorded_and_retrains_nothing(
    finished: Project, fork: Callable[[], Project]
) -> None:
    digests = finished.folder / "results/tiny/data/digests.yaml"
    record = yaml.safe_load(digests.read_text(encoding="utf-8"))
    assert set(record) == {"train", "validation", "test", "images", "overlap"}
    assert record["overlap"]["train_images"] == 4
    assert record["overlap"]["test_images"] == 2
    project = fork()
    project.edit("dasr/data/overlap.py", "CANDIDATE = 0.4", "CANDIDATE = 0.5")
    # as a killed or failed check leaves it: Snakemake has removed its output
    (project.folder / "results/tiny/data/digests.yaml").unlink()
    # the digests are in the lines under tables and figures
    assert project.planned().keys() == {"check_data", "tables", "figures", "publish"}
    # what has changed behind the check is not passed over because the check runs
    network = "results/tiny/runs/no_ca/noisy/x4/seed1/model.safetensors"
    project.edit("ablations/no_ca.yaml", "channel_branch: false", "reduction: 2")
    project.run("--set-threads", "train=1", "--", network)
    before, after = (p.folder / network for p in (finished, project))
    assert before.read_bytes() != after.read_bytes()
