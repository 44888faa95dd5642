"""What a study has left on disk and in MLflow, in a form that two runs of it share."""

import hashlib
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import yaml

Contents = dict[str, str]
TIMED = ("hypotheses-", "pareto-", "costs-", "inference.csv")
"""Beginnings of the names of tables, figures and rows that show seconds or memory."""


def contents(project: Path) -> Contents:
    """Return a digest of every file of a study's results and reports, by path.

    Left out is what differs between two runs of the same study: seconds, dates and MLflow's
    ids. Of logs, and of what shows seconds or memory, only the names count.
    """
    files = [path for root in ("results", "reports") for path in project.glob(f"{root}/**/*")]
    return {
        str(path.relative_to(project)): hashlib.sha256(_comparable(path)).hexdigest()
        for path in files
        if path.is_file()
    }


def leftovers(project: Path, known: set[str]) -> list[str]:
    """Return the files beside results and reports that an unbroken study does not leave."""
    return sorted(
        path.name
        for path in project.iterdir()
        if path.is_file()
        and path.name not in known
        and path.suffix not in (".db-shm", ".db-wal")
    )


def published(project: Path) -> dict[str, Any]:
    """Return status and metrics of every run that MLflow's store shows, by the run's key."""
    database = sqlite3.connect(project / "mlflow.db")
    query = """
        SELECT tags.value, runs.status, metrics.key, metrics.value, metrics.step
        FROM runs JOIN tags ON tags.run_uuid = runs.run_uuid AND tags.key = 'dasr.key'
        LEFT JOIN metrics ON metrics.run_uuid = runs.run_uuid
            AND metrics.key NOT LIKE 'inference/%'
        WHERE runs.lifecycle_stage = 'active'
    """
    found: dict[str, Any] = {}
    for key, *row in database.execute(query):
        found.setdefault(key, []).append(tuple(row))
    total = "SELECT COUNT(*) FROM runs WHERE lifecycle_stage = 'active'"
    found["runs"] = database.execute(total).fetchone()[0]
    database.close()
    return {key: sorted(rows, key=str) if isinstance(rows, list) else rows
            for key, rows in found.items()}  # fmt: skip


def differences(expected: Contents, found: Contents) -> list[str]:
    """Return a line for each file that is missing, left over or another one."""
    lines = [f"missing: {name}" for name in sorted(expected.keys() - found.keys())]
    lines += [f"left over: {name}" for name in sorted(found.keys() - expected.keys())]
    return lines + [
        f"differs: {name}"
        for name in sorted(expected.keys() & found.keys())
        if expected[name] != found[name]
    ]


def _comparable(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".log" or path.name.startswith(TIMED):
        return b""
    if path.name == "costs.csv":
        return b"\n".join(line.rpartition(b",")[0] for line in content.splitlines())
    if path.suffix == ".pdf":
        return re.sub(rb"/CreationDate \(.*?\)", b"", content)
    if path.name == "run.yaml":
        record = yaml.safe_load(content)
        del record["cpu_seconds"]
        return yaml.safe_dump(record).encode()
    if path.name == "manifest.json":
        manifest = json.loads(content)
        manifest["sha256"].pop("run.yaml", None)
        return json.dumps(manifest).encode()
    if path.name == "receipt.json":
        return json.dumps(sorted(json.loads(content)["runs"])).encode()
    return content
