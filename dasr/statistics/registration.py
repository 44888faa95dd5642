"""Which claims were made before their networks were trained.

A claim counts from the first time that a study is started with it: a ledger beside the
finished stages says for each claim how many of its networks were there already. It is no
output of the workflow, which would remove it, and a claim that comes back keeps its entry.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from dasr.config import digest, git_commit, to_dict
from dasr.config.claims import Claim
from dasr.errors import UserError
from dasr.files import write_text

Ledger = dict[str, dict[str, Any]]
"""By the claim's digest: `networks_before` and the commit that it was made at."""


def register(claims: Sequence[Claim], results: Path, file: Path) -> None:
    """Write a study's claims, each with what was trained when it was first made.

    Args:
        claims: of the study, complete.
        results: folder of the study's results, in which the ledger lies.
        file: YAML, a list of claims, for the study's statistics and its reports.

    Raises:
        UserError: the ledger cannot be read.
    """
    path = results / "stages/claims.yaml"
    ledger = _read(path)
    for claim in claims:
        entry = {"networks_before": _finished(claim, results), "commit": git_commit()}
        ledger.setdefault(digest(claim), entry)
    write_text(path, yaml.safe_dump(ledger))
    made = [
        {"digest": digest(claim), **ledger[digest(claim)], "claim": to_dict(claim)}
        for claim in claims
    ]
    write_text(file, yaml.safe_dump(made, sort_keys=False))


def networks_before(file: Path) -> dict[str, int]:
    """Return how many networks were finished before each claim, from what `register` wrote."""
    made = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    return {entry["digest"]: int(entry["networks_before"]) for entry in made}


def _finished(claim: Claim, results: Path) -> int:
    """Return how many networks of a claim's methods are trained, in place or set aside."""
    found = set()
    for method in (claim.method, claim.reference):
        name = f"{method}/{claim.regime}/x{claim.scale}"
        for network in (results / "runs" / name).glob("seed*/model.safetensors"):
            found.add((method, network.parent.name))
        stages = f"{name.replace('/', '-')}-seed*/finished/model.safetensors"
        for network in (results / "stages").glob(stages):
            found.add((method, network.parts[-3].rpartition("-")[2]))
    return len(found)


def _read(path: Path) -> Ledger:
    if not path.exists():
        return {}
    try:
        ledger = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        ledger = None
    if not isinstance(ledger, dict):
        raise UserError(
            f"{path}: cannot be read; it says which claims came before the training: remove "
            "it, and all claims count from now on"
        )
    return ledger
