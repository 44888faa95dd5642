"""The stages before the joint one from files to files: what a workflow calls.

What they train, an encoder or another part, is shared by the networks that agree in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
import yaml

from dasr.config import Stage, digest, git_commit, to_dict
from dasr.data.digests import images_digest
from dasr.files import write_text
from dasr.training.context import RunContext, seen_images
from dasr.training.handover import Handover
from dasr.training.inputs import checkpoint_seconds, open_sampler, open_sets
from dasr.training.loop import train_encoder, train_part
from dasr.training.record import training_record, write_history
from dasr.training.state import TrainingState


def run_encoder_stage(
    stage: Stage,
    *,
    pixels: Sequence[Path],
    index: Sequence[Path],
    validation_pixels: Sequence[Path] = (),
    validation_index: Sequence[Path] = (),
    folder: Path,
    source: str,
    device: torch.device,
    state_file: Path,
    history_file: Path,
    run_file: Path,
) -> None:
    """Train an encoder stage and write its state, history and record, unless that is done.

    Args:
        stage: the stage.
        pixels: packed training images of encoder stages.
        index: their indices, in the same order.
        validation_pixels: packed images that the stage is diagnosed on.
        validation_index: their indices, in the same order.
        folder: what `dasr.training.handover` keeps of the stage.
        source: digest of the code that decides the weights.
        device: where to train.
        state_file: encoders, memory and optimizer, for `run_joint_stage`.
        history_file: one row per interval, CSV.
        run_file: configuration, versions, machine and CPU seconds, YAML.
    """
    sampler, data = open_sampler(pixels, index, stage.training.patch_size * stage.scale)
    validation = open_sets(validation_pixels, validation_index)
    seen = seen_images(data, *([images_digest(validation_index)] if validation else []))
    context = RunContext(folder, digest([seen, source]), device, checkpoint_seconds())
    outputs = {"state": state_file, "history": history_file, "run": run_file}
    handover = Handover(folder, context.identity(stage), outputs)
    if handover.recall():
        return
    state = train_encoder(stage, sampler, context, validation)
    # A network goes on from what decided the weights: validation images did not.
    identity = replace(context, inputs=digest([data, source])).identity(stage)
    handover.finish(partial(_write, stage, state, device, seen, identity, data))


def run_part_stage(
    stage: Stage,
    *,
    pixels: Sequence[Path],
    index: Sequence[Path],
    folder: Path,
    source: str,
    device: torch.device,
    state_file: Path,
    history_file: Path,
    run_file: Path,
) -> None:
    """Train a part of networks and write its state, history and record, unless that is done.

    Args:
        stage: the part's stage.
        pixels: packed training images of joint stages.
        index: their indices, in the same order.
        folder: what `dasr.training.handover` keeps of the stage.
        source: digest of the code that decides the weights.
        device: where to train.
        state_file: the part, for `run_joint_stage`.
        history_file: one row per interval, CSV.
        run_file: configuration, versions, machine and CPU seconds, YAML.
    """
    sampler, data = open_sampler(pixels, index, stage.training.patch_size * stage.scale)
    context = RunContext(folder, digest([data, source]), device, checkpoint_seconds())
    outputs = {"state": state_file, "history": history_file, "run": run_file}
    handover = Handover(folder, context.identity(stage), outputs)
    if handover.recall():
        return
    state = train_part(stage, sampler, context)
    handover.finish(partial(_write, stage, state, device, data, context.identity(stage), data))


def _write(
    stage: Stage,
    state: TrainingState,
    device: torch.device,
    seen: str,
    identity: str,
    data: str,
    files: Mapping[str, Path],
) -> None:
    """Write what a finished stage leaves: its history, its record, and its state.

    Args:
        stage: the stage.
        state: at its end.
        device: that it was trained on.
        seen: digest of all images that it saw.
        identity: that networks which go on from it ask for.
        data: digest of the images that decided it.
        files: where to write, by what they hold.
    """
    keys: dict[str, str | int] = {"scale": stage.scale, "seed": stage.seed, "stage": stage.name}
    write_history(state.history, keys, files["history"])
    record = {"config": to_dict(stage), "data": seen, "commit": git_commit()}
    record |= training_record(device, state.cpu_seconds)
    write_text(files["run"], yaml.safe_dump(record, sort_keys=False))
    state.save(files["state"], {"digest": identity, "data": data})
