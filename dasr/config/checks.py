"""Checks that the dataclasses share; the messages are completed by the loader."""

import re

from dasr.terms.quantities import Quantity


def require(condition: bool, message: str) -> None:
    """Raise ValueError with the message unless the condition holds."""
    if not condition:
        raise ValueError(message)


def require_values(quantity: Quantity, key: str, *values: float) -> None:
    """Raise ValueError unless values are such that a quantity can have."""
    for value in values:
        require(
            quantity.low <= value <= quantity.high,
            f"{key}: {value:g} must be at least {quantity.low:g} and at most "
            f"{quantity.high:g}, {quantity.reason}",
        )


def require_range(quantity: Quantity, key: str, low: float, high: float) -> None:
    """Raise ValueError unless all that a range spans is what a quantity can have."""
    require(
        quantity.low <= low <= high,
        f"{key}: needs {quantity.low:g} <= low <= high, got {low}, {high}",
    )
    require_values(quantity, key, high)


def require_seed(name: str, seed: int) -> None:
    """Raise ValueError unless a seed is one that every library takes."""
    require(0 <= seed < 2**32, f"{name}: {str(seed)[:20]} is not from 0 to {2**32 - 1}")


def require_name(text: str) -> None:
    """Raise ValueError unless the text can be part of a path and of a table key."""
    rule = "must be letters, digits, '_', '-' or '.', and start with a letter or digit"
    require(
        re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", text) is not None,
        f"name {text!r} {rule}",
    )


def require_title(text: str) -> None:
    """Raise ValueError if a title shows nothing in tables and figures."""
    require(text.strip() != "", f"title {text!r} is empty")
