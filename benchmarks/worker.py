"""A training step in a process of its own, taken whenever a line comes on standard input.

    python -m benchmarks.worker '{"network": "paper", "plain": false, "precision": "float32"}'

Ours and plain differ in how their processes allocate memory, which is decided before they
start; two workers that take turns are measured side by side all the same.
"""

import atexit
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks import plain
from dasr.config import DegradationConfig, MethodConfig, RunConfig, Stage, from_dict, read_yaml
from dasr.data.batches import Batch, draw_batch
from dasr.data.images import Pixels
from dasr.data.leaves import dead_leaves
from dasr.data.patches import PatchSampler
from dasr.degradation import corrupt, sample_degradations
from dasr.seeds import generator
from dasr.training.hardware import float32_units, prepare
from dasr.training.state import TrainingState
from dasr.training.step import new_learner, step_losses

DEFAULT_STUDY = read_yaml(Path("config/config.yaml"))
SECTIONS = ("model", "contrastive", "training")
METHODS = {
    "paper": MethodConfig(),
    "small": from_dict(MethodConfig, {key: DEFAULT_STUDY[key] for key in SECTIONS}, "study"),
}
"""The paper's sizes and the default study's."""


class Decoded:
    """Image files that are opened and decoded whenever one is needed, the plain way."""

    def __init__(self, paths: list[Path]) -> None:
        """Take the files."""
        self.paths = paths

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.paths)

    def __getitem__(self, number: int) -> Pixels:
        """Return an image, (H, W, 3), [0, 255]."""
        return np.asarray(Image.open(self.paths[number]))


def training_images(patch_size: int, *, decode: bool) -> PatchSampler:
    """Return a sampler of eight of the default study's images, in memory or as PNG files."""
    images = [dead_leaves(256, 1, number) for number in range(8)]
    sampler = PatchSampler([], patch_size)
    sampler._images += images
    if decode:
        folder = Path(tempfile.mkdtemp(prefix="leaves"))
        atexit.register(shutil.rmtree, folder)
        paths = [folder / f"{number}.png" for number in range(len(images))]
        for path, image in zip(paths, images, strict=True):
            Image.fromarray(image).save(path)
        sampler._images = Decoded(paths)  # type: ignore[assignment]
    return sampler


def run_config(network: str, precision: str, *, compile: bool) -> RunConfig:
    """Return a run of 8 pairs of patches a step, x4, with noise."""
    settings = METHODS[network]
    training = replace(settings.training, batch_size=8, precision=precision, compile=compile)
    settings = replace(settings, training=training)
    degradation = DegradationConfig(kernel_width={4: (0.2, 4.0)}, noise_level=(0.0, 25.0))
    return RunConfig(
        method="dasr",
        regime="noisy",
        scale=4,
        seed=1,
        degradation=degradation,
        settings=settings,
    )


def stepper(case: dict[str, Any]) -> Callable[[int], float]:
    """Return a function that takes a step and returns its loss.

    With "loop" each step draws its batch; without, all take the first step's.
    """
    run = run_config(case["network"], case["precision"], compile=case.get("compile", False))
    device = torch.device(case.get("device", "cpu"))
    stage = run.joint_stage()
    learner = new_learner(stage, run.settings.model)
    modules, draw = learner.modules(), draw_batch
    if case["plain"]:
        modules.to(device).train()
        draw = _plain_batch
        generator_part = learner.network.generator
        generator_part.forward = partial(plain.super_resolve, generator_part)
    else:
        parts = learner.compiled_parts() if stage.training.compile else []
        prepare(modules, parts, stage.training, device)
    state = TrainingState(modules)
    side = stage.training.patch_size * run.scale
    sampler = training_images(side, decode=case.get("decode", False))
    kept = draw(stage, sampler, 0, device)

    def step(number: int) -> float:
        batch = draw(stage, sampler, number, device) if case["loop"] else kept
        loss = sum(step_losses(learner, batch).values())
        state.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        state.optimizer.step()
        return loss.item()  # waits for a GPU: a step's time ends with the step

    return step


def _plain_batch(stage: Stage, sampler: PatchSampler, step: int, device: torch.device) -> Batch:
    """As draw_batch, through the plain degradation, on the CPU."""
    rng = generator(stage.seed, stage.name, step)
    size = stage.training.batch_size
    hr = sampler.sample(size, rng)
    degradation = sample_degradations(stage.degradation, stage.scale, size, rng)
    blurred = plain.blur_and_downsample(hr, degradation, stage.scale)
    lr_images = corrupt(blurred, degradation, rng)
    return Batch(lr_images.to(device), hr.to(device), degradation)


def main() -> None:
    """Answer each line with a step's seconds and loss."""
    case = json.loads(sys.argv[1])
    torch.set_num_threads(case["threads"])
    torch.set_flush_denormal(True)
    device = torch.device(case.get("device", "cpu"))
    with float32_units(case["precision"], device):
        step = stepper(case)
        for number, _ in enumerate(sys.stdin):
            began = time.perf_counter()
            loss = step(number)
            print(json.dumps([time.perf_counter() - began, loss]), flush=True)


if __name__ == "__main__":
    main()
