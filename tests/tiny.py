"""The smallest configurations and images that still exercise everything."""

from pathlib import Path
from typing import Any

import numpy as np

from dasr.config import (
    ContrastiveConfig,
    DASRConfig,
    DegradationConfig,
    MethodConfig,
    RunConfig,
    TrainingConfig,
)
from dasr.data import PackedImages, open_packed, pack
from dasr.data.patches import PatchSampler
from dasr.training.context import FinishedStage, RunContext
from dasr.training.loop import train_part
from dasr.training.state import TrainingState

Options = dict[str, Any]

MODEL: Options = {
    "num_groups": 1,
    "num_blocks": 1,
    "num_features": 8,
    "encoder_features": 4,
    "compressed_features": 8,
    "reduction": 2,
}
SMALL: Options = {
    "num_layers": 3,
    "code_length": 4,
    "predictor_features": 4,
    "corrector_features": 4,
    "sft_features": 4,
    "iterations": 2,
    "denoiser_layers": 3,
    "denoiser_features": 4,
}
"""Sizes that the architectures beside DASR have."""
CONTRASTIVE: Options = {"queue_size": 8}
TRAINING: Options = {
    "batch_size": 2,
    "patch_size": 8,
    "steps_per_epoch": 2,
    "encoder_epochs": 3,
    "joint_epochs": 3,
}


def model_config(**changes: Any) -> DASRConfig:
    """Return a network of a few hundred numbers."""
    return DASRConfig(**{**MODEL, **changes})


def run_config(
    *,
    model: Options | None = None,
    contrastive: Options | None = None,
    training: Options | None = None,
    **changes: Any,
) -> RunConfig:
    """Return a training of a few steps; keyword arguments change its sections."""
    settings = MethodConfig(
        model=model_config(**(model or {})),
        contrastive=ContrastiveConfig(**{**CONTRASTIVE, **(contrastive or {})}),
        training=TrainingConfig(**{**TRAINING, **(training or {})}),
    )
    options = {
        "method": "dasr",
        "regime": "noisy",
        "scale": 2,
        "seed": 1,
        "degradation": DegradationConfig(kernel_width={2: (0.2, 2.0)}, noise_level=(0.0, 5.0)),
    }
    return RunConfig(settings=settings, **{**options, **changes})


def trained_parts(
    run: RunConfig, sampler: PatchSampler, folder: Path
) -> dict[str, FinishedStage]:
    """Train the parts of a run's network that have stages of their own, and return those."""
    found = {}
    for name, stage in run.part_stages().items():
        file, context = folder / f"{name}.safetensors", RunContext(folder / name, "")
        if not file.exists():
            state = train_part(stage, sampler, context)
            state.save(file, {"digest": context.identity(stage)})
        found[name] = FinishedStage(file, context.identity(stage))
    return found


def images(count: int, height: int, width: int) -> dict[str, np.ndarray]:
    """Return images of random grey levels, by name."""
    rng = np.random.default_rng(count)
    return {
        f"image{number}": rng.integers(0, 256, (height, width, 3), np.uint8)
        for number in range(count)
    }


def packed(folder: Path, named: dict[str, np.ndarray], name: str = "tiny") -> PackedImages:
    """Return images packed into files of a folder."""
    pixels, index = folder / f"{name}.npy", folder / f"{name}.csv"
    pack(name, named.items(), pixels, index)
    return open_packed(pixels, index)


def sets(train: PackedImages, test: PackedImages) -> dict[str, list[PackedImages]]:
    """Return the image sets of a study by what they are for."""
    return {"train": [train], "validation": [], "test": [test]}


def rows_text(state: TrainingState) -> str:
    """Return a history as text that is equal where every number is, NaN too."""
    return repr([{name: float(value) for name, value in row.items()} for row in state.history])
