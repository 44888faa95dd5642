"""What a user can get wrong: one line with the culprit, code 2, nothing run."""

import pytest

from tests.workflow.conftest import Project

CASES = {
    "misspelt key": ("config/tiny.yaml", "patch_size: 16", "patchsize: 16", "'patchsize'"),
    "misspelt override": (
        "ablations/no_ca.yaml",
        "channel_branch",
        "chanel_branch",
        "ablations/no_ca.yaml: overrides: model: unknown key 'chanel_branch'",
    ),
    "misspelt field of a variant": (
        "ablations/no_ca.yaml",
        "hypothesis:",
        "hypotesis:",
        "ablations/no_ca.yaml: unknown key 'hypotesis'",
    ),
    "override without effect": (
        "ablations/no_ca.yaml",
        "channel_branch: false",
        "channel_branch: true",
        "ablations/no_ca.yaml: overrides: model: channel_branch: override changes nothing",
    ),
    "unknown variant": ("config/tiny.yaml", "no_ca]", "no_cat]", "unknown 'no_cat'"),
    "missing folder": (
        "config/tiny.yaml",
        "- {name: Leaves, source: dead_leaves, num_images: 2, image_size: 128, seed: 2}",
        "- {name: Set5, source: folder, folder: benchmark/Set5/HR}",
        "data/benchmark/Set5/HR: no such image folder",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_line_before_anything_is_planned(project: Project, case: str) -> None:
    file, old, new, expected = CASES[case]
    project.edit(file, old, new)
    done = project.snakemake("all")
    assert done.returncode == 2
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert expected in errors[0]
    assert "Traceback" not in done.stderr
    assert not (project.folder / "results").exists()


def test_a_broken_image_stops_before_training(project: Project) -> None:
    folder = project.folder / "data/mine"
    folder.mkdir(parents=True)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n but no more")
    project.edit(
        "config/tiny.yaml",
        "- {name: Leaves, source: dead_leaves, num_images: 2, image_size: 128, seed: 2}",
        "- {name: Mine, source: folder, folder: mine}",
    )
    done = project.snakemake("all")
    assert done.returncode != 0
    assert "error: data/mine/broken.png: not a readable image" in done.stderr
    assert "Traceback" not in done.stderr
    assert not project.glob("results/tiny/encoders/*")
    assert not project.glob("results/tiny/stages/*/*.safetensors")
