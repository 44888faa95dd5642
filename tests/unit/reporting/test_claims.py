"""Claims in words, in a table and in a figure."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from dasr.reporting.claim_texts import sentence
from dasr.reporting.specs import WHOLE_STUDY
from dasr.reporting.tabulating.writing import html_page, latex, markdown
from dasr.statistics.claims import COLUMNS
from dasr.statistics.encoder_stages import encoder_stages
from dasr.study import Plan
from tests.unit.reporting.drawn import draw
from tests.unit.reporting.items import TABLE_SPECS, TITLES, item_of, study, table

ROW: dict[str, Any] = {
    "method": "no_ca", "relation": "worse", "reference": "dasr", "regime": "noise", "scale": 4,
    "testset": "Set2", "cells": "grid mean", "margin_db": 0.1, "difference_db": -0.31,
    "low_db": -0.45, "high_db": -0.17, "p": 0.001, "p_holm": 0.0004, "p_above_low": 0.9,
    "p_below_high": 0.001, "p_equivalent_holm": 0.9, "verdict": "worse", "holds": "yes",
    "detectable_db": 0.2, "images": 14, "seeds": 5, "networks_before": 0,
}  # fmt: skip
UNDECIDED = {
    **ROW, "method": "oracle", "relation": "better", "difference_db": 0.04, "low_db": -0.1,
    "high_db": 0.18, "p_holm": 0.5, "verdict": "undecided", "holds": "undecided",
}  # fmt: skip
EQUIVALENT = {
    **ROW, "relation": "equivalent", "difference_db": 0.004, "low_db": 0.001, "high_db": 0.007,
    "p_equivalent_holm": 0.012, "verdict": "equivalent", "networks_before": 6,
}  # fmt: skip
ROWS = pd.DataFrame([ROW, UNDECIDED, EQUIVALENT])[COLUMNS]


def test_a_sentence_says_claim_finding_and_verdict() -> None:
    item = item_of(TABLE_SPECS["claims"], cell=WHOLE_STUDY)
    assert sentence(ROW, item) == (
        "Without CA worse than DASR on Set2, grid mean: -0.31 [-0.45, -0.17] dB over 14 images "
        "and 5 seeds; worse (p <0.001 after Holm)."
    )
    assert sentence(UNDECIDED, item).endswith(
        "undecided (p 0.50 after Holm; not equivalent within 0.1 dB either). A difference of "
        "0.20 dB would have been seen with probability 0.8."
    )
    assert sentence(EQUIVALENT, item) == (
        "Without CA equivalent to DASR on Set2, grid mean: +0.004 [+0.001, +0.007] dB over 14 "
        "images and 5 seeds; equivalent within 0.1 dB (p 0.012 after Holm). Claimed after 6 of "
        "the networks were trained: exploratory."
    )
    alone = {**UNDECIDED, "p_holm": np.nan, "low_db": np.nan, "detectable_db": np.nan}
    assert "undecided, since one seed or image has no spread." in sentence(alone, item)


def test_regimes_and_scales_are_named_where_there_are_several() -> None:
    more = {"scales": [2, 4]} | {
        "regimes": [
            {
                "name": name,
                "train": {"kernel_width": {2: [0.2, 2.0], 4: [0.2, 4.0]}},
                "test": {"kernel_widths": {2: [1.0], 4: [1.0]}},
            }
            for name in ("noise", "clean")
        ]
    }
    item = item_of(TABLE_SPECS["claims"], cell=WHOLE_STUDY, plan=Plan(study(TITLES, **more)))
    assert "on Set2, x4, regime noise, grid mean:" in sentence(ROW, item)


def test_the_table_has_a_row_and_a_sentence_a_claim() -> None:
    stages = encoder_stages([])
    found = table("claims", TITLES, WHOLE_STUDY, claims=ROWS, encoder_stages=stages)
    assert [[cell.text for cell in row][2:] for row in found.rows] == [
        ["-0.31 [-0.45, -0.17]", "<0.001", "0.1", "0.90", "0.20", "worse", "yes"],
        ["+0.04 [-0.10, +0.18]", "0.50", "0.1", "0.90", "0.20", "undecided", "undecided"],
        ["+0.004 [+0.001, +0.007]", "<0.001", "0.1", "0.012", "0.20", "equivalent", "yes"],
    ]
    assert len(found.sentences) == 3
    assert "after Holm over 3 claims" in found.note
    assert markdown(found).count("\n- ") == 3
    assert html_page(found).count("<li>") == 3
    assert found.sentences[0] in latex(found)


def test_the_forest_plot_shades_each_margin(tmp_path: Path) -> None:
    rows = ROWS.assign(margin_db=[0.1, 0.2, 0.3])
    figure = draw("claims", tmp_path / "claims", TITLES, WHOLE_STUDY, claims=rows)
    (axes,) = figure.axes
    shades = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [round(patch.get_width(), 6) for patch in shades] == [0.2, 0.4, 0.6]
    assert [label.get_text().split("\n")[0] for label in axes.get_yticklabels()] == [
        "Without CA worse than DASR",
        "Oracle better than DASR",
        "Without CA equivalent to DASR",
    ]
    assert axes.yaxis_inverted()  # the first claim is on top
    verdicts = [text.get_text() for text in axes.texts]
    assert verdicts == ["worse\np <0.001", "undecided\np 0.50", "equivalent\np 0.012"]
