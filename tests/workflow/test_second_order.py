"""A study of second-order degradations: trained and tested for real, and what it refuses."""

import pandas as pd

from tests.workflow.conftest import Project

TRAIN = "train: {kernel_width: {4: [0.2, 4.0]}, noise_level: [0.0, 25.0]}"
TEST = "test: {kernel_widths: {4: [0.2, 2.4]}, noise_levels: [0.0, 10.0]}"
FIRST_RANGES = (
    "first_pass: {blur: anisotropic, kernel_width: [0.2, 2.0], resize: [0.5, 1.5], "
    "noise_level: [0.0, 10.0], jpeg_quality: [30, 95]}"
)
FIRST_PASSES = "first_passes: [{kernel_width: 1.0, resize: 0.7, jpeg_quality: 60}, {}]"
SHOWN = "blur 1, x0.7, JPEG quality 60"


def test_a_second_order_regime_trains_and_is_tested_beside_a_simple_one(
    project: Project,
) -> None:
    tested = f"{TEST[:-1]}, {FIRST_PASSES}}}"
    simple = f"  - name: simple\n    {TRAIN}\n    {tested}\n"
    project.edit("config/tiny.yaml", TEST, f"{tested}\n{simple}".rstrip())
    project.edit("config/tiny.yaml", TRAIN, f"{TRAIN[:-1]}, {FIRST_RANGES}}}")
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dasr]")
    project.run("--set-threads", "train=1", "train_encoder=1", "--", "results/tiny/margins.csv")
    rows = pd.read_csv(project.folder / "results/tiny/metrics.csv", dtype={"kernel": str})
    assert set(rows["first_pass"]) == {SHOWN, "none"}
    counts = rows[rows["method"] == "dasr"].groupby(["regime", "first_pass"]).size()
    assert counts.to_dict() == {
        (regime, first): 2 * 4  # images, kernels x levels
        for regime in ("noisy", "simple")
        for first in (SHOWN, "none")
    }
    states = project.glob("results/tiny/runs/dasr/*/x4/seed1/model.safetensors")
    assert len({state.read_bytes() for state in states}) == 2
    # both regimes are tested on the same images
    own = rows[rows["method"] == "bicubic"]
    key = ["image", "kernel", "noise_level", "first_pass"]
    by_regime = own.pivot(index=key, columns="regime", values="psnr_y_db")
    assert (by_regime["noisy"] == by_regime["simple"]).all()
    means = by_regime["noisy"].groupby("first_pass").mean()
    assert means[SHOWN] < means["none"]
    margins = pd.read_csv(project.folder / "results/tiny/margins.csv")
    assert set(margins["first_pass"].dropna()) == {SHOWN, "none"}


def test_the_oracle_is_refused_where_a_first_pass_is_trained_or_tested(
    project: Project,
) -> None:
    project.edit("config/tiny.yaml", "[dasr, no_ca]", "[dasr, oracle]")
    plain = (project.folder / "config/tiny.yaml").read_text(encoding="utf-8")
    changes = {
        "trains": (TRAIN, f"{TRAIN[:-1]}, {FIRST_RANGES}}}"),
        "tests": (TEST, f"{TEST[:-1]}, {FIRST_PASSES}}}"),
    }
    for verb, change in changes.items():
        (project.folder / "config/tiny.yaml").write_text(plain, encoding="utf-8")
        project.edit("config/tiny.yaml", *change)
        done = project.snakemake("--dry-run")
        assert done.returncode != 0
        told = (
            "oracle: representation: oracle encodes kernel and noise level, but not "
            f"first_pass, which regime noisy {verb} with"
        )
        assert told in done.stdout + done.stderr
