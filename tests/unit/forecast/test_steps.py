"""What a step takes, against PyTorch's own counter, and against the files of a training."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from dasr.architectures import build_network
from dasr.config import Degradation, Kernel
from dasr.config.models.srresnet import SRResNetConfig
from dasr.data.batches import Batch
from dasr.degradation import DegradationBatch
from dasr.forecast.steps import Operations, StepCosts, step_cost, step_key
from dasr.training.state import TrainingState
from dasr.training.step import descend, new_learner, step_losses
from tests.tiny import model_config, run_config

MODELS = {
    "learned": model_config(),
    "oracle": model_config(representation="oracle"),
    "vanilla": model_config(kernel_branch=False, channel_branch=False, concatenation=True),
    "bicubic": model_config(bicubic_skip=True, upsampler="single"),
    "srresnet": SRResNetConfig(num_blocks=1, num_features=8),
}


def _truth(count: int) -> DegradationBatch:
    return DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.0))] * count)


@pytest.mark.parametrize("name", MODELS)
def test_operations_are_those_of_pytorchs_counter(name: str) -> None:
    network = build_network(MODELS[name], 2)
    network.compute_by_definition()
    lr_image = torch.zeros(2, 3, 12, 12)
    with FlopCounterMode(display=False) as expected, Operations() as counted:
        network(lr_image, _truth(2))
    assert counted.forward == expected.get_total_flops() > 0
    # but for the bicubic skip, which nothing is learned of
    assert 1.8 * counted.forward < counted.backward <= 2 * counted.forward


def test_what_needs_no_gradient_has_no_backward_pass() -> None:
    with Operations() as counted, torch.no_grad():
        build_network(model_config(), 2)(torch.zeros(1, 3, 8, 8), None)
    assert counted.forward > 0
    assert counted.backward == 0


def test_small_steps_tell_of_large_ones() -> None:
    """A joint step of 4 pairs of 20x20: encoders, generator and queue, taken in full."""
    run = run_config(training={"batch_size": 4, "patch_size": 20})
    stage, model = run.joint_stage(), run.settings.model
    learner = new_learner(stage, model)
    batch = Batch(torch.zeros(4, 2, 3, 20, 20), torch.zeros(4, 2, 3, 40, 40), _truth(4))
    with Operations() as whole:
        step_losses(learner, batch)
    cost = step_cost(stage, model)
    assert cost.flops == pytest.approx(whole.forward + whole.backward, rel=1e-6)
    larger = step_cost(replace(stage, training=replace(stage.training, patch_size=40)), model)
    smaller = step_cost(replace(stage, training=replace(stage.training, batch_size=2)), model)
    assert 3.9 * cost.flops < larger.flops < 4 * cost.flops
    assert 3.9 * cost.kept_bytes < larger.kept_bytes < 4 * cost.kept_bytes
    assert smaller.flops == pytest.approx(cost.flops / 2)
    assert cost.network_bytes == larger.network_bytes == smaller.network_bytes


def test_sizes_are_those_of_files(tmp_path: Path) -> None:
    """A state after one step; safetensors adds a header of a few kilobytes."""
    run = run_config()
    stage = run.encoder_stage()
    assert stage is not None
    learner = new_learner(stage, None)
    state = TrainingState(learner.modules())
    lr_images = torch.rand(2, 2, 3, 8, 8) * 255
    batch = Batch(lr_images, torch.zeros(2, 2, 3, 16, 16), _truth(2))
    descend(state.optimizer, step_losses(learner, batch), {}, 1e-3)
    state.save(tmp_path / "state.safetensors", {})
    size = (tmp_path / "state.safetensors").stat().st_size
    cost = step_cost(stage, None)
    assert 0 < size - cost.state_bytes < 20_000
    assert cost.network_bytes == 0
    assert cost.gradient_bytes == sum(p.numel() * 4 for p in state.parameters.values())


def test_the_same_step_has_the_same_key() -> None:
    run = run_config()
    stage, model = run.joint_stage(), run.settings.model
    key = step_key(stage, model)
    assert step_key(replace(stage, seed=7), model) == key
    rate = replace(stage.training, learning_rate=1.0, epochs=9)
    assert step_key(replace(stage, training=rate), model) == key
    others = [
        step_key(replace(stage, scale=4), model),
        step_key(replace(stage, training=replace(stage.training, batch_size=4)), model),
        step_key(stage, model_config(num_features=16)),
        step_key(replace(stage, contrastive=replace(stage.contrastive, weight=0.0)), model),
    ]
    assert len({key, *others}) == 5


def test_each_step_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run, costs = run_config(), StepCosts()
    first = costs.of(run.joint_stage(), run.settings.model)
    monkeypatch.setattr("dasr.forecast.steps.step_cost", lambda *_: pytest.fail("again"))
    assert costs.of(replace(run.joint_stage(), seed=5), run.settings.model) is first
