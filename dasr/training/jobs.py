"""The joint stage from files to files: what a workflow calls."""

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
from dasr.config import RunConfig, digest, to_dict
from dasr.data.digests import images_digest
from dasr.files import write_text
from dasr.training.checkpoints import Checkpoints, step_name
from dasr.training.context import FinishedStage, RunContext, seen_images
from dasr.training.handover import Handover
from dasr.training.inputs import checkpoint_seconds, open_sampler
from dasr.training.loop import train_network
from dasr.training.record import training_record, write_history


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
    part_states: Mapping[str, Path] = MappingProxyType({}),
    part_sources: Mapping[str, str] = MappingProxyType({}),
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
        part_states: files of the finished stages of the model's parts, by name.
        part_sources: digests of the code that decided them.
    """
    patch = run.settings.training.patch_size * run.scale
    sampler, data = open_sampler(pixels, index, patch)
    images, encoder_data = data, images_digest(encoder_index)
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
    parts = {
        name: FinishedStage(
            part_states[name],
            replace(context, inputs=digest([images, part_sources[name]])).identity(stage),
        )
        for name, stage in run.part_stages().items()
    }
    own = None
    if contrast is not None:
        patch = contrast.training.patch_size * run.scale
        own, _ = open_sampler(encoder_pixels, encoder_index, patch)
    network, state = train_network(run, sampler, context, before, own, parts)
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
