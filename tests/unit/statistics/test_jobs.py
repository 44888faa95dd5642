"""Gathering rows from files and writing a study's tables."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from dasr.config import to_dict
from dasr.statistics.jobs import gather, read_rows, write_statistics
from dasr.terms.metrics import METRICS
from tests.tiny import run_config

ROW = {
    "study": "demo", "method": "dasr", "regime": "blur", "scale": 2, "seed": 1,
    "testset": "014", "image": "0007", "kernel": "2", "kernel_width": 2.0, "lambda_1": 2.0,
    "lambda_2": 2.0, "theta_deg": 0.0, "noise_level": 0.0,
    **dict.fromkeys((metric.column for metric in METRICS), 0.7), "psnr_y_db": 25.0,
}  # fmt: skip
RECORD = {"method": "dasr", "regime": "blur", "scale": 2, "parameters": 100, "flops": 5000}


def test_names_are_text_and_missing_numbers_are_missing(tmp_path: Path) -> None:
    turned = {**ROW, "image": "NA", "kernel": "2,1,10deg", "kernel_width": float("nan")}
    pd.DataFrame([ROW]).to_csv(tmp_path / "a.csv", index=False)
    pd.DataFrame([turned]).to_csv(tmp_path / "b.csv", index=False)
    rows = gather([tmp_path / "a.csv", str(tmp_path / "b.csv")])
    assert rows["image"].tolist() == ["0007", "NA"]
    assert rows["testset"].tolist() == ["014", "014"]
    assert rows["kernel"].tolist() == ["2", "2,1,10deg"]
    assert rows["kernel_width"].isna().tolist() == [False, True]
    assert rows["psnr_y_db"].sum() == 50.0


def test_numbers_are_read_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=20_000) * 10.0 ** rng.integers(-20, 20, 20_000)
    pd.DataFrame({"psnr_y_db": numbers}).to_csv(tmp_path / "a.csv", index=False)
    np.testing.assert_array_equal(read_rows(tmp_path / "a.csv")["psnr_y_db"], numbers)


def test_no_files_no_rows() -> None:
    assert gather([]).empty


def test_tables_of_a_study_without_encoders(tmp_path: Path) -> None:
    runs = []
    for seed in (1, 2):
        runs.append(tmp_path / f"run{seed}.yaml")
        record = {**RECORD, "seed": seed, "cpu_seconds": 10.0 * seed}
        runs[-1].write_text(yaml.safe_dump(record), encoding="utf-8")
    stage = tmp_path / "1e5" / "run.yaml"  # a digest is no number
    stage.parent.mkdir()
    encoder = run_config().encoder_stage()
    stage.write_text(
        yaml.safe_dump({"cpu_seconds": 3.0, "config": to_dict(encoder)}), encoding="utf-8"
    )
    history = "scale,seed,stage,step,contrastive,rank_kernel_width\n2,1,encoder,0,,0.25\n"
    history += "2,1,encoder,5,2.0,\n2,1,encoder,6,1.5,0.5\n"
    (stage.parent / "history.csv").write_text(history, encoding="utf-8")
    metrics = pd.DataFrame([ROW, {**ROW, "method": "bicubic", "seed": 0, "psnr_y_db": 24.0}])
    own, out = ["dasr"], tmp_path / "tables"
    stages = [(runs[0], stage), (runs[1], None)]
    write_statistics(metrics, gather([]), [], stages, {}, own, [own], [], {}, out)
    names = sorted(path.stem for path in out.iterdir())
    assert names == (
        "claims clusters costs encoder_stages factorial margins metrics paired summary".split()
    )
    assert pd.read_csv(out / "claims.csv").empty
    assert pd.read_csv(out / "factorial.csv").empty
    costs = pd.read_csv(tmp_path / "tables" / "costs.csv")
    assert costs.to_dict("records") == [
        {**RECORD, "cpu_seconds": 16.5}  # 10 and 3 of one seed, 20 of the other
    ]
    (row,) = read_rows(out / "encoder_stages.csv").to_dict("records")
    assert (row["stage"], row["methods"], row["regimes"]) == ("1e5", "dasr", "blur")
    assert (row["contrastive"], row["rank_kernel_width"]) == (1.5, 0.5)
    assert row["verdict"] == "learned"
    summary = pd.read_csv(tmp_path / "tables" / "summary.csv")
    assert summary[summary["method"] == "dasr"]["gain_db"].tolist() == [1.0, 1.0]
    assert pd.read_csv(tmp_path / "tables" / "clusters.csv").empty


def test_imported_networks_have_a_summary_and_are_compared(tmp_path: Path) -> None:
    run = tmp_path / "run.yaml"
    run.write_text(yaml.safe_dump(RECORD), encoding="utf-8")
    others = {"bicubic": (0, 24.0), "released": (0, 29.0), "no_ca": (1, 24.5)}
    rows = [ROW] + [
        {**ROW, "method": name, "seed": seed, "psnr_y_db": psnr}
        for name, (seed, psnr) in others.items()
    ]
    trained = ["dasr", "no_ca"]
    frame, stages = pd.DataFrame(rows), [(run, None)]
    references = {"no_ca": "dasr", "released": "dasr"}
    write_statistics(
        frame, gather([]), [], stages, references, trained, [trained], [], {}, tmp_path
    )
    assert pd.read_csv(tmp_path / "encoder_stages.csv").empty
    summary = pd.read_csv(tmp_path / "summary.csv")
    assert summary[summary["method"] == "released"]["gain_db"].tolist() == [5.0, 5.0]
    paired = pd.read_csv(tmp_path / "paired.csv")
    found = paired.set_index(["method", "reference", "kernel"])["difference_db"]
    assert found.xs("mean", level="kernel").to_dict() == {
        ("no_ca", "dasr"): -0.5,
        ("released", "dasr"): 4.0,
        ("dasr", "bicubic"): 1.0,
        ("no_ca", "bicubic"): 0.5,
        ("released", "bicubic"): 5.0,
    }
