"""The architectures by name: the one place where an architecture is made known."""

from typing import Annotated

from dasr.config.models.base import ModelConfig
from dasr.config.models.dasr import DASRConfig
from dasr.config.models.rcan import RCANConfig
from dasr.config.models.srresnet import SRResNetConfig
from dasr.config.strict import Alternatives

ARCHITECTURES: dict[str, type[ModelConfig]] = {
    "dasr": DASRConfig,
    "rcan": RCANConfig,
    "srresnet": SRResNetConfig,
}
"""Each is built by the module of its name in `dasr.architectures`."""

DEFAULT_ARCHITECTURE = "dasr"
"""Of configurations and cards that name none."""

AnyModelConfig = Annotated[
    ModelConfig, Alternatives("architecture", ARCHITECTURES, DEFAULT_ARCHITECTURE)
]
"""Type of a field whose key `architecture` chooses among `ARCHITECTURES`."""


def default_model() -> ModelConfig:
    """Return the default architecture with its defaults."""
    return ARCHITECTURES[DEFAULT_ARCHITECTURE]()  # type: ignore[call-arg] # all have defaults


def architecture_module(name: str) -> str:
    """Return the name of the module that builds an architecture."""
    return f"dasr.architectures.{name}"
