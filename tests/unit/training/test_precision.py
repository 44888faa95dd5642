"""Training in bfloat16: what is in it, what stays in float32."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dasr.architectures import build_network
from dasr.config import TrainingConfig
from dasr.degradation import enlarge
from dasr.training import step
from tests.tiny import model_config, run_config
from tests.unit.training.conftest import Train

BF16 = {"precision": "bf16"}


def test_float32_is_the_default() -> None:
    assert TrainingConfig().precision == "float32"


LOSSES = ("l1", "contrastive")


@pytest.mark.parametrize("stage", ["encoder", "joint"])
def test_all_that_is_kept_is_float32(train: Train, stage: str) -> None:
    state = train(run_config(training=BF16), stage)
    kept = [*state.modules.state_dict().values()]
    kept += [value for each in state.optimizer.state.values() for value in each.values()]
    assert {tensor.dtype for tensor in kept if tensor.is_floating_point()} == {torch.float32}
    read = torch.tensor(
        [[row[name] for name in LOSSES if name in row] for row in state.history]
    )
    assert read.isfinite().all()


@pytest.mark.parametrize("stage", ["encoder", "joint"])
def test_losses_are_near_those_of_float32(train: Train, stage: str) -> None:
    own_stage = {"encoder_epochs": 0} if stage == "joint" else {}
    exact, rough = (
        train(run_config(training={"precision": precision, **own_stage}), stage, precision)
        for precision in ("float32", "bf16")
    )
    assert exact.history != rough.history
    # bfloat16 has eight bits: 0.4 % a rounding, and several roundings in a row
    for ours, theirs in zip(rough.history, exact.history, strict=True):
        for name in set(LOSSES) & set(theirs):
            assert ours[name] == pytest.approx(theirs[name], rel=0.1)


@pytest.mark.parametrize(
    ("precision", "dtype"), [("float32", torch.float32), ("bf16", torch.bfloat16)]
)
def test_convolutions_and_losses_get_their_types(
    train: Train, monkeypatch: pytest.MonkeyPatch, precision: str, dtype: torch.dtype
) -> None:
    convolved: set[torch.dtype] = set()
    compared: set[torch.dtype] = set()

    def note(module: nn.Module, inputs: object, output: Tensor) -> None:
        if isinstance(module, nn.Conv2d | nn.Linear):
            convolved.add(output.dtype)

    def noting(loss: object) -> object:
        def noted(*tensors: Tensor) -> Tensor:
            compared.update(tensor.dtype for tensor in tensors)
            return loss(*tensors)  # type: ignore[operator]

        return noted

    for module, name in ((F, "l1_loss"), (step, "contrastive_loss")):
        monkeypatch.setattr(module, name, noting(getattr(module, name)))
    hook = nn.modules.module.register_module_forward_hook(note)
    try:
        train(run_config(training={"precision": precision}), "joint")
    finally:
        hook.remove()
    assert convolved == {dtype}
    assert compared == {torch.float32}


def test_bicubic_skip_is_not_rounded() -> None:
    network = build_network(model_config(bicubic_skip=True), 2)
    lr_image = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 255
    with torch.autocast("cpu", torch.bfloat16):
        sr = network(lr_image)
    # an untrained network of this kind adds nothing to the enlargement
    assert torch.equal(sr, enlarge(lr_image, 2))
