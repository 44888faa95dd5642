"""Networks: architecture only. One module per architecture, found by its name."""

from dasr.architectures.base import Network
from dasr.architectures.cost import count_flops, count_parameters
from dasr.architectures.registry import build_network, build_part, sizes_of

__all__ = [
    "Network",
    "build_network",
    "build_part",
    "count_flops",
    "count_parameters",
    "sizes_of",
]
