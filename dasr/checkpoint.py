"""Networks and training states as safetensors: tensors plus text, no code.

A network's file carries its own card (architecture, scale, method, regime, digest, commit), so
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

from dasr.architectures import Network, build_network
from dasr.cards import checked_model, in_todays_words, read_card
from dasr.config import require_regular, to_dict
from dasr.errors import UserError
from dasr.files import replacing
from dasr.terms.cards import CARD

CONTENT = "sha256"
"""Key, in the card as it is in the file, of the digest of all tensors and the rest of it."""

logger = logging.getLogger(__name__)


def save_tensors(path: Path, tensors: dict[str, Tensor], card: dict[str, Any]) -> None:
    """Write tensors and a card of plain data to a safetensors file, whole or not at all.

    Raises:
        UserError: the disk is full, or cannot be written.
    """
    contiguous = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    plain = to_dict(card)
    plain[CONTENT] = content_digest(contiguous, json.dumps(plain))
    with replacing(path) as temporary:
        try:
            save_file(contiguous, temporary, metadata={CARD: json.dumps(plain)})
        except SafetensorError as error:
            raise UserError(f"{path}: cannot be written: {error}") from None


def load_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return tensors (on the CPU) and card of a file written by `save_tensors`.

    The digest of what is read is compared with that of what was written. Files of
    versions that wrote none are read unverified, with a line in the log.

    Raises:
        UserError: missing, truncated, damaged, or not written by this project.
    """
    require_regular(path)
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (SafetensorError, OSError) as error:
        raise UserError(f"{path}: not a whole safetensors file: {error}") from None
    if CARD not in metadata:
        raise UserError(f"{path}: no {CARD!r} card inside: not written by this project")
    card = read_card(metadata[CARD], path)
    written = card.pop(CONTENT, None)
    if written is None:
        logger.warning("%s: holds no digest of its tensors, so it is not verified", path)
    elif written != content_digest(tensors, json.dumps(card)):
        raise UserError(
            f"{path}: damaged: its contents are not what was written; delete it (a study "
            "makes its files again)"
        )
    return tensors, in_todays_words(card)


def save_network(path: Path, network: Network, card: dict[str, Any]) -> None:
    """Write a network to use, with scale, architecture and sizes in the card.

    Args:
        path: the file, named *.safetensors.
        network: what to write.
        card: what else to tell of it: method, regime, seed, step, digests, commit.

    Raises:
        UserError: a weight is NaN or infinite.
    """
    card = {**card, "kind": "network", "scale": network.scale, "model": network.config}
    _require_finite(path, network.state_dict())
    save_tensors(path, network.state_dict(), card)


def load_network(path: Path) -> tuple[Network, dict[str, Any]]:
    """Return a network in evaluation mode, and its card.

    Raises:
        UserError: not a network's file, one whose tensors do not fit its card, or one with
            a weight that is NaN or infinite.
    """
    tensors, card = load_tensors(path)
    model = checked_model(tensors, card, path)
    network = build_network(model, card["scale"])
    network.load_state_dict(tensors)
    _require_finite(path, tensors)
    return network.eval(), card


def _require_finite(path: Path, tensors: Mapping[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise UserError(f"{path}: weight {name!r} is not finite: the training diverged")


def content_digest(tensors: Mapping[str, Tensor], card: str = "") -> str:
    """Return the SHA-256 of names, types, shapes and bytes of tensors, and of a card's text."""
    sha = hashlib.sha256(card.encode())
    for name, tensor in sorted(tensors.items()):
        sha.update(f"\n{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        sha.update(tensor.contiguous().reshape(-1).view(torch.uint8).cpu().numpy().data)
    return sha.hexdigest()
