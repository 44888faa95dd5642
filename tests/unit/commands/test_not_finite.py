"""A network whose arithmetic overflows writes no picture and gives no representation."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from dasr.architectures import Network, build_network
from dasr.checkpoint import save_network
from dasr.config import EmbeddingConfig, Kernel
from dasr.embedding.extract import embed
from dasr.errors import UserError
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
    with pytest.raises(UserError, match=r"tiny/image0 at kernel 1\.2, noise 0 holds NaN"):
        embed(
            _overflowing("encoder"),
            packed(tmp_path, images(1, 32, 32)),
            [(1.2, Kernel(lambda_1=1.2, lambda_2=1.2), 0.0)],
            EmbeddingConfig(crop_size=8, crops_per_image=2),
            task="kernel_width",
            scale=2,
            downsample="bicubic",
            device=torch.device("cpu"),
        )
