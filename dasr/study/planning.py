"""From the files of a project's folder to its checked study, before anything is planned."""

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dasr.config.complaints import refuse, study_complaints
from dasr.config.folders import image_files
from dasr.config.layers import layered, study_file_layer
from dasr.config.schema import StudyConfig
from dasr.config.study import Study, load_study
from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError
from dasr.study.paths import path_complaints

DEFAULT = Path("config/config.yaml")
ABLATIONS = Path("ablations")
LEAST_FREE = 2**20
"""Bytes: with less, Snakemake cannot even keep its own books."""
WILDCARD = re.compile(r"\{\s*[.\w]+\s*(,[^{}]*(\{[^{}]*\}[^{}]*)*)?\}|<[a-z][a-z0-9_]*>")
"""What Snakemake replaces in the path of an input: wildcards and path variables."""


def require_folder(snakefile: Path, *, writable: bool) -> None:
    """Refuse to plan where a study cannot run.

    Args:
        snakefile: of the project.
        writable: whether the working directory has to be writable, with room on its disk.

    Raises:
        UserError: as `require_project` and `require_room`.
    """
    require_project(snakefile)
    if writable:
        require_room(Path.cwd())


def require_project(snakefile: Path) -> None:
    """Refuse to plan anywhere but in the project's folder, or in one that cannot work.

    Raises:
        UserError: the default study is not below the working directory, or the path of
            the project holds braces.
    """
    here, home = Path.cwd(), Path(os.path.abspath(snakefile.parent))
    if not DEFAULT.exists() and here != home:
        raise UserError(
            f"{DEFAULT}: no such file in {here}: run Snakemake in {home}, or add "
            f"--directory {home}"
        )
    for folder in (here, home):
        if "{" in str(folder) or "}" in str(folder):
            raise UserError(
                f"{folder}: Snakemake cannot work below a path with braces: move the project"
            )


def require_room(here: Path) -> None:
    """Refuse a folder that cannot be written, or on a full disk.

    Raises:
        UserError: with the folder.
    """
    for name in (".snakemake", "results", "reports"):
        folder = here / name if (here / name).exists() else here
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(f"{folder}: cannot be written: a study keeps its results there")
    if shutil.disk_usage(here).free < LEAST_FREE:
        raise UserError(f"{here}: no space left on the disk")


def planned_study(files: Sequence[Path], arguments: Sequence[str]) -> Study:
    """Return the study of the project in the working directory, checked before any run.

    Args:
        files: study files, as given to Snakemake's `--configfile`.
        arguments: "key=value", as given to Snakemake's `--config`.

    Raises:
        UserError: one line with the culprit.
    """
    study = checked_study(files, arguments)
    _require_inputs(study.config)
    return study


def checked_study(files: Sequence[Path], arguments: Sequence[str]) -> Study:
    """Return the study of `planned_study`, whether its images are there or not.

    Raises:
        UserError: one line with the culprit.
    """
    layers, names = study_layers(files, arguments)
    study = load_study(layers, ABLATIONS, names)
    refuse(path_complaints(study) + study_complaints(study))
    return study


def study_layers(files: Sequence[Path], arguments: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Return a study's configuration, not checked yet, and what to call it in messages.

    Args:
        files: study files, as given to Snakemake's `--configfile`.
        arguments: "key=value", as given to Snakemake's `--config`.

    Raises:
        UserError: one line with the culprit.
    """
    files = [Path(os.path.relpath(path)) for path in files]
    base, over = read_mapping(DEFAULT), study_file_layer(files, arguments)
    layers, budget = layered(base, over, Path("config/budgets"))
    return layers, " + ".join(map(str, [*files, DEFAULT, *budget]))


def keep_networks(results: Path) -> None:
    """Keep a study's networks from being trained again for want of the images' check.

    Snakemake removes a rule's outputs before it runs the rule: where `check_data` was
    killed, or found a bad image, its record is missing. Networks take it as an ancient
    input, whose age says nothing; but Snakemake trains all of them again while it is
    missing. An empty record as old as can be lets it run the check alone.
    """
    record = results / "data/digests.yaml"
    networks = ("encoders/*/state.safetensors", "runs/*/*/*/*/model.safetensors")
    if record.exists() or not any(any(results.glob(pattern)) for pattern in networks):
        return
    record.parent.mkdir(parents=True, exist_ok=True)
    record.touch()
    os.utime(record, (0, 0))


def _require_inputs(config: StudyConfig) -> None:
    """Refuse files that are not there, and those that Snakemake cannot take as inputs."""
    _require_plain([Path(config.data_root)])
    for image_set in config.all_train_sets + config.validation_sets + config.test_sets:
        _require_plain(image_files(image_set, Path(config.data_root)))
    for network in config.imported:
        paths = [Path(path) for path in network.files.values()]
        _require_plain(paths)
        for path in paths:
            if not path.is_file():
                raise UserError(f"imported: {network.name}: {path}: no such file")


def _require_plain(paths: Iterable[Path]) -> None:
    for path in paths:
        found = WILDCARD.search(path.as_posix())
        if found:
            raise UserError(
                f"{path}: Snakemake puts something else in the place of {found[0]!r} in a "
                "path: rename it"
            )
