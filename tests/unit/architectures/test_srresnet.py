"""A plain network without conditioning."""

from pathlib import Path

import pytest
import torch

from dasr.architectures import build_network, count_flops, count_parameters
from dasr.checkpoint import load_network, save_network
from dasr.commands.imported import import_network
from dasr.config import ImportedConfig, MethodConfig
from dasr.config.models.srresnet import SRResNetConfig
from dasr.config.network_file import ImportedModel, imported_models
from dasr.config.strict import apply_overrides
from dasr.degradation import enlarge
from dasr.errors import UserError

WITHOUT = {"contrastive": {"enabled": False}}


def _conv(channels_in: int, channels_out: int) -> int:
    return 9 * channels_in * channels_out + channels_out


def test_parameters_by_hand() -> None:
    # head, 16 blocks of two, closing convolution; x4 as x2 twice with 256 outputs each, RGB
    body = _conv(3, 64) + 33 * _conv(64, 64)
    staged = body + 2 * _conv(64, 256) + _conv(64, 3)
    assert count_parameters(build_network(SRResNetConfig(), 4)) == staged == 1_517_571
    single = SRResNetConfig(num_blocks=3, num_features=8, upsampler="single")
    count = _conv(3, 8) + 7 * _conv(8, 8) + _conv(8, 27)
    assert count_parameters(build_network(single, 3)) == count


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_arithmetic_by_hand(scale: int) -> None:
    config = SRResNetConfig(num_blocks=2, num_features=8)
    factors = {2: [2], 3: [3], 4: [2, 2]}[scale]
    products, pixels = 3 * 8 + 5 * 8 * 8, 48 * 48
    total = products * pixels
    for factor in factors:
        total += 8 * 8 * factor**2 * pixels
        pixels *= factor**2
    assert count_flops(build_network(config, scale)) == 2 * 9 * (total + 8 * 3 * pixels)


def test_computes_what_its_layers_say() -> None:
    network = build_network(SRResNetConfig(num_blocks=2, num_features=8), 2).eval()
    lr_image = torch.rand(2, 3, 7, 9) * 255
    weights = network.state_dict()

    def conv(name: str, x: torch.Tensor) -> torch.Tensor:
        weight, bias = (weights[f"generator.{name}.{kind}"] for kind in ("weight", "bias"))
        return torch.nn.functional.conv2d(x, weight, bias, padding=1)

    mean = 255 * torch.tensor([0.4488, 0.4371, 0.4040]).view(3, 1, 1)  # RGB of DIV2K
    shallow = conv("head", lr_image - mean)
    deep = shallow
    for block in range(2):
        inner = conv(f"blocks.{block}.convs.0", deep).clamp(min=0)
        deep = deep + conv(f"blocks.{block}.convs.1", inner)
    deep = conv("body_conv", deep) + shallow
    large = torch.nn.functional.pixel_shuffle(conv("upsample.0", deep), 2)
    with torch.no_grad():
        torch.testing.assert_close(
            network(lr_image), conv("tail", large) + mean, rtol=1e-4, atol=1e-3
        )


@pytest.mark.parametrize("upsampler", ["staged", "single"])
def test_bicubic_skip_starts_at_bicubic(upsampler: str) -> None:
    config = SRResNetConfig(
        num_blocks=1, num_features=8, bicubic_skip=True, upsampler=upsampler
    )
    lr_image = torch.rand(1, 3, 8, 10) * 255
    with torch.no_grad():
        assert torch.equal(build_network(config, 3)(lr_image), enlarge(lr_image, 3))


def test_contrast_is_refused() -> None:
    overrides = {"model": {"architecture": "srresnet"}}
    told = "'srresnet' with representation 'none' has no encoder: set contrastive.enabled to"
    with pytest.raises(UserError, match=rf"a\.yaml: model: {told}"):
        apply_overrides(MethodConfig(), overrides, "a.yaml")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"num_groups": 2}, "unknown key 'num_groups'"),
        ({"representation": "learned"}, r"representation: .*allowed: \['none'\]"),
        ({"num_blocks": 0}, "num_blocks must be positive"),
    ],
)
def test_options_of_others_are_refused(options: dict[str, object], told: str) -> None:
    overrides = {"model": {"architecture": "srresnet", **options}, **WITHOUT}
    with pytest.raises(UserError, match=told):
        apply_overrides(MethodConfig(), overrides, "a.yaml")


def test_another_study_imports_it(tmp_path: Path) -> None:
    source, out = tmp_path / "x4.safetensors", tmp_path / "here.safetensors"
    network = build_network(SRResNetConfig(num_blocks=1, num_features=8), 4).eval()
    save_network(source, network, {"method": "srresnet"})
    theirs = ImportedConfig(name="a", title="A", regime="r", files={4: str(source)})
    told = ImportedModel(architecture="srresnet", representation="none")
    assert imported_models([theirs]) == (told,)
    import_network(
        source, name="a", regime="r", scale=4, network_file=out, run_file=tmp_path / "run.yaml"
    )
    lr_image = torch.rand(1, 3, 8, 8) * 255
    with torch.inference_mode():
        assert torch.equal(load_network(out)[0](lr_image), network(lr_image))
