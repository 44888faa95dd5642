"""What a study has to train, and what of it is finished."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dasr.config import ModelConfig, RunConfig, Stage, digest, read_yaml, source_digest
from dasr.config.method import StageName
from dasr.data.digests import index_digest, read_index
from dasr.errors import UserError
from dasr.study import Plan
from dasr.study.images import packed
from dasr.training.context import RunContext

SCRIPTS = Path("workflow/scripts")
"""Of the project in the working directory: what they import decides the weights."""


@dataclass(frozen=True)
class Training:
    """One stage of a network, or an encoder stage that networks share."""

    method: str
    """"" of an encoder stage, which belongs to no method alone."""
    stage: Stage
    model: ModelConfig | None
    """Of the network; None in an encoder stage."""
    after: str | None
    """Digest of the encoder stage that this one goes on from, or is."""
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
    data = _data_digest(plan)
    source = source_digest(SCRIPTS / "train_encoder.py")
    found = []
    for name, stage in plan.study.encoders().items():
        folder = Path(plan.encoder_stage_folder(name))
        finished = _is_finished(folder, stage, data, source)
        found.append(Training("", stage, None, name, finished))
    for run in plan.runs("trained"):
        config = plan.study.run(run.method.name, run.regime, run.scale, run.seed)
        before, model = config.encoder_stage(), config.settings.model
        source = _network_source(*plan.architectures(run.method.name))
        finished = _is_finished(Path(plan.stage_folder(run)), config, data, source)
        after = None if before is None else digest(before)
        found.append(Training(run.method.name, config.joint_stage(), model, after, finished))
    return found


@cache
def _network_source(*modules: str) -> str:
    return source_digest(SCRIPTS / "train.py", *modules)


def _data_digest(plan: Plan) -> str | None:
    """Return the digest of the packed training images; None before they are packed."""
    files = [Path(path) for path in packed(plan, "train", "csv")]
    if not all(path.is_file() for path in files):
        return None
    return digest([index_digest(read_index(path)) for path in files])


def _is_finished(folder: Path, config: Stage | RunConfig, data: str | None, source: str) -> bool:
    """Return whether a stage's folder holds its finished files.

    Args:
        folder: of the stage, as `dasr.training.handover` keeps it.
        config: what should have been trained.
        data: digest of the training images; None if they are not packed, which are then
            taken for those that the finished files were made of.
        source: digest of the code.
    """
    finished = folder / "finished"
    try:
        manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
        record: Mapping[str, Any] = read_yaml(finished / "run.yaml")
        kept, trained_on = manifest["identity"], record["data"]
    except (OSError, UserError, ValueError, KeyError, TypeError):
        return False  # not there, or not whole
    inputs = digest([data or trained_on, source])
    return bool(kept == RunContext(folder, inputs).identity(config))
