"""A network's card: text that anybody can write, checked before anything is built for it."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dasr.architectures import Network, build_network, count_flops, count_parameters, sizes_of
from dasr.config import SCALES, ModelConfig, git_commit
from dasr.config.architectures import AnyModelConfig
from dasr.config.strict import convert
from dasr.errors import UserError


def read_card(text: str, path: Path) -> dict[str, Any]:
    """Return a card; RecursionError and ValueError come from crafted depths and numbers."""
    try:
        card = json.loads(text)
        json.dumps(card)  # its digest is taken of this
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: the card inside is not JSON: {error}") from None
    if not isinstance(card, dict):
        kind = type(card).__name__
        raise UserError(f"{path}: the card inside is no mapping but a {kind}")
    return card


def network_card(
    network: Network, *, method: str, regime: str, seed: int, **facts: Any
) -> dict[str, Any]:
    """Return what a network's file and record tell of it: origin, facts, cost, commit.

    Args:
        network: whose parameters and arithmetic are counted.
        method: name in the study.
        regime: what it was trained on, or is tested on.
        seed: of its training; 0 for a network from elsewhere.
        facts: more that is known of its origin, plain data or configurations.
    """
    return {
        "method": method,
        "regime": regime,
        "scale": network.scale,
        "seed": seed,
        **facts,
        "parameters": count_parameters(network),
        "flops": count_flops(network),
        "commit": git_commit(),
    }


def in_todays_words(card: dict[str, Any]) -> dict[str, Any]:
    """Return a card with the keys of this version: `method` was once called `variant`."""
    if "variant" not in card or "method" in card:
        return card
    return {("method" if key == "variant" else key): value for key, value in card.items()}


def checked_model(tensors: dict[str, Tensor], card: dict[str, Any], path: Path) -> ModelConfig:
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
        model: ModelConfig = convert(AnyModelConfig, card["model"], "model")
    except UserError as error:
        raise UserError(f"{path}: {_short(error)}") from None
    except RecursionError:  # of a nested value that is to be shown
        raise UserError(f"{path}: model: nested too deeply") from None
    for key, found in sizes_of(model, tensors).items():
        if getattr(model, key) != found:
            told = f"model: {key} is {_short(getattr(model, key))}"
            raise UserError(f"{path}: {told}, but its tensors have {found}")
    _require_fit(tensors, model, scale, path)
    return model


def _require_fit(
    tensors: dict[str, Tensor], model: ModelConfig, scale: int, path: Path
) -> None:
    """Refuse missing, unexpected and misshapen tensors; no network is allocated for it."""
    try:
        with torch.device("meta"):
            expected = build_network(model, scale).state_dict()
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
