"""Encoder, momentum contrast, generator: architecture only."""

from dasr.model.cost import count_flops, count_parameters
from dasr.model.encoder import Encoder, MomentumContrast
from dasr.model.network import DASR, Generator
from dasr.model.oracle import OracleEncoder, encode_degradation

__all__ = [
    "DASR",
    "Encoder",
    "Generator",
    "MomentumContrast",
    "OracleEncoder",
    "count_flops",
    "count_parameters",
    "encode_degradation",
]
