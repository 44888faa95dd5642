"""From a finished study to a report, and from a report back to its numbers."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from dasr.cli import main
from dasr.statistics.jobs import read_rows
from dasr.study import Plan, read_study_yaml
from tests.workflow.conftest import Project

STATISTICS = {
    "metrics", "summary", "paired", "claims", "clusters", "costs", "encoder_stages", "scaling",
    "inference",
}  # fmt: skip
ROWS = {"clusters_by_network", "inference"}
"""What nothing in a report is computed again to."""
NETWORK = "no_ca/noisy/x4/seed1"


@pytest.fixture(scope="module")
def made(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report of the finished study; tests must not change it."""
    out = tmp_path_factory.mktemp("reports") / "x"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(finished.folder)
        assert main(["report", "config/tiny.yaml", "--out", str(out), "--figures"]) == 0
    return out


@pytest.fixture
def report(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the report; nothing of its study is below the working directory."""
    shutil.copytree(made, tmp_path / "x")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "x"


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _dasr(finished: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `dasr ...` in the project: a training sets the threads of its whole process."""
    return subprocess.run(
        [sys.executable, "-m", "dasr.cli", *arguments],
        cwd=finished.folder,
        env=finished.environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_report_has_what_tables_are_made_from(made: Path, finished: Project) -> None:
    assert {path.stem for path in made.glob("*.csv")} >= STATISTICS | ROWS
    claims = (made / "data/claims.yaml").read_bytes()  # which of them came before the training
    assert claims == (finished.folder / "results/tiny/data/claims.yaml").read_bytes()
    plan = Plan(read_study_yaml(made / "study.yaml"))
    assert [method.name for method in plan.methods] == ["bicubic", "dasr", "no_ca"]
    digests = yaml.safe_load((made / "data/digests.yaml").read_text())
    assert digests["images"] == {
        "train": {"leaves": 4}, "validation": {"Watched": 2}, "test": {"Leaves": 2}
    }  # fmt: skip
    records = yaml.safe_load((made / "runs.yaml").read_text())
    assert sum(name.startswith("encoders/") for name in records) == 1
    own = finished.folder / "results/tiny/runs" / NETWORK
    told = records[f"runs/{NETWORK}"]
    weights = told.pop("weights_sha256")
    assert told == yaml.safe_load((own / "run.yaml").read_text())
    info = _dasr(finished, "info", str(own / "model.safetensors"))
    assert json.loads(info.stdout)["weights_sha256"] == weights
    assert not (made / "figures").exists()  # none was asked for


def test_a_table_says_where_its_numbers_come_from(made: Path) -> None:
    digests = yaml.safe_load((made / "data/digests.yaml").read_text())
    last = (made / "tables/paired-noisy-x4-Leaves.md").read_text().splitlines()[-1]
    assert last == (
        f"Study tiny: tested on Leaves (2 images, {digests['test']['Leaves'][:8]}); seed 1, "
        f"trained on leaves (4 images, {digests['train']['leaves'][:8]}) at commit unknown; "
        "rows: paired.csv"
    )


def test_what_encoder_stages_learned_is_computed_again_from_their_histories(
    made: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (history,) = report.glob("encoders/*/history.csv")
    rows = pd.read_csv(history)
    assert rows["step"].iloc[0] == 0
    stages = pd.read_csv(report / "encoder_stages.csv")
    assert stages["methods"].tolist() == ["dasr, no_ca"]
    assert stages["rank_kernel_width"][0] == rows["rank_kernel_width"].iloc[-1]
    digests = yaml.safe_load((made / "data/digests.yaml").read_text())
    line = (made / "tables/encoder_stages.md").read_text().splitlines()[-1]
    watched = digests["validation"]["Watched"][:8]
    assert line.startswith(f"Study tiny: validated on Watched (2 images, {watched}); seed 1,")
    rows.loc[0, "rank_kernel_width"] = 1.0
    rows.to_csv(history, index=False)
    assert main(["verify", str(report)]) == 1
    told = capsys.readouterr().err
    found = {line.split(": ")[1] for line in told.splitlines()}
    assert {"encoder_stages.csv", "tables/encoder_stages.md", "tables/claims.html"} <= found


def test_a_report_gives_its_tables_again(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(report)]) == 0
    tables = len(list(report.glob("tables/*.html")))
    statistics = {path.stem for path in report.glob("*.csv")} - ROWS
    assert capsys.readouterr() == (
        f"{report}: {tables} tables equal, {len(statistics)} statistics\n",
        "",
    )


def test_a_report_made_before_times_were_measured_is_computed_without(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (report / "inference.csv").unlink()
    for path in report.glob("tables/costs-*"):
        path.unlink()
    assert main(["verify", str(report)]) == 0
    assert capsys.readouterr().err == ""


def test_times_that_were_tampered_with_are_found(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = read_rows(report / "inference.csv")
    rows["milliseconds"] /= 2
    rows.to_csv(report / "inference.csv", index=False)
    assert main(["verify", str(report)]) == 1
    found = {line.split(": ")[1] for line in capsys.readouterr().err.splitlines()}
    assert "tables/costs-noisy-x4-Leaves.csv" in found


@pytest.mark.parametrize("name", ["metrics.csv", "clusters_by_network.csv"])
def test_tampered_rows_are_found(
    name: str, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = read_rows(report / name)  # names of images stay text
    column = {"metrics.csv": "psnr_y_db"}.get(name, "ari")
    rows.loc[rows["method"] == "no_ca", column] += 0.3
    rows.to_csv(report / name, index=False)
    assert main(["verify", str(report)]) == 1
    told = capsys.readouterr().err
    found = {line.split(": ")[1] for line in told.splitlines()}
    if name == "metrics.csv":
        tables = {f"tables/{kind}-noisy-x4-Leaves.md" for kind in ("psnr", "grid", "paired")}
        assert found >= {"summary.csv", "paired.csv", "claims.csv", *tables}
        assert not any("clusters" in one for one in found)
    else:
        assert found >= {"clusters.csv", "tables/clusters-noisy-x4-Leaves.md"}
        assert "summary.csv" not in found


def test_a_tampered_table_a_missing_file_and_a_strange_one(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = report / "tables/psnr-noisy-x4-Leaves.md"
    _edit(table, "| Bicubic | – |", "| Bicubic | 0 |")
    (report / "tables/grid-noisy-x4-Leaves.tex").unlink()
    (report / "tables/psnr-noisy-x4-Set5.md").write_text("from elsewhere")
    assert main(["verify", str(report)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"{report}: tables/psnr-noisy-x4-Leaves.md: line 5: '")
    assert lines[1:] == [
        f"{report}: tables/grid-noisy-x4-Leaves.tex: missing",
        f"{report}: tables/psnr-noisy-x4-Set5.md: no table of this study",
    ]


def test_other_libraries_are_named_where_something_differs(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    versions = yaml.safe_load((report / "versions.yaml").read_text())
    _edit(report / "versions.yaml", versions["pandas"], "2.0.0")
    assert main(["verify", str(report)]) == 0  # equal all the same
    _edit(report / "summary.csv", "dasr", "dsar")
    capsys.readouterr()
    assert main(["verify", str(report)]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "the report was computed with" in last
    assert f"pandas 2.0.0, scipy {versions['scipy']}; here are" in last


def test_rows_that_are_missing_are_one_line(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = pd.read_csv(report / "metrics.csv")
    rows[rows["method"] != "bicubic"].to_csv(report / "metrics.csv", index=False)
    assert main(["verify", str(report)]) == 2
    assert "cannot be computed from its rows" in capsys.readouterr().err
    (report / "metrics.csv").unlink()
    assert main(["verify", str(report)]) == 2
    assert "metrics.csv: no such file" in capsys.readouterr().err


def test_a_network_trained_again_has_the_same_weights(finished: Project, report: Path) -> None:
    done = _dasr(finished, "verify", str(report), "--network", NETWORK)
    assert done.returncode == 0, done.stderr
    weights = yaml.safe_load((report / "runs.yaml").read_text())[f"runs/{NETWORK}"]
    assert f"{NETWORK}: same weights, {weights['weights_sha256'][:12]}" in done.stdout


def test_other_weights_are_said_with_both_machines(finished: Project, report: Path) -> None:
    records = yaml.safe_load((report / "runs.yaml").read_text())
    record = records[f"runs/{NETWORK}"]
    record |= {"torch": "1.0.0", "machine": "an abacus"}
    (report / "runs.yaml").write_text(yaml.safe_dump(records))
    study = yaml.safe_load((report / "study.yaml").read_text())
    for variant in study["variants"]:
        variant["settings"]["training"]["joint_learning_rate"] *= 2.0
    (report / "study.yaml").write_text(yaml.safe_dump(study))
    done = _dasr(finished, "verify", str(report), "--network", NETWORK)
    assert done.returncode == 1, done.stderr
    assert f"{NETWORK}: other weights: the report has {record['weights_sha256'][:12]}" in (
        done.stderr
    )
    assert "(torch 1.0.0, an abacus, threads 1), here" in done.stderr


def test_what_cannot_be_trained_again_is_refused(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(report), "--network", "bicubic/noisy/x4/seed0"]) == 2
    assert "no trained network 'bicubic/noisy/x4/seed0'" in capsys.readouterr().err
    study = yaml.safe_load((report / "study.yaml").read_text())
    study["config"]["train_sets"][0]["seed"] = 77
    (report / "study.yaml").write_text(yaml.safe_dump(study))
    assert main(["verify", str(report), "--network", NETWORK]) == 2
    assert "training images leaves: not those of the report" in capsys.readouterr().err


def test_what_no_report_is_made_of(
    finished: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(finished.folder)
    tiny, out = "config/tiny.yaml", ["--out", str(tmp_path / "x")]

    def refused(*arguments: str) -> str:
        assert main(["report", *arguments]) == 2
        return capsys.readouterr().err

    assert "the study keeps its own files there" in refused(tiny, "--out", "reports/tiny")
    assert "no 'psrn' in this study; allowed: claims, clusters" in refused(
        tiny, *out, "--tables", "psrn"
    )
    assert "the study is not finished" in refused(tiny, *out, "--config", "study=other")
    assert not (tmp_path / "x").exists()
    (tmp_path / "x").mkdir()
    (tmp_path / "x/summary.csv").write_text("mine")
    (tmp_path / "x/README.md").write_text("mine")
    assert "summary.csv: exists already" in refused(tiny, *out)
    assert main(["report", tiny, *out, "--overwrite", "--tables", "psnr", "--figures"]) == 0
    assert (tmp_path / "x/README.md").read_text() == "mine"
    assert {path.name.split("-")[0] for path in tmp_path.glob("x/tables/*")} == {"psnr"}
