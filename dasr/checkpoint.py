"""Networks and training states as safetensors: tensors plus text, no code.

A network's file carries its own card (scale, sizes, variant, regime, digest, commit), so
that the file alone is enough to use it.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from dasr.config import SCALES, ModelConfig, from_dict, to_dict
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
    return tensors, _read_card(metadata[CARD], path)


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
    model = _checked_model(tensors, card, path)
    network = DASR(model, card["scale"])
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise UserError(f"{path}: {' '.join(str(error).split())}") from None
    return network.eval(), card


def _read_card(text: str, path: Path) -> dict[str, Any]:
    """Return a card; RecursionError and ValueError come from crafted depths and numbers."""
    try:
        card = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: the card {CARD!r} inside is not JSON: {error}") from None
    if not isinstance(card, dict):
        kind = type(card).__name__
        raise UserError(f"{path}: the card {CARD!r} inside is no mapping but a {kind}")
    return card


def _checked_model(tensors: dict[str, Tensor], card: dict[str, Any], path: Path) -> ModelConfig:
    """Return the sizes on a network's card, if its tensors have them.

    A card is text that anybody can write: nothing is allocated before it is checked.
    """
    kind, scale = card.get("kind"), card.get("scale")
    if kind != "network":
        raise UserError(f"{path}: holds a {_short(kind)}, not a network")
    for key in ("model", "scale"):
        if key not in card:
            raise UserError(f"{path}: the network's card lacks {key!r}")
    if type(scale) is not int or scale not in SCALES:  # 4.0 and True equal whole numbers
        raise UserError(f"{path}: scale: {_short(scale)} is not one of {list(SCALES)}")
    try:
        model = from_dict(ModelConfig, card["model"], "model")
    except UserError as error:
        raise UserError(f"{path}: {_short(error)}") from None
    except RecursionError:  # of a nested value that is to be shown
        raise UserError(f"{path}: model: nested too deeply") from None
    for key, found in _sizes(tensors).items():
        if getattr(model, key) != found:
            told = f"model: {key} is {_short(getattr(model, key))}"
            raise UserError(f"{path}: {told}, but its tensors have {found}")
    _require_fit(tensors, model, scale, path)
    return model


def _sizes(tensors: dict[str, Tensor]) -> dict[str, int]:
    """Return what the names and shapes of a network's tensors say of its sizes."""
    groups = {name.split(".")[2] for name in tensors if name.startswith("generator.groups.")}
    blocks = {
        name.split(".")[4] for name in tensors if name.startswith("generator.groups.0.blocks.")
    }
    first = {
        "num_features": "generator.head.weight",
        "compressed_features": "generator.compress.0.weight",
        "encoder_features": "encoder.convs.0.weight",
    }
    rows = {
        key: len(tensors[name])
        for key, name in first.items()
        if name in tensors and tensors[name].dim() > 0
    }
    return {"num_groups": len(groups), "num_blocks": len(blocks), **rows}


def _require_fit(
    tensors: dict[str, Tensor], model: ModelConfig, scale: int, path: Path
) -> None:
    """Refuse missing, unexpected and misshapen tensors; no network is allocated for it."""
    try:
        if model.num_groups * model.num_blocks > len(tensors):
            raise OverflowError  # a name for each group and block, but not for each pair
        with torch.device("meta"):
            expected = DASR(model, scale).state_dict()
    except (RuntimeError, TypeError, OverflowError):
        raise UserError(f"{path}: model: sizes that no network can have") from None
    problems = [
        f"{what} {', '.join(sorted(names)[:3])}{' ...' if len(names) > 3 else ''}"
        for what, names in (
            ("missing", expected.keys() - tensors.keys()),
            ("unexpected", tensors.keys() - expected.keys()),
        )
        if names
    ]
    for name in sorted(expected.keys() & tensors.keys()):
        here, there = tensors[name], expected[name]
        if here.shape != there.shape:
            problems.append(f"{name} is {tuple(here.shape)}, not {tuple(there.shape)}")
        elif here.is_floating_point() != there.is_floating_point():
            problems.append(f"{name} is {here.dtype}, not {there.dtype}")
    if problems:
        raise UserError(f"{path}: tensors do not fit the card: {'; '.join(problems[:4])}")


def _short(value: object) -> str:
    """Return a value of a card for a message, of at most 200 characters."""
    try:
        text = str(value) if isinstance(value, UserError) else repr(value)
    except (RecursionError, ValueError):
        text = f"a {type(value).__name__}"
    return text if len(text) <= 200 else f"{text[:200]} ..."
