"""What is published of a study, from its files."""

from pathlib import Path

import pandas as pd

from dasr.tracking.assemble import parent_run


def test_pictures_of_tables_and_words_of_titles(tmp_path: Path) -> None:
    frames = {"summary": tmp_path / "summary.csv"}
    columns = ["testset", "regime", "scale", "method", "kernel", "gain_db"]
    pd.DataFrame(columns=columns).to_csv(frames["summary"], index=False)
    digests = tmp_path / "digests.yaml"
    digests.write_text("train: {a: '1'}\ntest: {b: '2'}\n")
    pictures = tmp_path / "table3-x4-Set14_pictures"
    pictures.mkdir()
    for name in ("kernel1.png", "kernel1.pdf", ".snakemake_timestamp"):
        (pictures / name).touch()
    run = parent_run(
        {"study": "s", "title": "# <b>Big</b>"},
        digests=digests,
        commit="c",
        frames=frames,
        tables=[tmp_path / "table3-x4-Set14.md", pictures],
        figures=[],
    )
    assert run.artifacts["tables"] == [tmp_path / "table3-x4-Set14.md"]
    assert run.artifacts["tables/table3-x4-Set14_pictures"] == [
        pictures / "kernel1.pdf", pictures / "kernel1.png"
    ]  # fmt: skip
    assert run.tags["mlflow.note.content"] == r"\# \<b\>Big\</b\>"
