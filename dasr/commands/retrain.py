"""One network of a report trained again, from the report's resolved study, and compared."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dasr.commands.files import weights_digest
from dasr.config import RunConfig
from dasr.config.method import StageName
from dasr.config.yaml_files import read_mapping
from dasr.data import open_packed, pack, read_set
from dasr.devices import use_device
from dasr.errors import UserError
from dasr.reporting.report_folder import WEIGHTS, ReportFolder
from dasr.study import Plan, Run
from dasr.study.images import data_root, image_sets
from dasr.study.parts import part_folders
from dasr.study.records import digests_file
from dasr.training.early_jobs import run_encoder_stage, run_part_stage
from dasr.training.jobs import run_joint_stage

SOURCE = "verify"
"""In the place of the code's digest, which only tells a study's stages apart."""
SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Retrained:
    """A network of a report and the one that was trained again."""

    name: str
    told: dict[str, Any]
    """Its record in the report."""
    found: dict[str, Any]
    """The record of the training here."""

    @property
    def equal(self) -> bool:
        """Whether both have the same weights, to the bit."""
        return bool(self.told[WEIGHTS] == self.found[WEIGHTS])

    def __str__(self) -> str:
        """Return what was found, and on what the two were trained if they differ."""
        if self.equal:
            return f"{self.name}: same weights, {self.told[WEIGHTS][:SHOWN_DIGITS]}"
        texts = [
            f"{one[WEIGHTS][:SHOWN_DIGITS]} (torch {one['torch']}, {one['machine']}, "
            f"threads {one['threads']})"
            for one in (self.told, self.found)
        ]
        return f"{self.name}: other weights: the report has {texts[0]}, here {texts[1]}"


def retrain(report: ReportFolder, name: str, folder: Path) -> Retrained:
    """Train a network of a report again, and return what came of it.

    Each stage has the threads that it had. Images are read where the study's file says.

    Args:
        report: of a study whose training images are here.
        name: of the network, e.g. "dasr/isotropic/x4/seed1".
        folder: for everything that is written, which is all that a study writes of it.

    Raises:
        UserError: there is no such network, its record lacks its weights' digest or its
            threads, or the images are not those that it was trained on.
    """
    run = _run(report.plan, name)
    told = dict(report.record(run))
    _require(report, name, told)
    _pack(report, folder)
    state = _encoder_state(report, run, folder)
    parts = _part_states(report, run, folder)
    files = {"network": folder / "model.safetensors", "record": folder / "run.yaml"}
    run_joint_stage(
        _config(report.plan, run),
        pixels=_packed(report, folder, "joint", "bin"),
        index=_packed(report, folder, "joint", "csv"),
        encoder_pixels=_packed(report, folder, "encoder", "bin"),
        encoder_index=_packed(report, folder, "encoder", "csv"),
        encoder_state=state,
        encoder_source=SOURCE,
        part_states=parts,
        part_sources=dict.fromkeys(parts, SOURCE),
        folder=folder / "joint",
        source=SOURCE,
        device=use_device(told["threads"], gpu=told["device"].startswith("cuda")),
        network_file=files["network"],
        history_file=folder / "history.csv",
        run_file=files["record"],
    )
    found = {**read_mapping(files["record"]), WEIGHTS: weights_digest(files["network"])}
    return Retrained(name, told, found)


def _encoder_state(report: ReportFolder, run: Run, folder: Path) -> Path | None:
    """Train the encoder stage that a network goes on from, if there is one."""
    plan = report.plan
    place = plan.encoder_folder(run)
    stage = _config(plan, run).encoder_stage()
    if place is None or stage is None:
        return None
    told = report.stage_record(place)
    _require(report, f"encoders/{Path(place).name}", told)
    run_encoder_stage(
        stage,
        pixels=_packed(report, folder, "encoder", "bin"),
        index=_packed(report, folder, "encoder", "csv"),
        folder=folder / "encoder",
        source=SOURCE,
        device=use_device(told["threads"], gpu=told["device"].startswith("cuda")),
        state_file=folder / "state.safetensors",
        history_file=folder / "encoder.csv",
        run_file=folder / "encoder.yaml",
    )
    return folder / "state.safetensors"


def _part_states(report: ReportFolder, run: Run, folder: Path) -> dict[str, Path]:
    """Train the parts of a network that have stages of their own; return their files."""
    config, found = _config(report.plan, run), dict[str, Path]()
    places = part_folders(report.plan, run)
    for name, stage in config.part_stages().items():
        told = report.stage_record(places[name])
        _require(report, f"parts/{Path(places[name]).name}", told)
        found[name] = folder / f"{name}.safetensors"
        run_part_stage(
            stage,
            pixels=_packed(report, folder, "joint", "bin"),
            index=_packed(report, folder, "joint", "csv"),
            folder=folder / name,
            source=SOURCE,
            device=use_device(told["threads"], gpu=told["device"].startswith("cuda")),
            state_file=found[name],
            history_file=folder / f"{name}.csv",
            run_file=folder / f"{name}.yaml",
        )
    return found


def _config(plan: Plan, run: Run) -> RunConfig:
    return plan.study.run(run.method.name, run.regime, run.scale, run.seed)


def _run(plan: Plan, name: str) -> Run:
    runs = {run.path: run for run in plan.runs("trained")}
    if name not in runs:
        raise UserError(
            f"no trained network {name!r} in the study; e.g. {next(iter(runs), '')}"
        )
    return runs[name]


def _require(report: ReportFolder, name: str, record: Any) -> None:
    keys = ["threads", "device", "torch", "machine"]
    for key in [*keys, WEIGHTS] if name.count("/") > 1 else keys:
        if key not in record:
            raise UserError(f"{report.path}: the record of {name} lacks {key!r}")


def _pack(report: ReportFolder, folder: Path) -> None:
    """Pack the training images of both stages and compare their digests."""
    digests = read_mapping(report.of_study(digests_file(report.plan)))["train"]
    for item in image_sets(report.plan, "train"):
        files = [folder / f"{item.name}.{ending}" for ending in ("bin", "csv")]
        pack(item.name, read_set(item, Path(os.path.abspath(data_root(report.plan)))), *files)
        found = open_packed(*files).digest
        if found != digests[item.name]:
            raise UserError(
                f"training images {item.name}: not those of the report: digest {found}, there "
                f"{digests[item.name]}"
            )


def _packed(report: ReportFolder, folder: Path, stage: StageName, ending: str) -> list[Path]:
    """Return the pixels ("bin") or indices ("csv") that a stage trains on."""
    sets = report.plan.config.sets_of_stage(stage)
    return [folder / f"{item.name}.{ending}" for item in sets]
