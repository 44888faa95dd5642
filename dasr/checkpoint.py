"""Networks and training states as safetensors: tensors plus text, no code.

A network's file carries its own card (scale, sizes, variant, regime, digest, commit), so
that the file alone is enough to use it.
"""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from dasr.config import ModelConfig, from_dict, to_dict
from dasr.errors import UserError
from dasr.files import replacing
from dasr.model import DASR

CARD = "dasr"
"""Metadata key of everything this project writes about a file, as JSON."""


def save_tensors(path: Path, tensors: dict[str, Tensor], card: dict[str, Any]) -> None:
    """Write tensors and a card of plain data to a safetensors file, whole or not at all."""
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    with replacing(path) as temporary:
        save_file(contiguous, temporary, metadata={CARD: json.dumps(to_dict(card))})


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return tensors (on the CPU) and card of a file written by `save_tensors`.

    Raises:
        UserError: missing, truncated, or not written by this project.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path}: not a whole safetensors file: {error}") from None
    if CARD not in metadata:
        raise UserError(f"{path}: no {CARD!r} card inside: not written by this project")
    return tensors, json.loads(metadata[CARD])


def save_network(path: Path, network: DASR, model: ModelConfig, card: dict[str, Any]) -> None:
    """Write a network to use: encoder and generator, with scale and sizes in the card.

    Args:
        path: the file, named *.safetensors.
        network: what to write.
        model: its sizes and options.
        card: what else to tell of it: variant, regime, seed, step, digests, commit.
    """
    card = {**card, "kind": "network", "scale": network.generator.scale, "model": model}
    save_tensors(path, network.state_dict(), card)


def load_network(path: Path) -> tuple[DASR, dict[str, Any]]:
    """Return a network in evaluation mode, and its card.

    Raises:
        UserError: not a network's file, or one whose tensors do not fit its card.
    """
    tensors, card = load_tensors(path)
    if card.get("kind") != "network":
        raise UserError(f"{path}: holds a {card.get('kind')!r}, not a network")
    for key in ("model", "scale"):
        if key not in card:
            raise UserError(f"{path}: the network's card lacks {key!r}")
    model = from_dict(ModelConfig, card["model"], f"{path}: model")
    network = DASR(model, card["scale"])
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise UserError(f"{path}: {' '.join(str(error).split())}") from None
    return network.eval(), card
