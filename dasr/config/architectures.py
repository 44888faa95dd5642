"""The architectures by name: the one place where an architecture is made known."""

from typing import Annotated

from dasr.config.models.base import ModelConfig
from dasr.config.models.dasr import DASRConfig
from dasr.config.models.denoiser import DenoiserConfig
from dasr.config.models.ikc import IKCConfig, SFTMDConfig
from dasr.config.models.parts import PartConfig
from dasr.config.models.rcan import RCANConfig
from dasr.config.models.srmd import SRMDConfig
from dasr.config.models.srresnet import SRResNetConfig
from dasr.config.strict import Alternatives

ARCHITECTURES: dict[str, type[ModelConfig]] = {
    "dasr": DASRConfig,
    "ikc": IKCConfig,
    "rcan": RCANConfig,
    "srresnet": SRResNetConfig,
    "srmd": SRMDConfig,
}
"""Each is built by the module of its name in `dasr.architectures`."""

PARTS: dict[str, type[PartConfig]] = {
    "dncnn": DenoiserConfig,
    "sftmd": SFTMDConfig,
}
"""What is trained in a stage of its own before a network is."""

DEFAULT_ARCHITECTURE = "dasr"
"""Of configurations and cards that name none."""

AnyModelConfig = Annotated[
    ModelConfig, Alternatives("architecture", ARCHITECTURES, DEFAULT_ARCHITECTURE)
]
"""Type of a field whose key `architecture` chooses among `ARCHITECTURES`."""

AnyPartConfig = Annotated[PartConfig, Alternatives("part", PARTS, next(iter(PARTS)))]
"""Type of a field whose key `part` chooses among `PARTS`."""


def default_model() -> ModelConfig:
    """Return the default architecture with its defaults."""
    return ARCHITECTURES[DEFAULT_ARCHITECTURE]()  # type: ignore[call-arg] # all have defaults


def architecture_module(name: str) -> str:
    """Return the name of the module that builds an architecture."""
    return f"dasr.architectures.{name}"


def modules_of_model(model: ModelConfig) -> list[str]:
    """Return the modules that build a network: its architecture's, and those of its parts."""
    names = [model.architecture, *(part.BUILT_BY for part in model.parts.values())]
    return [architecture_module(name) for name in dict.fromkeys(names)]
