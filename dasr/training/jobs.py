"""One stage from files to files: what a workflow calls."""

import csv
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
import yaml

from dasr.architectures import Network
from dasr.cards import network_card
from dasr.checkpoint import save_network
from dasr.config import RunConfig, Stage, digest, git_commit, to_dict
from dasr.data import PackedImages, open_packed
from dasr.data.digests import images_digest
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.files import replacing, write_text
from dasr.training.checkpoints import Checkpoints, step_name
from dasr.training.context import FinishedStage, RunContext, seen_images
from dasr.training.handover import Handover
from dasr.training.loop import train_encoder, train_network
from dasr.training.record import training_record


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
    sampler, data = _sampler(pixels, index, stage.training.patch_size * stage.scale)
    validation = _opened(validation_pixels, validation_index)
    seen = seen_images(data, *([images_digest(validation_index)] if validation else []))
    context = RunContext(folder, digest([seen, source]), device, checkpoint_seconds())
    outputs = {"state": state_file, "history": history_file, "run": run_file}
    handover = Handover(folder, context.identity(stage), outputs)
    if handover.recall():
        return
    state = train_encoder(stage, sampler, context, validation)
    # A network goes on from what decided the weights: validation images did not.
    identity = replace(context, inputs=digest([data, source])).identity(stage)

    def write(files: Mapping[str, Path]) -> None:
        keys = {"scale": stage.scale, "seed": stage.seed, "stage": stage.name}
        write_history(state.history, keys, files["history"])
        record = {"config": to_dict(stage), "data": seen, "commit": git_commit()}
        record |= training_record(device, state.cpu_seconds)
        write_text(files["run"], yaml.safe_dump(record, sort_keys=False))
        state.save(files["state"], {"digest": identity, "data": data})

    handover.finish(write)


def run_joint_stage(
    run: RunConfig,
    *,
    pixels: Sequence[Path],
    index: Sequence[Path],
    encoder_pixels: Sequence[Path],
    encoder_index: Sequence[Path],
    encoder_state: Path | None,
    encoder_source: str,
    folder: Path,
    source: str,
    device: torch.device,
    network_file: Path,
    history_file: Path,
    run_file: Path,
    checkpoint_files: Mapping[int, Path] = MappingProxyType({}),
) -> None:
    """Train a network's joint stage and write network, history and a record of the run.

    Nothing is trained if that has been done.

    Args:
        run: everything that decides the weights.
        pixels: packed training images of joint stages.
        index: their indices, in the same order.
        encoder_pixels: those of encoder stages, and of a contrastive term with patches of
            its own.
        encoder_index: their indices, in the same order.
        encoder_state: file of the finished encoder stage, if the method has one.
        encoder_source: digest of the code that decided it.
        folder: what `dasr.training.handover` keeps of the stage.
        source: digest of the code that decides the weights.
        device: where to train.
        network_file: the network to use, with its card.
        history_file: one row per interval, CSV.
        run_file: configuration, digests, commit, versions, machine and CPU seconds of this
            stage, YAML.
        checkpoint_files: networks to keep by the step that they are of.
    """
    patch = run.settings.training.patch_size * run.scale
    sampler, data = _sampler(pixels, index, patch)
    encoder_data = images_digest(encoder_index)
    contrast = run.joint_stage().own_contrast()
    data = seen_images(data, *([] if contrast is None else [encoder_data]))
    context = RunContext(folder, digest([data, source]), device, checkpoint_seconds())
    outputs = {"network": network_file, "history": history_file, "run": run_file}
    outputs |= {step_name(step): path for step, path in checkpoint_files.items()}
    handover = Handover(folder, context.identity(run), outputs)
    if handover.recall():
        return
    checkpoints = Checkpoints(
        handover.checkpoints,
        tuple(checkpoint_files),
        lambda network, step: _card(run, network, step, data),
    )
    context = replace(context, checkpoints=checkpoints)
    inputs = digest([encoder_data, encoder_source])
    before = _encoder_before(run, context, inputs, encoder_state)
    own = None
    if contrast is not None:
        patch = contrast.training.patch_size * run.scale
        own, _ = _sampler(encoder_pixels, encoder_index, patch)
    network, state = train_network(run, sampler, context, before, own)
    card = _card(run, network, state.step, data)
    record = {
        **to_dict(card),
        "config": to_dict(run),
        **training_record(device, state.cpu_seconds),
    }

    def write(files: Mapping[str, Path]) -> None:
        keys: dict[str, str | int] = {"method": run.method, "regime": run.regime}
        keys |= {"scale": run.scale, "seed": run.seed, "stage": "joint"}
        write_history(state.history, keys, files["history"])
        write_text(files["run"], yaml.safe_dump(record, sort_keys=False))
        save_network(files["network"], network.cpu(), card)
        checkpoints.hand_over(files)

    handover.finish(write)


def _encoder_before(
    run: RunConfig, context: RunContext, inputs: str, state: Path | None
) -> FinishedStage | None:
    """Return the finished encoder stage that a run goes on from; None for a run without."""
    stage = run.encoder_stage()
    if stage is None:
        return None
    assert state is not None, "this method has an encoder stage"
    return FinishedStage(state, replace(context, inputs=inputs).identity(stage))


def _card(run: RunConfig, network: Network, step: int, data: str) -> dict[str, Any]:
    """Return the card of a network that is trained here."""
    return network_card(
        network,
        method=run.method,
        regime=run.regime,
        seed=run.seed,
        degradation=run.trained_on,
        step=step,
        digest=digest(run),
        data=data,
    )


def checkpoint_seconds() -> float:
    """Return the seconds between two writings of an unfinished state.

    The environment variable DASR_CHECKPOINT_SECONDS sets them; they decide no bits.

    Raises:
        UserError: it is no number, or a negative one.
    """
    text = os.environ.get("DASR_CHECKPOINT_SECONDS", "15")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise UserError(f"DASR_CHECKPOINT_SECONDS: {text!r} is not a number of at least 0")
    return seconds


def _sampler(
    pixels: Sequence[Path], index: Sequence[Path], patch_size: int
) -> tuple[PatchSampler, str]:
    return PatchSampler(_opened(pixels, index), patch_size), images_digest(index)


def _opened(pixels: Sequence[Path], index: Sequence[Path]) -> list[PackedImages]:
    return [open_packed(*files) for files in zip(pixels, index, strict=True)]


def write_history(
    rows: Sequence[Mapping[str, float]], keys: Mapping[str, str | int], path: Path
) -> None:
    """Write a tidy history as CSV: keys first, one row per interval of steps.

    Args:
        rows: all with the same columns; NaN, for what a row does not tell, is left empty.
        keys: what all rows have in common.
        path: the file.
    """
    with (
        replacing(path) as temporary,
        temporary.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, [*keys, *rows[0]], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            known = {name: "" if math.isnan(value) else value for name, value in row.items()}
            writer.writerow({**keys, **known, "step": int(row["step"])})
