"""Claims and their verdicts in words."""

from collections.abc import Hashable, Mapping
from typing import Any

from dasr.reporting.specs import Item
from dasr.statistics.claims import BOUNDS, MARGIN
from dasr.statistics.power import POWER
from dasr.terms.metrics import DETECTABLE, DIFFERENCE, RANKING
from dasr.text import at_least_text, formatted, interval_text

Row = Mapping[Hashable, Any]
"""Of claims.csv."""
SMALLEST_P = 0.001
"""Smaller ones are called smaller than this."""


def titles_of(item: Item[Any]) -> dict[str, str]:
    """Return the title of every method of the study, each as one line."""
    return {one.name: " ".join(one.title.split()) for one in item.plan.methods}


def claim_text(row: Row, titles: Mapping[str, str]) -> str:
    """Return what is claimed, e.g. "No CA branch worse than DASR"."""
    to = "to" if row["relation"] == "equivalent" else "than"
    return f"{titles[row['method']]} {row['relation']} {to} {titles[row['reference']]}"


def subject_text(row: Row, item: Item[Any]) -> str:
    """Return where, e.g. "Set14, grid mean"; regime and scale only where there are several."""
    config, parts = item.plan.config, [str(row["testset"])]
    parts += [f"x{row['scale']}"] if len(config.scales) > 1 else []
    parts += [f"regime {row['regime']}"] if len(config.regimes) > 1 else []
    return ", ".join([*parts, str(row["cells"])])


def difference_text(row: Row) -> str:
    """Return "-0.12 [-0.30, +0.06]", or the difference alone where nothing is known of it."""
    mean, low, high = (float(row[name]) for name in (DIFFERENCE, *BOUNDS))
    return interval_text(mean, low, high, RANKING.decimals, "+")


def p_text(value: float) -> str:
    """Return a p value with as many digits as mean something."""
    if value < SMALLEST_P:
        return f"<{SMALLEST_P:g}"
    return formatted(value, ".3f" if value < 0.1 else ".2f")


def sentence(row: Row, item: Item[Any]) -> str:
    """Return what was claimed, what was found, and what follows, as one or two sentences."""
    unit = RANKING.unit
    sample = f"{row['images']} images and {row['seeds']} seeds"
    found = f"{difference_text(row)} {unit} over {sample}"
    text = f"{claim_text(row, titles_of(item))} on {subject_text(row, item)}: {found}; "
    text += _verdict_text(row)
    detectable = row[DETECTABLE]
    if row["verdict"] == "undecided" and detectable == detectable:
        seen = f"{at_least_text(detectable, RANKING.decimals)} {unit}"
        text += f". A difference of {seen} would have been seen with probability {POWER:g}"
    if row["networks_before"]:
        count = row["networks_before"]
        text += f". Claimed after {count} of the networks were trained: exploratory"
    return f"{text}."


def _verdict_text(row: Row) -> str:
    margin = f"{row[MARGIN]:g} {RANKING.unit}"
    if row["verdict"] == "equivalent":
        return f"equivalent within {margin} (p {p_text(row['p_equivalent_holm'])} after Holm)"
    p = p_text(row["p_holm"])
    if row["verdict"] == "undecided":
        if row["p_holm"] != row["p_holm"]:
            return "undecided, since one seed or image has no spread"
        return f"undecided (p {p} after Holm; not equivalent within {margin} either)"
    return f"{row['verdict']} (p {p} after Holm)"
