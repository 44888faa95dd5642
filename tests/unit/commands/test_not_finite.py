"""A network whose arithmetic overflows writes no picture and gives no representation."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from dasr.architectures import Network, build_network
from dasr.checkpoint import save_network
from dasr.config import Degradation, Kernel
from dasr.config.embedded import RepresentationConfig
from dasr.errors import UserError
from dasr.evaluation.representations import represent_task
from dasr.terms.tasks import KERNEL_WIDTH
from tests.tiny import images, model_config, packed
from tests.unit.commands.conftest import Outcome

Run = Callable[..., Outcome]


def _overflowing(part: str) -> Network:
    network = build_network(model_config(), 2).eval()
    with torch.no_grad():
        for weight in getattr(network, part).parameters():
            weight.fill_(3e38)
    return network


@pytest.mark.parametrize("command", ["upscale", "sheet"])
def test_no_picture_is_written(dasr: Run, photo: Path, tmp_path: Path, command: str) -> None:
    model, out = tmp_path / "huge.safetensors", tmp_path / "out"
    save_network(model, _overflowing("generator"), {})
    arguments = {"upscale": ["--model", model, photo], "sheet": [model, photo]}[command]
    done = dasr(command, *arguments, "--out", out)
    assert done.code == 2
    assert f"{photo}: the result holds NaN or infinite values" in done.err
    assert not [path for path in out.glob("**/*") if path.is_file()]


def test_no_representation_is_embedded(tmp_path: Path) -> None:
    classes = {"kernel_width": (Degradation(kernel=Kernel.of_width(1.2)),)}
    config = RepresentationConfig(classes=classes, crop_size=8, crops_per_image=2, seed=0)
    with pytest.raises(UserError, match=r"tiny/image0 at width 1\.2, noise 0 holds NaN"):
        represent_task(
            _overflowing("encoder"),
            packed(tmp_path, images(1, 32, 32)),
            KERNEL_WIDTH,
            config,
            scale=2,
            device=torch.device("cpu"),
        )
