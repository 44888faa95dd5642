"""RCAN against its paper: sizes, parameters and what its layers compute."""

from dataclasses import replace

import pytest
import torch

from dasr.architectures import build_network, count_flops, count_parameters
from dasr.config.models.rcan import RCANConfig

PUBLISHED_CODE = 15_592_379
"""Parameters at x4 of the code that its authors published, with the frozen layers that
subtract and add the mean colour."""
SMALL = RCANConfig(num_groups=2, num_blocks=3, num_features=8, reduction=4)


def _conv(channels_in: int, channels_out: int, side: int = 3) -> int:
    return side**2 * channels_in * channels_out + channels_out


def test_parameters_are_the_published_ones() -> None:
    with torch.device("meta"):
        found = count_parameters(build_network(RCANConfig(), 4))
    mean_shift = 2 * _conv(3, 3, side=1)
    assert found == PUBLISHED_CODE - mean_shift == 15_592_355
    assert f"{found / 1e6:.2f}" == "15.59"
    assert f"{found / 1024 / 1000:.1f}" == "15.2"  # DASR's Table 3, in M


@pytest.mark.parametrize(("scale", "factors"), [(2, [2]), (3, [3]), (4, [2, 2])])
def test_parameters_by_hand(scale: int, factors: list[int]) -> None:
    block = 2 * _conv(64, 64) + _conv(64, 4, side=1) + _conv(4, 64, side=1)
    body = 10 * (20 * block + _conv(64, 64)) + _conv(64, 64)
    upsampler = sum(_conv(64, 64 * factor**2) for factor in factors)
    with torch.device("meta"):
        found = count_parameters(build_network(RCANConfig(), scale))
    assert found == _conv(3, 64) + body + upsampler + _conv(64, 3)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_arithmetic_by_hand(scale: int) -> None:
    config = replace(SMALL, upsampler="single")
    convs = 9 * (3 * 8 + (2 * (2 * 3 + 1) + 1) * 8 * 8 + 8 * 3 * scale**2)
    attention = 6 * (8 * 2 + 2 * 8)
    assert count_flops(build_network(config, scale)) == 2 * (convs * 48 * 48 + attention)


def test_computes_what_its_paper_says() -> None:
    network = build_network(SMALL, 3).eval()
    lr_image = torch.rand(2, 3, 7, 9) * 255
    weights = network.state_dict()

    def of(name: str) -> tuple[torch.Tensor, torch.Tensor]:
        return weights[f"generator.{name}.weight"], weights[f"generator.{name}.bias"]

    def conv(name: str, x: torch.Tensor) -> torch.Tensor:
        weight, bias = of(name)
        return torch.nn.functional.conv2d(x, weight, bias, padding=1)

    def attended(name: str, x: torch.Tensor) -> torch.Tensor:
        (down, down_bias), (up, up_bias) = (of(f"{name}.coefficients.{n}") for n in (0, 2))
        found = torch.empty_like(x)
        for image in range(len(x)):
            means = torch.stack([channel.sum() / channel.numel() for channel in x[image]])
            hidden = (down @ means + down_bias).clamp(min=0)
            coefficients = 1 / (1 + torch.exp(-(up @ hidden + up_bias)))
            for number, coefficient in enumerate(coefficients):
                found[image, number] = coefficient * x[image, number]
        return found

    mean = 255 * torch.tensor([0.4488, 0.4371, 0.4040]).view(3, 1, 1)  # RGB of DIV2K
    shallow = conv("head", lr_image - mean)
    deep = shallow
    for group in range(2):
        inside = deep
        for block in range(3):
            name = f"groups.{group}.blocks.{block}"
            out = conv(f"{name}.convs.0", inside).clamp(min=0)
            inside = inside + attended(f"{name}.attention", conv(f"{name}.convs.1", out))
        deep = deep + conv(f"groups.{group}.conv", inside)
    deep = conv("body_conv", deep) + shallow
    large = torch.nn.functional.pixel_shuffle(conv("upsample.0", deep), 3)
    with torch.no_grad():
        torch.testing.assert_close(
            network(lr_image), conv("tail", large) + mean, rtol=1e-4, atol=1e-3
        )


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ({"num_groups": 0}, "num_groups must be positive"),
        ({"num_blocks": -1}, "num_blocks must be positive"),
        ({"num_features": 8}, "reduction 16 leaves nothing of 8 num_features"),
    ],
)
def test_sizes_that_cannot_be_built_are_refused(sizes: dict[str, int], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        RCANConfig(**sizes)
