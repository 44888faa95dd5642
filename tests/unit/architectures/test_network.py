"""Sizes and shapes of the networks, and what each option does."""

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor

from dasr.architectures import Network, build_network, count_flops, count_parameters
from dasr.architectures.dasr import Generator
from dasr.architectures.encoder import Encoder
from dasr.config import DASRConfig, Degradation, Kernel
from dasr.degradation import DegradationBatch, enlarge
from dasr.seeds import initialisation
from tests.tiny import model_config

TRUTH = DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.2), noise_level=5.0)] * 2)
OTHER_VALUES: dict[str, Any] = {"representation": "oracle", "upsampler": "single"}


OPTIONS = [
    field.name
    for field in dataclasses.fields(DASRConfig)
    if field.name != "architecture" and not field.name.startswith("denoise")
]
"""Of encoder and generator; a denoiser's are in test_rivals.py."""


def _network(scale: int = 2, **changes: Any) -> Network:
    with initialisation(0):
        return build_network(model_config(**changes), scale).eval()


def _lr_images() -> Tensor:
    return torch.rand(2, 3, 9, 11, generator=torch.Generator().manual_seed(1)) * 255


def test_parameter_counts_are_the_released_networks() -> None:
    mean_shifts = 2 * (3 * 3 + 3)  # frozen convolutions there, a constant here
    generator = sum(p.numel() for p in Generator(DASRConfig(), 4).parameters())
    assert generator + mean_shifts == 4_690_523
    assert sum(p.numel() for p in Encoder(64).parameters()) == 1_278_784


def test_count_parameters_adds_both() -> None:
    network = _network()
    expected = sum(p.numel() for p in network.generator.parameters())
    expected += sum(p.numel() for p in network.encoder.parameters())
    assert count_parameters(network) == expected


def test_count_flops_of_one_more_group() -> None:
    one = _network(kernel_branch=False)
    two = _network(kernel_branch=False, num_groups=2)
    convolutions = 3 * (2 * 9 * 8 * 8) * 48 * 48  # two in the block, one closing the group
    coefficients = 2 * (2 * 8 * 4 + 2 * 4 * 8)  # 8 -> 4 -> 8 in each DA convolution
    assert count_flops(two) - count_flops(one) == convolutions + coefficients


@pytest.mark.parametrize("upsampler", ["staged", "single"])
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_shapes(scale: int, upsampler: str) -> None:
    network = _network(scale, upsampler=upsampler)
    representation, projection = network.encoder(_lr_images())
    assert representation.shape == projection.shape == (2, 16)
    assert network.generator.compress(representation).shape == (2, 8)
    assert network(_lr_images()).shape == (2, 3, 9 * scale, 11 * scale)


@pytest.mark.parametrize("upsampler", ["staged", "single"])
def test_bicubic_skip_starts_at_bicubic(upsampler: str) -> None:
    network = _network(4, bicubic_skip=True, upsampler=upsampler)
    with torch.no_grad():
        assert torch.equal(network(_lr_images()), enlarge(_lr_images(), 4))


@pytest.mark.parametrize("field", OPTIONS)
def test_every_option_changes_the_network(field: str) -> None:
    value = getattr(model_config(), field)
    other = OTHER_VALUES.get(field, not value if isinstance(value, bool) else 2 * value)
    before, after = _network(), _network(**{field: other})
    shapes = [
        {name: p.shape for name, p in network.named_parameters()} for network in (before, after)
    ]
    with torch.no_grad():
        outputs = [network(_lr_images(), TRUTH) for network in (before, after)]
    if field == "bicubic_skip":
        assert shapes[0] == shapes[1]
        assert not torch.allclose(*outputs)
    else:
        assert shapes[0] != shapes[1]


def test_ablated_branches_are_gone() -> None:
    names = [name for name, _ in _network(channel_branch=False).named_parameters()]
    assert any(".kernel." in name for name in names)
    assert not any("coefficients" in name for name in names)
    names = [name for name, _ in _network(kernel_branch=False).named_parameters()]
    assert any("coefficients" in name for name in names)
    assert not any(".kernel." in name for name in names)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"kernel_branch": False},
        {"channel_branch": False},
        {"kernel_branch": False, "channel_branch": False, "concatenation": True},
    ],
)
def test_every_variant_reads_the_representation(options: dict[str, Any]) -> None:
    generator = _network(**options).generator
    rng = torch.Generator().manual_seed(2)
    first, second = torch.randn(2, 2, 16, generator=rng)
    with torch.no_grad():
        same, other = generator(_lr_images(), first), generator(_lr_images(), second)
    assert not torch.allclose(same, other)


def test_images_of_a_batch_do_not_mix() -> None:
    network, images = _network(), _lr_images()
    with torch.no_grad():
        together = network(images)
        alone = torch.cat([network(images[:1]), network(images[1:])])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-3)


def test_learned_representation_ignores_the_truth() -> None:
    network = _network()
    with torch.no_grad():
        assert torch.equal(network(_lr_images()), network(_lr_images(), TRUTH))


def test_mean_shift_cancels() -> None:
    # nothing but the mean is left when the last convolution is silent
    generator = _network().generator
    torch.nn.init.zeros_(generator.tail.weight)
    torch.nn.init.zeros_(generator.tail.bias)
    with torch.no_grad():
        sr = generator(_lr_images(), torch.zeros(2, 16))
    expected = torch.tensor([114.444, 111.4605, 103.02])  # DIV2K mean times 255
    torch.testing.assert_close(sr, expected.view(1, 3, 1, 1).expand_as(sr))
