"""Gathering rows from files and writing a study's tables."""

from pathlib import Path

import pandas as pd
import yaml

from dasr.statistics.jobs import gather, write_statistics
from dasr.terms.metrics import METRICS

ROW = {
    "study": "demo", "method": "dasr", "regime": "blur", "scale": 2, "seed": 1,
    "testset": "014", "image": "0007", "kernel": "2", "kernel_width": 2.0, "lambda_1": 2.0,
    "lambda_2": 2.0, "theta_deg": 0.0, "noise_level": 0.0,
    **dict.fromkeys((metric.column for metric in METRICS), 0.7), "psnr_y_db": 25.0,
}  # fmt: skip


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


def test_no_files_no_rows() -> None:
    assert gather([]).empty


def test_tables_of_a_study_without_encoders(tmp_path: Path) -> None:
    runs = []
    for seed in (1, 2):
        runs.append(tmp_path / f"run{seed}.yaml")
        record = {"method": "dasr", "scale": 2, "parameters": 100, "flops": 5000, "seed": seed}
        runs[-1].write_text(yaml.safe_dump(record), encoding="utf-8")
    metrics = pd.DataFrame([ROW, {**ROW, "method": "bicubic", "seed": 0, "psnr_y_db": 24.0}])
    write_statistics(metrics, gather([]), [], runs, "dasr", ["dasr"], tmp_path / "tables")
    names = sorted(path.name for path in (tmp_path / "tables").iterdir())
    assert names == ["clusters.csv", "costs.csv", "metrics.csv", "paired.csv", "summary.csv"]
    costs = pd.read_csv(tmp_path / "tables" / "costs.csv")
    assert costs.to_dict("records") == [
        {"method": "dasr", "scale": 2, "parameters": 100, "flops": 5000}
    ]
    summary = pd.read_csv(tmp_path / "tables" / "summary.csv")
    assert summary[summary["method"] == "dasr"]["gain_db"].tolist() == [1.0, 1.0]
    assert pd.read_csv(tmp_path / "tables" / "clusters.csv").empty


def test_imported_networks_have_a_summary_and_no_pair(tmp_path: Path) -> None:
    runs = [tmp_path / "run.yaml"]
    record = {"method": "dasr", "scale": 2, "parameters": 100, "flops": 5000, "seed": 1}
    runs[0].write_text(yaml.safe_dump(record), encoding="utf-8")
    others = {"bicubic": (0, 24.0), "released": (0, 29.0), "no_ca": (1, 24.5)}
    rows = [ROW] + [
        {**ROW, "method": name, "seed": seed, "psnr_y_db": psnr}
        for name, (seed, psnr) in others.items()
    ]
    trained = ["dasr", "no_ca"]
    write_statistics(pd.DataFrame(rows), gather([]), [], runs, "dasr", trained, tmp_path)
    summary = pd.read_csv(tmp_path / "summary.csv")
    assert summary[summary["method"] == "released"]["gain_db"].tolist() == [5.0, 5.0]
    paired = pd.read_csv(tmp_path / "paired.csv")
    assert set(paired["method"]) == {"no_ca"}
    assert paired["difference_db"].tolist() == [-0.5, -0.5]
