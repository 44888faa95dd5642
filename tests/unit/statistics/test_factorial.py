"""Main effects and interaction of the two branches, against other computations."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dasr.statistics.factorial import factorial
from dasr.statistics.jobs import read_rows
from dasr.study import Factorial

TABLE1 = Path(__file__).resolve().parents[3] / "reports/bsds400/table1"
DESIGN = Factorial(
    both="dasr", kernel_only="no_ca", channel_only="ca_only", neither="no_da_conv"
)
# kernel branch, channel branch
CODES = {"dasr": (1, 1), "no_ca": (1, 0), "ca_only": (0, 1), "no_da_conv": (0, 0)}
WIDTHS, LEVELS, IMAGES, SEEDS = (0.2, 2.4), (0.0, 10.0), ("a", "b", "c", "d"), (1, 2, 3)


def _metrics(seed: int = 0) -> pd.DataFrame:
    """Return rows of evaluation with random PSNR."""
    rng = np.random.default_rng(seed)
    rows = [
        {
            "study": "s", "method": method, "regime": "blur", "scale": 4, "testset": "T",
            "seed": number, "image": image, "kernel": f"{width:g}", "kernel_width": width,
            "lambda_1": width, "lambda_2": width, "theta_deg": 0.0, "noise_level": level,
            "psnr_y_db": 25 + rng.normal(),
        }
        for method in [*CODES, "oracle"]
        for number in SEEDS
        for image in IMAGES
        for width in WIDTHS
        for level in LEVELS
    ]  # fmt: skip
    return pd.DataFrame(rows).sample(frac=1.0, random_state=seed)  # no order is counted on


def _by_regression(rows: pd.DataFrame) -> dict[str, float]:
    """Return effects as coefficients of codes -1/2 and 1/2 and of their product."""
    codes = np.array([CODES[method] for method in rows["method"]]) - 0.5
    columns = np.column_stack([np.ones(len(codes)), codes, codes.prod(axis=1)])
    found = np.linalg.lstsq(columns, rows["psnr_y_db"].to_numpy(dtype=float), rcond=None)[0]
    return dict(zip(("kernel", "channel", "interaction"), found[1:], strict=True))


@pytest.mark.parametrize("kernel", ["0.2", "2.4", "mean"])
def test_effects_are_those_of_a_regression(kernel: str) -> None:
    metrics = _metrics()
    own = metrics if kernel == "mean" else metrics[metrics["kernel"] == kernel]
    expected = _by_regression(own[own["method"] != "oracle"])
    found = factorial(metrics, [DESIGN])
    shown = found[found["kernel"] == kernel].set_index("contrast")
    assert shown["effect_db"].to_dict() == pytest.approx(expected)
    assert (shown["images"] == 4).all()
    assert (shown["seeds"] == 3).all()
    assert (shown["low_db"] < shown["effect_db"]).all()


def test_the_interval_is_that_of_contrasts_image_by_image_and_seed_by_seed() -> None:
    metrics = _metrics()
    cube = np.array(
        [
            [
                _by_regression(
                    metrics[
                        (metrics["image"] == image)
                        & (metrics["seed"] == seed)
                        & (metrics["method"] != "oracle")
                    ]
                )["interaction"]
                for seed in SEEDS
            ]
            for image in IMAGES
        ]
    )
    found = factorial(metrics, [DESIGN])
    row = found[(found["kernel"] == "mean") & (found["contrast"] == "interaction")].iloc[0]
    # Student's 97.5 % quantiles for 2 and 3 degrees of freedom, from a table
    by_seed = 4.302653 * cube.mean(axis=0).std(ddof=1) / np.sqrt(3)
    by_image = 3.182446 * cube.mean(axis=1).std(ddof=1) / np.sqrt(4)
    assert row["high_db"] - row["effect_db"] >= max(by_seed, by_image) - 1e-6
    assert row["low_db"] + row["high_db"] == pytest.approx(2 * cube.mean())


@pytest.mark.parametrize(
    ("testset", "expected"),
    [("Set14", {"kernel": -0.15, "channel": -0.05, "interaction": 0.52})],
)
def test_the_committed_table_1(testset: str, expected: dict[str, float]) -> None:
    # means over images and seeds, as one image and one seed: contrasts are linear
    rows = read_rows(TABLE1 / f"tables/table1-x4-{testset}.csv")
    cells = rows[rows["kernel"] != "mean"].assign(seed=1, image="mean of all")
    found = factorial(cells, [DESIGN])
    mean = found[found["kernel"] == "mean"].set_index("contrast")
    assert mean["effect_db"].round(2).to_dict() == expected
    assert mean["low_db"].isna().all()  # one image and one seed have no interval
    # another file of that report: differences to DASR, of the same networks
    differences = read_rows(TABLE1 / f"tables/paired-isotropic-x4-{testset}.csv")
    own = differences[(differences["kernel"] == "mean") & differences["method"].isin(CODES)]
    reference = pd.DataFrame({"method": ["dasr"], "difference_db": [0.0]})
    own = pd.concat([own[["method", "difference_db"]], reference])
    again = _by_regression(own.rename(columns={"difference_db": "psnr_y_db"}))
    assert mean["effect_db"].to_dict() == pytest.approx(again)


def test_an_infinite_psnr_has_no_effect() -> None:
    metrics = _metrics()
    hit = (metrics["method"] == "no_ca") & (metrics["kernel"] == "2.4")
    metrics.loc[hit & (metrics["image"] == "a"), "psnr_y_db"] = np.inf
    found = factorial(metrics, [DESIGN]).set_index(["kernel", "contrast"])["effect_db"]
    assert found["2.4"].isna().all()
    assert found["mean"].isna().all()
    assert found["0.2"].notna().all()


def test_four_methods_without_the_same_images_are_refused() -> None:
    metrics = _metrics()
    lacking = metrics[~((metrics["method"] == "ca_only") & (metrics["image"] == "b"))]
    with pytest.raises(ValueError, match="ca_only: not the images and seeds of dasr"):
        factorial(lacking, [DESIGN])


def test_no_design_no_rows() -> None:
    found = factorial(_metrics(), [])
    assert found.empty
    assert {"kernel", "contrast", "effect_db", "low_db", "high_db"} <= set(found.columns)
