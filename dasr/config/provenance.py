"""Digests that say whether a result is still the result of this config and code."""

import ast
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from dasr.config.strict import to_dict

_PACKAGE = Path(__file__).resolve().parent.parent


def digest(value: Any) -> str:
    """Return 12 hex digits of the SHA-256 of a dataclass or of plain data."""
    text = json.dumps(to_dict(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def source_digest(*floors: str) -> str:
    """Return a digest of the code of some floors of the package, e.g. `"model"`.

    The syntax tree is hashed without docstrings, so that comments, formatting and
    documentation re-run nothing, while any line that computes does.
    """
    sha = hashlib.sha256()
    for floor in sorted(floors):
        folder = _PACKAGE / floor
        files = sorted(folder.rglob("*.py")) or [folder.with_suffix(".py")]
        for path in files:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            _strip_docstrings(tree)
            sha.update(f"{path.relative_to(_PACKAGE)}\n{ast.dump(tree)}".encode())
    return sha.hexdigest()[:12]


def git_commit() -> str:
    """Return the commit that the package runs from, "-dirty" if edited, or "unknown"."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=_PACKAGE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"  # an installed package, or no git on this machine
    return done.stdout.strip()


def _strip_docstrings(tree: ast.AST) -> None:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, holders) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:]
