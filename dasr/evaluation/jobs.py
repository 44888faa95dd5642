"""One method on one test set, from files to files: what a workflow calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from dasr.checkpoint import load_network
from dasr.config import EvaluationConfig, RepresentationConfig, Stage
from dasr.data import open_packed
from dasr.devices import machine
from dasr.evaluation.evaluate import Upscaler, bicubic, evaluate
from dasr.evaluation.examples import example_crops
from dasr.evaluation.inference import LR_SIDE, REPETITIONS, seconds_in_turns, upscaler_of
from dasr.evaluation.peak_memory import peak_memory
from dasr.evaluation.representations import representation_arrays
from dasr.evaluation.untrained import untrained_encoder
from dasr.files import replacing
from dasr.terms.columns import JOINT_STEPS
from dasr.terms.keys import RunKeys, with_keys

QUARTILES = (0.25, 0.75)


@dataclass(frozen=True, kw_only=True)
class MeasuredMethod:
    """A method whose time and memory are measured, at one scale."""

    keys: RunKeys
    network_file: Path | None
    """None for bicubic enlargement."""


def measure_inference(
    methods: Sequence[MeasuredMethod], device: torch.device, inference_file: Path
) -> None:
    """Write what enlarging an LR image of 128x128 takes: one row per method and scale.

    Columns: those of `RunKeys`; `milliseconds`, the median of calls that methods take turns
    with, and its quartiles `milliseconds_low` and `milliseconds_high`; `peak_mb`, megabytes
    beside those of the network; `lr_side`, `repetitions`, `threads`, `device`, `machine`,
    `torch`.

    Args:
        methods: networks and bicubic.
        device: that enlarges, a CPU with the threads that are set.
        inference_file: CSV.

    Raises:
        UserError: a network could not be read, or memory was too small.
    """
    threads = torch.get_num_threads()
    # each in a process of its own, before this one holds all networks
    peaks = [peak_memory(one.network_file, one.keys.scale, threads, device) for one in methods]
    upscalers = [upscaler_of(one.network_file, one.keys.scale, device) for one in methods]
    milliseconds = 1e3 * seconds_in_turns(upscalers, device)
    low, high = np.quantile(milliseconds, QUARTILES, axis=1)
    frame = pd.DataFrame([one.keys.columns() for one in methods])
    frame = frame.assign(
        milliseconds=np.median(milliseconds, axis=1).round(3),
        milliseconds_low=low.round(3),
        milliseconds_high=high.round(3),
        peak_mb=[round(peak / 1e6, 1) for peak in peaks],
        lr_side=LR_SIDE,
        repetitions=REPETITIONS,
        threads=threads,
        device=str(device),
        machine=machine(device),
        torch=str(torch.__version__),
    )
    with replacing(inference_file) as path:
        frame.to_csv(path, index=False)


def evaluate_method(
    keys: RunKeys,
    config: EvaluationConfig,
    *,
    network_file: Path | None,
    pixels: Path,
    index: Path,
    device: torch.device,
    metrics_file: Path,
    examples_file: Path,
    embedding: tuple[RepresentationConfig, Path] | None = None,
) -> None:
    """Measure a method, keep a few crops and, of an encoder, the representations.

    All of it is one job: importing torch, loading the network and reading images take
    longer than what is computed with small networks.

    Args:
        keys: of all rows and files.
        config: degradations, seed of the noise, and the degradation that crops are shown of.
        network_file: the network, or None for bicubic enlargement.
        pixels: packed test images.
        index: their index.
        device: where to enlarge.
        metrics_file: CSV, one row per (image, degradation).
        examples_file: .npz, see `example_crops`.
        embedding: of a network with a learned representation, what to represent, and the
            .npz file for it, see `representation_arrays`.

    Raises:
        UserError: a result holds NaN or infinite values.
        ValueError: bicubic enlargement was asked for representations.
    """
    network = None if network_file is None else load_network(network_file)[0].to(device)
    upscale: Upscaler = bicubic(keys.scale) if network is None else network
    images = open_packed(pixels, index)
    common: dict[str, Any] = {
        "scale": keys.scale,
        "seed": config.noise_seed,
        "device": device,
        "method": str(network_file or keys.method),
    }
    rows = with_keys(evaluate(upscale, images, config.degradations, **common), keys.columns())
    whose = {**keys.columns(), "testset": images.name}
    arrays = {examples_file: example_crops(upscale, images, config.example, **common)}
    if embedding is not None:
        if network is None:
            raise ValueError(f"{keys.method} has no representation")
        asked, file = embedding
        arrays[file] = representation_arrays(
            network, images, asked, scale=keys.scale, device=device
        )
    with replacing(metrics_file) as path:
        rows.to_csv(path, index=False)
    for file, held in arrays.items():
        with replacing(file) as path:
            np.savez_compressed(path, **whose, **held)  # type: ignore[arg-type]


def evaluate_checkpoints(
    keys: RunKeys,
    config: EvaluationConfig,
    *,
    network_files: Mapping[int, Path],
    pixels: Sequence[Path],
    index: Sequence[Path],
    device: torch.device,
    metrics_file: Path,
) -> None:
    """Measure the networks of several steps of one training on every test set.

    Args:
        keys: of all rows, which have the step as `JOINT_STEPS` besides.
        config: degradations and the seed of the noise.
        network_files: the networks by the step that they are of.
        pixels: packed test images, by set.
        index: their indices, in the same order.
        device: where to enlarge.
        metrics_file: CSV, one row per (step, test set, image, degradation).

    Raises:
        UserError: a result holds NaN or infinite values.
    """
    sets = [open_packed(*files) for files in zip(pixels, index, strict=True)]
    frames = []
    for step, file in network_files.items():
        network = load_network(file)[0].to(device)
        for images in sets:
            rows = evaluate(
                network,
                images,
                config.degradations,
                scale=keys.scale,
                seed=config.noise_seed,
                device=device,
                method=str(file),
            )
            frames.append(with_keys(rows, {**keys.columns(), JOINT_STEPS: step}))
    with replacing(metrics_file) as path:
        pd.concat(frames, ignore_index=True).to_csv(path, index=False)


def represent_untrained(
    keys: RunKeys,
    stage: Stage,
    config: RepresentationConfig,
    *,
    train_pixels: Sequence[Path],
    train_index: Sequence[Path],
    pixels: Path,
    index: Path,
    device: torch.device,
    embedding_file: Path,
) -> None:
    """Write the representations of the encoder that a training starts from.

    Args:
        keys: of the file.
        stage: the first of the training.
        config: what to represent.
        train_pixels: packed training images, for the statistics of normalisation alone.
        train_index: their indices, in the same order.
        pixels: packed test images.
        index: their index.
        device: where to encode.
        embedding_file: .npz, see `representation_arrays`.
    """
    network = untrained_encoder(stage, train_pixels, train_index)
    network.encoder.to(device)
    images = open_packed(pixels, index)
    held = representation_arrays(network, images, config, scale=keys.scale, device=device)
    whose = {**keys.columns(), "testset": images.name}
    with replacing(embedding_file) as path:
        np.savez_compressed(path, **whose, **held)  # type: ignore[arg-type]
