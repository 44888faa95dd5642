"""What a network costs: parameters and arithmetic."""

import copy

import torch
from torch.utils.flop_counter import FlopCounterMode

from dasr.config import Degradation, Kernel
from dasr.degradation import DegradationBatch
from dasr.model.network import DASR
from dasr.model.upsampling import ShuffledConv

COST_PATCH = 48
"""Side of the LR patch that costs are quoted for (the paper's training patch)."""


def count_parameters(network: DASR) -> int:
    """Return the number of trainable numbers in encoder and generator."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_flops(network: DASR) -> int:
    """Return multiplications plus additions of one forward pass of a 48x48 LR patch.

    By the network's definition: what its layers compute, not how they are folded.
    """
    network = copy.deepcopy(network).cpu()  # PyTorch cannot count what is fused on a GPU
    tail = network.generator.tail
    if isinstance(tail, ShuffledConv):
        tail.folded = False
    weight = next(network.parameters())
    lr_image = torch.zeros(1, 3, COST_PATCH, COST_PATCH).to(weight)
    degradation = DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.0))])
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(lr_image, degradation)
    return int(counter.get_total_flops())
