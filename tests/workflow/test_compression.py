"""A study of compressed images."""

from tests.workflow.conftest import Project

TRAIN, TEST = "noise_level: [0.0, 25.0]", "noise_levels: [0.0, 10.0]}"


def test_a_compressed_study_plans_and_the_oracle_is_refused(project: Project) -> None:
    project.edit("config/tiny.yaml", TRAIN, f"{TRAIN}, jpeg_quality: [30, 95]")
    project.edit("config/tiny.yaml", TEST, "noise_levels: [0.0, 10.0], jpeg_qualities: [40]}")
    planned = project.planned()
    assert planned["train"] == 2
    assert planned["summarise"] == 1
    project.edit("config/tiny.yaml", "variants: [dasr, no_ca]", "variants: [dasr, oracle]")
    done = project.snakemake("--dry-run")
    assert done.returncode != 0
    told = "oracle: representation: oracle encodes kernel and noise level, but not jpeg_quality"
    assert told in done.stdout + done.stderr
