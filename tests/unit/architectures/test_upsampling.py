"""The folded tail against its definition; arithmetic counted by the definition."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dasr.architectures import build_network, count_flops
from dasr.architectures.upsampling import ShuffledConv
from dasr.config import DASRConfig


@pytest.mark.parametrize("factor", [2, 3])
def test_folding_is_shuffle_then_convolution(factor: int) -> None:
    torch.manual_seed(0)
    tail = ShuffledConv(4, 3, factor).double()
    plain = nn.Conv2d(4, 3, 3, padding=1).double()
    plain.load_state_dict(tail.state_dict())
    x = torch.randn(2, 4 * factor**2, 5, 7, dtype=torch.float64, requires_grad=True)
    ours, theirs = tail(x), plain(F.pixel_shuffle(x, factor))
    torch.testing.assert_close(ours, theirs)  # borders included
    weights = torch.randn_like(ours)
    mine = torch.autograd.grad((ours * weights).sum(), [x, *tail.parameters()])
    other = torch.autograd.grad((theirs * weights).sum(), [x, *plain.parameters()])
    torch.testing.assert_close(mine, other)


def test_flops_are_the_definitions() -> None:
    config = DASRConfig(num_groups=1, num_blocks=1, num_features=8, compressed_features=8)
    network = build_network(config, 4)
    folded = count_flops(network)
    network.generator.tail = nn.Conv2d(8, 3, 3, padding=1)
    network.generator.upsample.append(nn.PixelShuffle(2))
    assert folded == count_flops(network)
