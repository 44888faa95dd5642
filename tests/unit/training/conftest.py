"""Training images, and a training of either stage in a folder of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dasr.config import RunConfig
from dasr.data.patches import PatchSampler
from dasr.training.checkpoints import Checkpoints
from dasr.training.context import FinishedStage, RunContext
from dasr.training.loop import train_encoder, train_network
from dasr.training.state import TrainingState
from tests.tiny import images, packed

INPUTS = "these images"


@pytest.fixture
def new_sampler(tmp_path: Path) -> Callable[[RunConfig], PatchSampler]:
    """Makes samplers of the same three images."""
    three = packed(tmp_path, images(3, 24, 28))
    return lambda run: PatchSampler([three], run.settings.training.patch_size * run.scale)


Train = Callable[..., TrainingState]


@pytest.fixture
def train(tmp_path: Path, new_sampler: Callable[[RunConfig], PatchSampler]) -> Train:
    """Trains one stage of a run; another `folder` is another, independent training."""

    def stage_of(
        run: RunConfig,
        stage: str,
        folder: str = "a",
        sampler: PatchSampler | None = None,
        keep: Sequence[int] = (),
    ) -> TrainingState:
        sampler = new_sampler(run) if sampler is None else sampler
        context = RunContext(
            tmp_path / folder / stage,
            INPUTS,
            checkpoint_seconds=0.0,
            checkpoints=Checkpoints(tmp_path / folder / "kept", keep),
        )
        encoder = run.encoder_stage()
        if stage == "encoder":
            assert encoder is not None
            return train_encoder(encoder, sampler, context)
        before = None
        if encoder is not None:
            state_file = tmp_path / "shared" / "encoder.safetensors"
            if not state_file.exists():
                state = stage_of(run, "encoder", "shared")
                state.save(state_file, {"digest": context.identity(encoder)})
            before = FinishedStage(state_file, context.identity(encoder))
        return train_network(run, sampler, context, before)[1]

    return stage_of
