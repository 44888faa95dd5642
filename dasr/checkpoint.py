"""Networks and training states as safetensors: tensors plus text, no code.

A network's file carries its own card (scale, sizes, variant, regime, digest, commit), so
that the file alone is enough to use it, and a digest of tensors and card, so that a damaged
file is not used.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from dasr.config import ModelConfig, from_dict, to_dict
from dasr.errors import UserError
from dasr.files import replacing
from dasr.model import DASR

CARD = "dasr"
"""Metadata key of everything this project writes about a file, as JSON."""
CONTENT = "dasr.sha256"
"""Metadata key of the digest of all tensors and the card."""

logger = logging.getLogger(__name__)


def save_tensors(path: Path, tensors: dict[str, Tensor], card: dict[str, Any]) -> None:
    """Write tensors and a card of plain data to a safetensors file, whole or not at all."""
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    text = json.dumps(to_dict(card))
    metadata = {CARD: text, CONTENT: _content_digest(contiguous, text)}
    with replacing(path) as temporary:
        save_file(contiguous, temporary, metadata=metadata)


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return tensors (on the CPU) and card of a file written by `save_tensors`.

    The digest of what is read is compared with that of what was written. Files of
    versions that wrote none are read unverified, with a line in the log.

    Raises:
        UserError: missing, truncated, damaged, or not written by this project.
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
    if CONTENT not in metadata:
        logger.warning("%s: holds no digest of its tensors, so it is not verified", path)
    elif metadata[CONTENT] != _content_digest(tensors, metadata[CARD]):
        raise UserError(
            f"{path}: damaged: its contents are not what was written; delete it (a study "
            "makes its files again)"
        )
    return tensors, json.loads(metadata[CARD])


def save_network(path: Path, network: DASR, model: ModelConfig, card: dict[str, Any]) -> None:
    """Write a network to use: encoder and generator, with scale and sizes in the card.

    Args:
        path: the file, named *.safetensors.
        network: what to write.
        model: its sizes and options.
        card: what else to tell of it: variant, regime, seed, step, digests, commit.

    Raises:
        UserError: a weight is NaN or infinite.
    """
    card = {**card, "kind": "network", "scale": network.generator.scale, "model": model}
    _require_finite(path, network.state_dict())
    save_tensors(path, network.state_dict(), card)


def load_network(path: Path) -> tuple[DASR, dict[str, Any]]:
    """Return a network in evaluation mode, and its card.

    Raises:
        UserError: not a network's file, one whose tensors do not fit its card, or one with
            a weight that is NaN or infinite.
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
    _require_finite(path, tensors)
    return network.eval(), card


def _require_finite(path: Path, tensors: Mapping[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise UserError(f"{path}: weight {name!r} is not finite: the training diverged")


def _content_digest(tensors: Mapping[str, Tensor], card: str) -> str:
    """Return the SHA-256 of names, types, shapes and bytes of all tensors, and of a card."""
    sha = hashlib.sha256(card.encode())
    for name, tensor in sorted(tensors.items()):
        sha.update(f"\n{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        sha.update(tensor.contiguous().reshape(-1).view(torch.uint8).cpu().numpy().data)
    return sha.hexdigest()
