"""Key columns of rows."""

import pandas as pd

from dasr.terms.columns import RUN
from dasr.terms.keys import RunKeys, with_keys

KEYS = RunKeys(study="s", method="dasr", regime="r", scale=4, seed=1)


def test_keys_of_a_run_are_the_columns_of_its_rows() -> None:
    assert tuple(KEYS.columns()) == RUN


def test_keys_stand_before_what_rows_hold() -> None:
    rows = pd.DataFrame({"image": ["a", "b"], "psnr_y_db": [20.0, 21.0]})
    found = with_keys(rows, KEYS.columns())
    assert found.columns.tolist() == [*RUN, "image", "psnr_y_db"]
    assert found["method"].tolist() == ["dasr", "dasr"]
    assert rows.columns.tolist() == ["image", "psnr_y_db"]
