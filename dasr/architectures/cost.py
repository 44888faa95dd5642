"""What a network costs: parameters and arithmetic."""

import copy

import torch

from dasr.architectures.base import Network
from dasr.config import Degradation, Kernel
from dasr.degradation import DegradationBatch

COST_PATCH = 48
"""Side of the LR patch that costs are quoted for (the paper's training patch)."""


def count_parameters(network: Network) -> int:
    """Return the number of trainable numbers in all of a network."""
    return sum(parameter.numel() for parameter in network.parameters())


def count_flops(network: Network) -> int:
    """Return multiplications plus additions of one forward pass of a 48x48 LR patch.

    By the network's definition: what its layers compute, not how they are folded.
    """
    from torch.utils.flop_counter import (
        FlopCounterMode,  # brings Triton: 0.1 s of a job's start
    )

    network = copy.deepcopy(network).cpu()  # PyTorch cannot count what is fused on a GPU
    network.compute_by_definition()
    weight = next(network.parameters())
    lr_image = torch.zeros(1, 3, COST_PATCH, COST_PATCH).to(weight)
    truth = DegradationBatch.of([Degradation(kernel=Kernel.of_width(1.0))])
    known = truth if network.config.representation == "oracle" else None
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(lr_image, known)
    return int(counter.get_total_flops())
