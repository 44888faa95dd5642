"""A study's image sets: their configuration, their packed files, and what these hang on."""

from pathlib import Path

from dasr.config import ImageSetConfig, relative_root
from dasr.config.method import StageName
from dasr.study.plan import Plan

KINDS = ("train", "validation", "test")
"""What a set is for; also the folder of its packed files. "train" is both stages' sets."""


def image_set(plan: Plan, kind: str, name: str) -> ImageSetConfig:
    """Return an image set of one of `KINDS` by name."""
    return next(item for item in image_sets(plan, kind) if item.name == name)


def image_sets(plan: Plan, kind: str) -> tuple[ImageSetConfig, ...]:
    """Return the sets of a study of one of `KINDS`."""
    config = plan.config
    return {
        "train": config.all_train_sets,
        "validation": config.validation_sets,
        "test": config.test_sets,
    }[kind]


def data_root(plan: Plan) -> Path:
    """Return the folder that sets of source "folder" lie below, as paths are written."""
    return relative_root(plan.config.data_root)


def root_of_set(plan: Plan, kind: str, name: str) -> str:
    """Return the root that a set's folder lies below; other sets do not depend on it."""
    item = image_set(plan, kind, name)
    return str(data_root(plan)) if item.source == "folder" else ""


def folders_of_sets(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the folder of each set that has one, by kind and name."""
    return {
        kind: {item.name: item.folder for item in image_sets(plan, kind) if item.folder}
        for kind in KINDS
    }


def packed(plan: Plan, kind: str, suffix: str) -> list[str]:
    """Return the packed files of all sets of a kind, in the order of the study.

    Args:
        plan: of the study.
        kind: of `KINDS`.
        suffix: "bin" for pixels, "csv" for indices.
    """
    return [plan.packed_file(kind, item.name, suffix) for item in image_sets(plan, kind)]


def packed_of_stage(plan: Plan, stage: StageName, suffix: str) -> list[str]:
    """Return the packed training images of a stage, in the order of the study."""
    sets = plan.config.sets_of_stage(stage)
    return [plan.packed_file("train", item.name, suffix) for item in sets]
