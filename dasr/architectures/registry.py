"""From an architecture's configuration to its network, by the module of its name."""

import importlib
from types import ModuleType

from torch import Tensor

from dasr.architectures.base import Network
from dasr.architectures.dncnn import Denoised, sizes_of_denoiser
from dasr.architectures.parts import Part
from dasr.config.architectures import architecture_module
from dasr.config.models.base import ModelConfig
from dasr.config.models.parts import PartConfig


def build_network(config: ModelConfig, scale: int) -> Network:
    """Return a new network of an architecture for one scale, a denoiser in front if asked."""
    network: Network = _module(config.architecture).build(config, scale)
    return network if config.denoiser is None else Denoised(network, config.denoiser)


def build_part(config: PartConfig, scale: int) -> Part:
    """Return a new part of networks for one scale, to be trained alone."""
    part: Part = _module(config.BUILT_BY).build_part(config, scale)
    return part


def sizes_of(config: ModelConfig, tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the tensors of a file say of a configuration's sizes, by field."""
    inside = tensors
    if config.denoiser is not None:
        begin = "network."
        inside = {
            name.removeprefix(begin): tensor
            for name, tensor in tensors.items()
            if name.startswith(begin)
        }
    sizes: dict[str, int] = _module(config.architecture).sizes(inside)
    return sizes if config.denoiser is None else {**sizes, **sizes_of_denoiser(tensors)}


def _module(name: str) -> ModuleType:
    return importlib.import_module(architecture_module(name))
