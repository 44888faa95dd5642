"""What a study has to train, and what of it is finished."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dasr.config import ModelConfig, RunConfig, Stage, digest, source_digest
from dasr.config.method import StageName
from dasr.data.digests import images_digest
from dasr.forecast.record_files import read_record
from dasr.study import Plan
from dasr.study.images import packed, packed_of_stage
from dasr.study.parts import part_modules, part_stage_folder, part_stages
from dasr.study.scaling import checkpoint_files
from dasr.training.context import RunContext, seen_images

SCRIPTS = Path("workflow/scripts")
"""Of the project in the working directory: what they import decides the weights."""


@dataclass(frozen=True)
class Training:
    """One stage of a network, or a stage before it that networks share."""

    method: str
    """"" of a shared stage, which belongs to no method alone."""
    stage: Stage
    model: ModelConfig | None
    """Of the network; None in a shared stage."""
    after: tuple[str, ...]
    """Digests of the shared stages that this one goes on from; of a shared one, its own."""
    finished: bool

    @property
    def kind(self) -> StageName:
        """Which stage it is."""
        return self.stage.name

    @property
    def steps(self) -> int:
        """Steps that are left."""
        return 0 if self.finished else self.stage.training.total_steps


def trainings_of(plan: Plan) -> list[Training]:
    """Return every training of a study: encoder stages, then networks in the order of runs.

    A training counts as finished if the workflow would take its files as they are: it was
    made by the same configuration, images and code.
    """
    joint = _images_digest(packed_of_stage(plan, "joint", "csv"))
    encoder = _images_digest(packed_of_stage(plan, "encoder", "csv"))
    watched = encoder
    if plan.config.validation_sets:
        watched = _seen(encoder, _images_digest(packed(plan, "validation", "csv")))
    found = []
    for name, stage in plan.study.encoders().items():
        folder = Path(plan.encoder_stage_folder(name))
        finished = _is_finished(folder, stage, watched, "train_encoder.py")
        found.append(Training("", stage, None, (name,), finished))
    for name, stage in part_stages(plan).items():
        folder = Path(part_stage_folder(plan, name))
        code = ("train_part.py", *part_modules(stage))
        found.append(
            Training("", stage, None, (name,), _is_finished(folder, stage, joint, *code))
        )
    for run in plan.runs("trained"):
        config = plan.study.run(run.method.name, run.regime, run.scale, run.seed)
        model = config.settings.model
        code = ("train.py", *plan.architectures(run.method.name))
        seen = joint if config.joint_stage().own_contrast() is None else _seen(joint, encoder)
        folder, names = Path(plan.stage_folder(run)), checkpoint_files(plan, run)
        finished = _is_finished(folder, config, seen, *code, files=names)
        after = tuple(digest(one) for one in config.stages()[:-1])
        found.append(Training(run.method.name, config.joint_stage(), model, after, finished))
    return found


@cache
def _source(script: str, *modules: str) -> str:
    return source_digest(SCRIPTS / script, *modules)


def _images_digest(index: Sequence[str]) -> str | None:
    """Return the digest of packed images; None before they are packed."""
    files = [Path(path) for path in index]
    return images_digest(files) if all(path.is_file() for path in files) else None


def _seen(images: str | None, other: str | None) -> str | None:
    return None if images is None or other is None else seen_images(images, other)


def _is_finished(
    folder: Path,
    config: Stage | RunConfig,
    data: str | None,
    script: str,
    *modules: str,
    files: Sequence[str] = (),
) -> bool:
    """Return whether a stage's folder holds its finished files.

    Args:
        folder: of the stage, as `dasr.training.handover` keeps it.
        config: what should have been trained.
        data: digest of the images that it sees; None if they are not packed, which are then
            taken for those that the finished files were made of.
        script: that trains it, by its name in `SCRIPTS`.
        modules: what the script uses without an import that can be seen.
        files: what else has to be there, by their paths in the study.
    """
    finished = folder / "finished"
    try:
        manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
        kept, trained_on = manifest["identity"], read_record(finished / "run.yaml")["data"]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # not there, or not whole
    inputs = digest([data or trained_on, _source(script, *modules)])
    whole = {Path(path).name for path in files} <= set(manifest.get("sha256", ()))
    return whole and bool(kept == RunContext(folder, inputs).identity(config))
