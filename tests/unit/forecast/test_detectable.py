"""Smallest detectable differences from the rows of an earlier study."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dasr.errors import UserError
from dasr.forecast.detectable import comparisons, pairs_of_claims, sizes_shown
from dasr.study import Plan

PAIR = ("other", "dasr")
IMAGES, SEEDS = 40, 30


def _rows(images: int = IMAGES, seeds: int = SEEDS, testset: str = "Set") -> pd.DataFrame:
    """Return two methods at two noise levels whose differences have variances 9, 4 and 1.

    In 0.01 dB squared, of images, seeds and rest; what both methods share is far larger.
    """
    rng = np.random.default_rng(1)
    shared = 25 + 5 * rng.standard_normal((images, 1))
    difference = 0.1 * (
        3 * rng.standard_normal((images, 1))
        + 2 * rng.standard_normal((1, seeds))
        + rng.standard_normal((images, seeds))
    )
    keys = {"study": "s", "regime": "r", "scale": 4, "testset": testset}
    return pd.DataFrame(
        {
            **keys,
            "method": method,
            "seed": seed + 1,
            "image": f"image{image}",
            "noise_level": level,
            # of the grid's mean only the mean over levels is left
            "psnr_y_db": shared[image, 0] + sign * difference[image, seed] + level,
        }
        for method, sign in (("dasr", 0), ("other", 1))
        for seed in range(seeds)
        for image in range(images)
        for level in (-1.0, 1.0)
    )


def _file(folder: Path, rows: pd.DataFrame) -> Path:
    rows.to_csv(folder / "metrics.csv", index=False)
    return folder / "metrics.csv"


def test_variances_are_those_of_paired_differences(tmp_path: Path) -> None:
    (found,) = comparisons(_file(tmp_path, _rows()), [PAIR], ["dasr", "other"])
    assert (found.method, found.reference, found.testset) == ("other", "dasr", "Set")
    assert (found.images, found.seeds, found.scale) == (IMAGES, SEEDS, 4)
    assert found.components.images == pytest.approx(0.09, rel=0.5)
    assert found.components.seeds == pytest.approx(0.04, rel=0.5)
    assert found.components.rest == pytest.approx(0.01, rel=0.1)


def test_more_of_anything_sees_less_and_more_claims_see_more(tmp_path: Path) -> None:
    (found,) = comparisons(_file(tmp_path, _rows()), [PAIR], ["dasr", "other"])
    sizes = [found.smallest(images, seeds, 3) for images, seeds in
             ((5, 3), (14, 3), (14, 10), (100, 10), (100, 20))]  # fmt: skip
    assert sizes == sorted(sizes, reverse=True)
    assert found.smallest(14, 5, 10) > found.smallest(14, 5, 1)
    # ten images alone, 0.1 dB of seeds and rest left: 0.3 / sqrt(10) times (2.26 + 0.88)
    assert found.smallest(10, 500, 1) == pytest.approx(
        (found.components.images / 10) ** 0.5 * (2.26 + 0.88), rel=0.1
    )


def test_every_test_set_has_its_own(tmp_path: Path) -> None:
    rows = pd.concat([_rows(5, 3, "One"), _rows(7, 2, "Two")])
    found = comparisons(_file(tmp_path, rows), [PAIR, ("none", "dasr")], ["dasr", "other"])
    assert [(one.testset, one.images, one.seeds) for one in found] == [
        ("One", 5, 3),
        ("Two", 7, 2),
    ]


def test_a_single_training_says_nothing(tmp_path: Path) -> None:
    assert comparisons(_file(tmp_path, _rows(5, 1)), [PAIR], ["dasr", "other"]) == []
    endless = _rows(5, 3).replace({"psnr_y_db": {}})
    endless.loc[0, "psnr_y_db"] = float("inf")
    assert comparisons(_file(tmp_path, endless), [PAIR], ["dasr", "other"]) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no metrics.csv"),
        ("a,b\n1,2\n", "it lacks 'image'"),
        ('a,"b\n1', "no metrics.csv"),
        (None, "no such file"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "metrics.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        comparisons(path, [PAIR], [])


def test_rows_without_a_pair_are_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, _rows(5, 3).iloc[1:].query("image != 'image2' or method == 'dasr'"))
    with pytest.raises(UserError, match=r"metrics\.csv: other and dasr: rows without a pair"):
        comparisons(path, [PAIR], ["dasr", "other"])


def test_pairs_are_those_of_claims(planned: Callable[..., Plan]) -> None:
    assert pairs_of_claims(planned()) == [("no_contrastive", "dasr")]
    assert pairs_of_claims(planned("claims=[]")) == []


def test_own_sizes_are_shown_beside_the_usual() -> None:
    assert sizes_shown([14, 5, 1], (14, 100)) == [5, 14, 100]
