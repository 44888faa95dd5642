"""Gains by size and steps, computed by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dasr.statistics.intervals import Estimate
from dasr.statistics.scaling import scaling
from dasr.study.scaling import Part

WIDTHS = (0.2, 1.0, 3.4, 2.6)
IMAGES, SEEDS = ("a", "b", "c"), (1, 2)
TRAINED = ["dasr-s", "no_ca-s", "oracle-s", "dasr-l", "no_ca-l", "oracle-l"]
COSTS = pd.DataFrame(
    {
        "method": TRAINED, "regime": "blur", "scale": 4,
        "parameters": [10, 11, 12, 20, 21, 22], "flops": [100, 110, 120, 200, 210, 220],
    }
)  # fmt: skip
ENDS = {(method, "blur", 4): 60 for method in TRAINED}
FRACTIONS = np.random.default_rng(5).normal(size=(len(IMAGES), len(SEEDS))) / 100


def _parts() -> list[Part]:
    found = []
    for size, blocks in (("s", 2), ("l", 8)):
        reference = f"dasr-{size}"
        pairs = {
            "dasr": (reference, "bicubic"),
            "no_ca": (reference, f"no_ca-{size}"),
            "oracle": (f"oracle-{size}", reference),
        }
        for variant, (having, lacking) in pairs.items():
            found.append(
                Part(
                    variant=variant, size=size, having=having, lacking=lacking,
                    reference=reference, blocks=blocks,
                )
            )  # fmt: skip
    return found


def _psnr(method: str, image: str, seed: int, width: float, step: int) -> float:
    """Return a PSNR in which CA is worth 0.01 dB a step at width 3.4, and half at 2.6."""
    share = {3.4: 1.0, 2.6: 0.5}.get(width, 0.0)
    own = {"dasr": share, "oracle": 1.0 + share}.get(method.split("-")[0], 0.0)
    larger = 2.0 if method.endswith("-l") else 1.0
    value = 25.0 + IMAGES.index(image) + 0.01 * step * own * larger
    if method.startswith("dasr"):
        value += FRACTIONS[IMAGES.index(image), SEEDS.index(seed)]
    return value


def _rows(step: int, methods: list[str]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "study": "demo", "method": method, "regime": "blur", "scale": 4, "seed": seed,
            "testset": "Set3", "image": image, "kernel": f"{width:g}", "kernel_width": width,
            "lambda_1": width, "lambda_2": width, "theta_deg": 0.0, "noise_level": 0.0,
            "psnr_y_db": _psnr(method, image, seed, width, step),
        }
        for method in methods
        for seed in (SEEDS if method != "bicubic" else (0,))
        for image in IMAGES
        for width in WIDTHS
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _scaling(steps: tuple[int, ...] = (20,), parts: list[Part] | None = None) -> pd.DataFrame:
    metrics = _rows(60, ["bicubic", *TRAINED])
    kept = [_rows(step, TRAINED).assign(joint_steps=step) for step in steps]
    checkpoints = pd.concat(kept) if kept else pd.DataFrame()
    return scaling(
        metrics, checkpoints, ENDS, COSTS, _parts() if parts is None else parts, TRAINED
    )


def _value(rows: pd.DataFrame, column: str, *key: object) -> Any:
    keyed = rows.set_index(["variant", "size", "joint_steps", "kernels"])
    return keyed.loc[key, column]


def test_gains_are_within_a_size_and_a_step() -> None:
    rows = _scaling()
    mean = FRACTIONS.mean()
    for size, larger in (("s", 1.0), ("l", 2.0)):
        for step in (20, 60):
            whole = 0.01 * step * larger * (1.0 + 0.5) / 4  # over four widths
            key = (size, step, "all")
            assert _value(rows, "gain_db", "no_ca", *key) == pytest.approx(whole + mean)
            assert _value(rows, "gain_db", "dasr", *key) == pytest.approx(whole + mean)
            ahead = 0.01 * step * larger - mean
            assert _value(rows, "gain_db", "oracle", *key) == pytest.approx(ahead)
            wide = 0.01 * step * larger * (1.0 + 0.5) / 2
            widest = (size, step, "widest")
            assert _value(rows, "gain_db", "no_ca", *widest) == pytest.approx(wide + mean)
    assert len(rows) == 3 * 2 * 2 * 2
    assert rows["variant"].drop_duplicates().tolist() == ["dasr", "no_ca", "oracle"]


def test_intervals_are_those_of_the_differences() -> None:
    rows = _scaling()
    low, high = Estimate.of(FRACTIONS + 0.01 * 20 * 1.5 / 4).bounds()
    assert _value(rows, "gain_db_low", "no_ca", "s", 20, "all") == pytest.approx(low)
    assert _value(rows, "gain_db_high", "no_ca", "s", 20, "all") == pytest.approx(high)
    assert low < high
    assert set(rows["images"]) == {3}
    assert set(rows["seeds"]) == {2}


def test_a_size_has_the_cost_of_its_reference() -> None:
    rows = _scaling()
    own = rows[["size", "blocks", "parameters", "flops"]].drop_duplicates()
    assert own.values.tolist() == [["s", 2, 10, 100], ["l", 8, 20, 200]]


def test_without_checkpoints_there_is_the_end() -> None:
    assert set(_scaling(())["joint_steps"]) == {60}


def test_steps_that_one_of_two_has_not_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENDS, ("no_ca-s", "blur", 4), 40)  # a shorter training
    rows = _scaling()
    found = rows[(rows["variant"] == "no_ca") & (rows["size"] == "s")]
    assert set(found["joint_steps"]) == {20}
    assert set(rows[rows["size"] == "l"]["joint_steps"]) == {20, 60}
