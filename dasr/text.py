"""Numbers and people's words as text that a format shows as it is."""

import json
import math
import re
from typing import Any

MISSING, INFINITE = "–", "∞"
MOST_DECIMALS = 5
"""Of the ends of an interval."""


def formatted(value: float, form: str) -> str:
    """Return a number as text: "–" for NaN, "∞" if infinite, and no zero has a minus.

    Args:
        value: the number.
        form: how a finite one is written, e.g. "+.2f" or ",.0f".
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return INFINITE if value > 0 else f"-{INFINITE}"
    text = f"{value:{form}}"
    return f"{0.0:{form}}" if float(text.replace(",", "")) == 0 else text


def interval_text(mean: float, low: float, high: float, decimals: int, sign: str = "") -> str:
    """Return "0.66 [0.60, 0.72]"; of a mean without bounds, the mean alone.

    An interval never looks like a point, and one that excludes zero never as if it touched
    it: it has as many more decimals, up to `MOST_DECIMALS`, as that takes.

    Args:
        mean: of the interval.
        low: its lower end; NaN if there is none.
        high: its upper end.
        decimals: at least.
        sign: "+" for differences.
    """
    if math.isnan(low) or math.isnan(high):
        return formatted(mean, f"{sign}.{decimals}f")
    for places in range(decimals, MOST_DECIMALS + 1):
        texts = [formatted(value, f"{sign}.{places}f") for value in (mean, low, high)]
        nearest = texts[1] if low > 0 else texts[2] if high < 0 else "1"
        if low == high or (texts[1] != texts[2] and float(nearest) != 0):
            break
    return f"{texts[0]} [{texts[1]}, {texts[2]}]"


def at_least_text(value: float, decimals: int) -> str:
    """Return a size that is not zero as text: what would be "0.00" is "<0.01"."""
    text = formatted(value, f".{decimals}f")
    unit = f"{10.0**-decimals:.{decimals}f}"
    return f"<{unit}" if value > 0 and float(text) == 0 else text


def counted(number: int, thing: str) -> str:
    """Return e.g. "1 image" or "7 images"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def capitalised(text: str) -> str:
    """Return text with a capital first letter; others stay as they are."""
    return text[:1].upper() + text[1:]


def number_text(value: float) -> str:
    """Return the shortest of the usual texts that reads back as the same number.

    E.g. "0.07", "256", "1e+06"; "0.1000001" where six digits would say "0.1".
    """
    short = f"{value:g}"
    return short if float(short) == value else str(value).removesuffix(".0")


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is, inside a pipe table and outside."""
    line = " ".join(text.split())
    # A "]" that nothing of a link follows, and an "&" of no entity, are text already.
    return re.sub(r"([\\`*_~<>|]|\](?=[(\[:])|&(?=#?\w+;))", r"\\\1", line)


def markdown_paragraph(text: str) -> str:
    """Return text as a paragraph of Markdown: no heading, list or rule, whatever it is."""
    escaped = escape_markdown(text)
    return re.sub(r"^(\d*)([-+=#.)])", r"\1\\\2", escaped)


def escape_rst(text: str) -> str:
    """Return text that reStructuredText shows as it is, within a line."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", " ".join(text.split()))


def page_json(value: Any) -> str:
    """Return plain data as JSON that no page's script ends in: it has no "<"."""
    return json.dumps(value, ensure_ascii=False).replace("<", r"\u003c")
