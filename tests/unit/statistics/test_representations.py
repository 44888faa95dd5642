"""Scores over seeds and images: means by hand, intervals that stay within ranges."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dasr.embedding.scores import COLUMNS, SCORES
from dasr.statistics.representations import (
    BOTH,
    IMAGES,
    KEYS,
    OVER,
    bootstrap_interval,
    read_resampled,
    summarise_clusters,
    summary_columns,
)

NETWORK = {"study": "demo", "method": "dasr", "regime": "blur", "scale": 2, "testset": "Set2"}
TASK = "kernel_width"


def clusters(ari: Sequence[float]) -> pd.DataFrame:
    """Return rows of networks whose seeds are 1, 2 ..., each with its ARI."""
    chances = {column: 0.25 for score in SCORES for column in score.chance}
    return pd.DataFrame(
        {
            **NETWORK, "seed": seed, "task": TASK, "points": 96, "images": 7, **chances,
            **dict.fromkeys(COLUMNS, 0.5), "ari": value, "ari_chance": seed / 10,
        }
        for seed, value in enumerate(ari, start=1)
    )  # fmt: skip


def write(folder: Path, seed: int, ari: np.ndarray) -> Path:
    """Write one network's scores of resampled images."""
    path = folder / f"{seed}.npz"
    others = {f"{TASK}_{name}": np.full(len(ari), 0.5) for name in COLUMNS}
    np.savez(path, **NETWORK, seed=seed, **{**others, f"{TASK}_ari": ari})  # type: ignore[arg-type]
    return path


def test_below_five_seeds_the_interval_is_over_images_alone(tmp_path: Path) -> None:
    images = np.linspace(0, 1, 1001)  # percentiles are what they are called
    paths = [write(tmp_path, 1, images), write(tmp_path, 2, images[::-1] * 0 + images)]
    row = summarise_clusters(clusters([0.2, 0.4]), read_resampled(paths)).iloc[0]
    assert row["ari"] == pytest.approx(0.3)
    assert row["ari_by_seed"] == "0.2 0.4"
    assert (row["ari_low"], row["ari_high"]) == pytest.approx((0.025, 0.975))
    assert row[OVER] == IMAGES
    assert row["ari_chance"] == pytest.approx(0.15)
    assert row["ari_chance_high"] == 0.25
    assert (row["seeds"], row["points"], row["images"]) == (2, 96, 7)
    assert (row["nmi_low"], row["nmi_high"]) == (0.5, 0.5)


def test_resamplings_of_one_number_are_of_the_same_images(tmp_path: Path) -> None:
    # what one seed gains on some images the other loses: their mean does not vary
    images = np.linspace(0, 1, 1001)
    paths = [write(tmp_path, 1, images), write(tmp_path, 2, images[::-1])]
    row = summarise_clusters(clusters([0.5, 0.5]), read_resampled(paths)).iloc[0]
    assert (row["ari_low"], row["ari_high"]) == pytest.approx((0.5, 0.5))


def test_from_five_seeds_on_seeds_are_resampled_too(tmp_path: Path) -> None:
    values = [0.2, 0.3, 0.4, 0.5, 0.6]
    paths = [write(tmp_path, seed, np.full(4000, v)) for seed, v in enumerate(values, 1)]
    row = summarise_clusters(clusters(values), read_resampled(paths)).iloc[0]
    assert row[OVER] == BOTH
    assert row["ari_by_seed"] == "0.2 0.3 0.4 0.5 0.6"
    # no image varies: twice 1.96 standard errors of the mean, s / sqrt(5), but for the tails
    half = 1.96 * np.std(values, ddof=1) / 5**0.5
    assert row["ari_high"] - row["ari_low"] == pytest.approx(2 * half, rel=0.12)
    assert row["ari_low"] < 0.4 < row["ari_high"]


def test_an_interval_covers_the_mean_of_normal_images_and_seeds() -> None:
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(200):
        table = rng.standard_normal((8, 1)) + rng.standard_normal((1, 20))
        table = table + rng.standard_normal((8, 20))
        drawn = rng.multinomial(19, np.full(20, 1 / 20), size=400) / 19
        low, high = bootstrap_interval(table @ drawn.T, float(table.mean()), seeds=True)
        inside += low <= 0 <= high
    assert inside / 200 > 0.88  # percentiles of eight seeds are a little narrow


def test_intervals_stay_within_the_range_and_hold_the_mean() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        values = rng.beta(0.3, 0.3, size=(6, 300))
        mean = float(rng.uniform())
        low, high = bootstrap_interval(values, mean, seeds=True)
        assert 0 <= low <= mean <= high <= 1


def test_a_single_image_has_no_interval(tmp_path: Path) -> None:
    paths = [write(tmp_path, 1, np.full(10, np.nan))]
    row = summarise_clusters(clusters([0.2]), read_resampled(paths)).iloc[0]
    assert row["ari"] == 0.2
    assert np.isnan([row["ari_low"], row["ari_high"]]).all()


def test_a_study_without_encoders_has_the_columns_and_no_rows() -> None:
    found = summarise_clusters(pd.DataFrame(), {})
    assert found.empty
    assert found.columns.tolist() == summary_columns()
    assert found.columns.tolist()[: len(KEYS)] == KEYS
