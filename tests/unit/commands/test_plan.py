"""`dasr plan`: what it prints, what it refuses, and that it leaves everything alone."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import torch
import yaml

from dasr.config import to_dict
from dasr.devices import machine
from dasr.study.planning import checked_study
from tests.unit.commands.conftest import Outcome
from tests.unit.forecast.conftest import ROOT, STUDY

Run = Callable[..., Outcome]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("ablations", "config", "workflow", "reports/benchmarks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "config/tiny.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _records(project: Path, seconds: float) -> None:
    """Write what the networks of an earlier study of these settings took: 20 steps each."""
    study = checked_study([Path("config/tiny.yaml")], [])
    trained = [(f"runs/{run.method}/r/x4/{run.seed}", run) for run in study.runs()]
    trained += [(f"encoders/{name}", stage) for name, stage in study.encoders().items()]
    for folder, config in trained:
        record = {
            "config": to_dict(config), "threads": 1, "cpu_seconds": seconds,
            "machine": machine(torch.device("cpu")),
        }  # fmt: skip
        path = project / "results/earlier" / folder / "run.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(record), encoding="utf-8")


def _metrics(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "study": "s", "method": method, "regime": "noisy", "scale": 4, "seed": seed,
            "testset": "Set", "image": f"i{image}", "kernel": "1.2", "noise_level": 0.0,
            "psnr_y_db": 30 + image + 0.1 * shift * seed * (1 + 0.2 * image),
        }
        for shift, method in enumerate(("dasr", "no_contrastive"))
        for seed in (1, 2, 3)
        for image in range(4)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def test_a_plan_as_json(dasr: Run, project: Path) -> None:
    """Four networks of 20 steps and two encoder stages of 10, each in an hour."""
    _records(project, 3600.0)
    before = _files(project)
    done = dasr("plan", "config/tiny.yaml", "--cores", 2, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found.keys() == {
        "study", "title", "networks", "encoder_stages", "part_stages", "hours", "disk_mb",
        "memory_mb", "unfinished_states_mb", "test_images", "detectable", "notes",
    }  # fmt: skip
    assert found["networks"] == {"trainings": 4, "finished": 0, "steps_left": 80}
    assert found["encoder_stages"] == {"trainings": 2, "finished": 0, "steps_left": 20}
    hours = found["hours"]
    assert (hours["cpu"], hours["wall"]) == (pytest.approx(6), pytest.approx(3))
    assert (hours["cores"], hours["threads"], hours["side_by_side"]) == (2, 1, 2)
    assert hours["shares"][0]["step_seconds"] == pytest.approx(360)
    assert hours["shares"][0]["origins"] == ["same step"]
    assert found["disk_mb"]["total"] > found["disk_mb"]["networks"] > 0
    memory = found["memory_mb"]
    assert memory["at_once"] == pytest.approx(2 * memory["per_training"], rel=0.01)
    assert found["test_images"] == {"Leaves": 3}
    assert found["detectable"]["claims"] == 1
    assert found["detectable"]["metrics"] is None
    assert [note.partition(":")[0] for note in found["notes"]] == [
        "smallest detectable differences"
    ]
    assert _files(project) == before


def test_variances_of_an_earlier_study(dasr: Run, project: Path) -> None:
    metrics = _metrics(project / "other/metrics.csv")
    found = json.loads(dasr("plan", "config/tiny.yaml", "--json", "--metrics", metrics).out)[
        "detectable"
    ]
    assert (found["power"], found["level"]) == (0.8, pytest.approx(0.05))
    (one,) = found["comparisons"]
    assert (one["method"], one["reference"], one["testset"]) == (
        "no_contrastive",
        "dasr",
        "Set",
    )
    assert one["components"].keys() == {"images", "seeds", "rest"}
    sizes = [(size["images"], size["seeds"]) for size in one["smallest_difference_db"]]
    assert sizes == [(i, s) for i in (3, 14, 100) for s in (2, 3, 5, 10, 20)]
    assert all(size["db"] > 0 for size in one["smallest_difference_db"])


def test_a_studys_own_rows_need_no_option(dasr: Run, project: Path) -> None:
    _metrics(project / "results/tiny/metrics.csv")
    done = dasr("plan", "config/tiny.yaml")
    assert "by variances of results/tiny/metrics.csv" in done.out
    assert "no_contrastive minus dasr" in done.out
    assert "not known" not in done.out


def test_a_plan_as_text_without_images_and_records(dasr: Run, project: Path) -> None:
    done = dasr("plan", "config/table1.yaml", "--config", "budget=paper", "--cores", 2)
    assert (done.code, done.err) == (0, "")
    assert "networks to train: 7 (0 finished); shared encoder stages: 1 (0 fin" in done.out
    assert "of a benchmark's step, since this machine has no record" in done.out
    assert "from reports/benchmarks/" in done.out
    assert "Set14 of 14, Set5 of 5; claims: 5" in done.out
    assert "not known: training set DF2K is not counted in the room on disk" in done.out
    assert "not known: smallest detectable differences: no results/table1/" in done.out
    assert max(len(line) for line in done.out.splitlines()) < 160
    assert not (project / "results").exists()


def test_precisions_that_nothing_has_been_measured_in(dasr: Run, project: Path) -> None:
    shutil.rmtree(project / "reports")
    done = dasr("plan", "config/tiny.yaml")
    assert done.code == 0
    assert "hours: not known" in done.out
    assert "not known: hours: nothing is measured" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["config/none.yaml"], "config/none.yaml: No such file"),
        (["config/tiny.yaml", "--config", "seeds=[-1]"], "seeds: -1"),
        (["config/tiny.yaml", "--config", "sedes=[1]"], "sedes"),
        (["config/tiny.yaml", "--config", "seeds"], "'seeds' is not key=value"),
        (["config/tiny.yaml", "--config", "budget=none"], "unknown 'none'"),
        (["config/tiny.yaml", "--cores", "0"], "--cores 0"),
        (["config/tiny.yaml", "--cores", "x"], "--cores"),
        (["config/tiny.yaml", "--metrics", "none.csv"], "none.csv: no such file"),
        (["config/tiny.yaml", "--metrics", "config/tiny.yaml"], "no metrics.csv"),
        (["config/table1.yaml", "--config", "protocol=table9"], "table9"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    dasr: Run, project: Path, arguments: list[str], told: str
) -> None:
    done = dasr("plan", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1
    assert told in done.err


def test_elsewhere_there_is_no_study(
    dasr: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = dasr("plan")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: config/config.yaml: No such file or directory\n"
