"""What is published of a network's and of a study's files."""

from pathlib import Path

import pandas as pd
import yaml

from dasr.embedding.scores import COLUMNS
from dasr.study.published import NetworkFiles
from dasr.terms.metrics import METRICS
from dasr.tracking.assemble import child_run, parent_run

QUALITY = "\n".join(
    [
        f"testset,{','.join(metric.column for metric in METRICS)}",
        *(f"Set5{f',{value}' * len(METRICS)}" for value in (30.0, 32.0)),
    ]
)
CLUSTERS = f"testset,task,{','.join(COLUMNS)}\nSet5,noise{',0.5' * len(COLUMNS)}\n"


def test_an_imported_network_is_published_without_history(tmp_path: Path) -> None:
    record = {
        "method": "theirs",
        "regime": "noisy",
        "scale": 4,
        "seed": 0,
        "parameters": 8,
        "flops": 9,
        "source": "model_600.pt",
        "commit": "abc",
    }
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(record))
    (tmp_path / "Set5.csv").write_text(QUALITY)
    (tmp_path / "clusters.csv").write_text(CLUSTERS)
    run = child_run(
        "main",
        NetworkFiles(
            record=str(tmp_path / "run.yaml"),
            network=str(tmp_path / "model.safetensors"),
            histories={},
            metrics=[str(tmp_path / "Set5.csv")],
            clusters=[str(tmp_path / "clusters.csv")],
        ),
    )
    assert run.key == "main/theirs/noisy/x4/seed0"
    assert run.params == {"parameters": 8, "flops": 9, "source": "model_600.pt"}
    assert run.metrics["Set5/psnr_y_db"] == 31.0
    assert run.metrics["Set5/noise/ari"] == 0.5
    assert run.curves == {}
    assert run.artifacts["training"] == [tmp_path / "run.yaml"]
    assert "dasr.data_digest" not in run.tags


def test_a_network_has_the_time_and_the_memory_of_its_method(tmp_path: Path) -> None:
    rows = "method,regime,scale,seed,milliseconds,peak_mb\n"
    rows += "bicubic,noisy,4,0,3.5,8.0\ndasr,noisy,2,1,60.0,30.0\ndasr,noisy,4,1,70.5,24.6\n"
    (tmp_path / "inference.csv").write_text(rows)
    run = child_run("main", trained_files(tmp_path), tmp_path / "inference.csv")
    shown = {name: value for name, value in run.metrics.items() if name.startswith("inference")}
    assert shown == {"inference/milliseconds": 70.5, "inference/peak_mb": 24.6}


def trained_files(folder: Path) -> NetworkFiles:
    """Write the files of a network whose encoder stage was watched, and return their paths."""
    record = {"method": "dasr", "regime": "noisy", "scale": 4, "seed": 1, "commit": "abc"}
    (folder / "run.yaml").write_text(yaml.safe_dump(record))
    keys = {"scale": 4, "seed": 1, "stage": "encoder"}
    rows = [
        {"step": 0, "rank_kernel_width": 0.28},
        {"step": 5, "learning_rate": 0.01, "contrastive": 4.0},
        {"step": 10, "learning_rate": 0.0, "contrastive": 3.0, "rank_kernel_width": 0.93},
    ]
    pd.DataFrame([{**keys, **row} for row in rows]).to_csv(folder / "encoder.csv", index=False)
    joint = {"method": "dasr", "regime": "noisy", **keys, "stage": "joint", "step": 5, "l1": 9}
    pd.DataFrame([joint]).to_csv(folder / "joint.csv", index=False)
    return NetworkFiles(
        record=str(folder / "run.yaml"),
        network=str(folder / "model.safetensors"),
        histories={"joint": str(folder / "joint.csv"), "encoder": str(folder / "encoder.csv")},
        metrics=[],
        clusters=[],
    )


def test_a_network_has_the_curves_of_the_encoder_stage_that_it_goes_on_from(
    tmp_path: Path,
) -> None:
    curves = child_run("main", trained_files(tmp_path)).curves
    assert curves["joint"].columns.tolist() == ["step", "l1"]
    encoder = curves["encoder"].set_index("step")
    assert encoder["rank_kernel_width"].dropna().to_dict() == {0: 0.28, 10: 0.93}
    assert encoder["contrastive"].dropna().to_dict() == {5: 4.0, 10: 3.0}


def test_pictures_of_tables_and_words_of_titles(tmp_path: Path) -> None:
    frames = {"summary": tmp_path / "summary.csv"}
    columns = ["testset", "regime", "scale", "method", "kernel", "gain_db"]
    pd.DataFrame(columns=columns).to_csv(frames["summary"], index=False)
    digests = tmp_path / "digests.yaml"
    digests.write_text("train: {a: '1'}\nvalidation: {v: '3'}\ntest: {b: '2'}\n")
    pictures = tmp_path / "table3-x4-Set14_pictures"
    pictures.mkdir()
    for name in ("kernel1.png", "kernel1.pdf", ".snakemake_timestamp"):
        (pictures / name).touch()
    run = parent_run(
        {"study": "s", "title": "# <b>Big</b>"},
        digests=digests,
        commit="c",
        claims=tmp_path / "claims.yaml",
        frames=frames,
        tables=[tmp_path / "table3-x4-Set14.md", pictures],
        figures=[],
    )
    assert run.artifacts["tables"] == [tmp_path / "table3-x4-Set14.md"]
    assert run.artifacts["data"] == [digests, tmp_path / "claims.yaml"]
    assert run.artifacts["tables/table3-x4-Set14_pictures"] == [
        pictures / "kernel1.pdf", pictures / "kernel1.png"
    ]  # fmt: skip
    assert run.tags["mlflow.note.content"] == r"\# \<b\>Big\</b\>"
