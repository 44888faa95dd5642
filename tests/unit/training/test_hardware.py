"""Layouts, compilation and number types: what they may change and what not."""

import shutil

import pytest
import torch

from dasr.config import TrainingConfig
from dasr.errors import UserError
from dasr.training.hardware import float32_units, prepare
from tests.tiny import run_config
from tests.unit.training.conftest import Train


def test_tf32_is_refused_without_cuda(train: Train) -> None:
    with pytest.raises(UserError, match=r"precision: tf32 .* not cpu: use float32"):
        train(run_config(training={"precision": "tf32"}), "encoder")


def test_mixed_precision_lays_channels_last() -> None:
    modules = torch.nn.ModuleDict({"conv": torch.nn.Conv2d(4, 4, 3)})
    layout = torch.channels_last
    weight = modules["conv"].weight
    prepare(modules, [], TrainingConfig().of_stage("joint"), torch.device("cpu"))
    assert not weight.is_contiguous(memory_format=layout)
    mixed = TrainingConfig(precision="bf16").of_stage("joint")
    prepare(modules, [], mixed, torch.device("cpu"))
    assert weight.is_contiguous(memory_format=layout)


def test_tf32_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.backends.cudnn.allow_tf32
    for precision, expected in (("tf32", True), ("float32", False)):
        with float32_units(precision, torch.device("cuda")):
            assert torch.backends.cudnn.allow_tf32 is expected
            assert torch.backends.cuda.matmul.allow_tf32 is expected
        assert torch.backends.cudnn.allow_tf32 is before


@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile needs a C++ compiler")
@pytest.mark.filterwarnings("ignore")  # of PyTorch about itself
def test_compiled_training_is_near_eager(train: Train) -> None:
    config = {"encoder_epochs": 0}
    eager = train(run_config(training=config), "joint", "eager")
    compiled = train(run_config(training={**config, "compile": True}), "joint", "compiled")
    names = [*compiled.modules.state_dict()]
    assert names == [*eager.modules.state_dict()]  # files stay exchangeable
    for ours, theirs in zip(compiled.history, eager.history, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-3)
