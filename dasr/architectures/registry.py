"""From an architecture's configuration to its network, by the module of its name."""

import importlib
from types import ModuleType

from torch import Tensor

from dasr.architectures.base import Network
from dasr.config.architectures import architecture_module
from dasr.config.models.base import ModelConfig


def build_network(config: ModelConfig, scale: int) -> Network:
    """Return a new network of an architecture for one scale."""
    network: Network = _module(config).build(config, scale)
    return network


def sizes_of(config: ModelConfig, tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the tensors of a file say of a configuration's sizes, by field."""
    sizes: dict[str, int] = _module(config).sizes(tensors)
    return sizes


def _module(config: ModelConfig) -> ModuleType:
    return importlib.import_module(architecture_module(config.architecture))
