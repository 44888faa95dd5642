"""Numbers and people's words as text that a format shows as it is."""

import json
import math
import re
from typing import Any

MISSING, INFINITE = "–", "∞"


def formatted(value: float, form: str) -> str:
    """Return a number as text: "–" for NaN, "∞" if infinite, and no zero has a minus.

    Args:
        value: the number.
        form: how a finite one is written, e.g. "+.2f".
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return INFINITE if value > 0 else f"-{INFINITE}"
    text = f"{value:{form}}"
    return f"{0.0:{form}}" if float(text) == 0 else text


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
