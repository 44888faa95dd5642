"""The worked example of docs/statistics.md is what the study's own statistics say."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_the_worked_example_gives_the_numbers_of_the_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (ROOT / "docs/statistics.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(code, names)
    claims = pd.read_csv("reports/bsds400/table1/claims.csv").set_index("method")
    row = claims.loc["no_da_conv"]
    assert names["difference"] == pytest.approx(row["difference_db"])
    assert names["difference"] - names["widest"] == pytest.approx(row["low_db"])
    assert names["p_value"] == pytest.approx(row["p"])
    assert row["p_holm"] == pytest.approx(6 * row["p"])
