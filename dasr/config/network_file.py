"""What a network's file tells of its architecture, read at planning: no torch, no tensors."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dasr.config.architectures import AnyModelConfig, default_model
from dasr.config.checks import require
from dasr.config.image_file import require_regular
from dasr.config.methods import ImportedConfig
from dasr.config.models.base import ModelConfig
from dasr.config.strict import convert
from dasr.errors import UserError
from dasr.terms.cards import CARD

LENGTH_BYTES = 8
"""A safetensors file begins with the length of its header, little-endian; JSON follows."""
LONGEST_HEADER = 100_000_000
"""Bytes: of a longer header safetensors itself reads nothing."""


@dataclass(frozen=True, kw_only=True)
class ImportedModel:
    """What the networks of an imported method are, at every scale."""

    architecture: str
    representation: str


def imported_models(networks: Sequence[ImportedConfig]) -> tuple[ImportedModel, ...]:
    """Return what each method's files tell, in the order of the methods.

    Raises:
        ValueError: the files of one method tell different things.
    """
    return tuple(_common_model(network) for network in networks)


def file_model(path: Path) -> ImportedModel:
    """Return what a file tells of its network.

    The authors' files tell nothing, and are of the default architecture. So is taken what
    is missing, damaged or foreign: planning asks for files, and the job that imports them
    reads all of a file and refuses it by name.
    """
    model = default_model()
    if path.suffix == ".safetensors":
        try:
            model = _card_model(path)
        # TypeError: text where a mapping should be; RecursionError: crafted depths
        except (UserError, OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
    return ImportedModel(architecture=model.architecture, representation=model.representation)


def _common_model(network: ImportedConfig) -> ImportedModel:
    found = {scale: file_model(Path(path)) for scale, path in network.files.items()}
    told = {
        scale: f"{model.architecture}, representation {model.representation}"
        for scale, model in found.items()
    }
    require(
        len(set(told.values())) == 1,
        f"imported: {network.name}: files: networks of one method are alike, got {told}",
    )
    return next(iter(found.values()))


def _card_model(path: Path) -> ModelConfig:
    require_regular(path)
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        require(length <= LONGEST_HEADER, "no header of safetensors")
        header = json.loads(file.read(length))
    card = json.loads(header["__metadata__"][CARD])
    model: ModelConfig = convert(AnyModelConfig, card["model"], "model")
    return model
