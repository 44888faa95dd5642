"""Digests that say whether a result is still the result of this config and code."""

import ast
import dataclasses
import hashlib
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from dasr.config.strict import ADDED

_PACKAGE = Path(__file__).resolve().parent.parent
UNCOUNTED = frozenset(
    {
        "dasr.errors",
        "dasr.files",
        *(f"dasr.config.{name}" for name in ("checks", "provenance", "strict", "yaml_files")),
    }
)
"""Modules that hand on what they get or refuse it: a message or a lock re-trains nothing."""
DISCOVERY = "modules_of(__name__)"
"""The call by which a package finds its own modules (`dasr.discovery`): all of them count."""
DATA = frozenset({".yaml", ".rst", ".j2", ".mplstyle"})
"""Endings of files that hold what the module of their name knows: they count like its code."""
TABLES = frozenset({"dasr.config.architectures"})
"""Modules that name alternatives, of which a job takes one: what they import counts for the
jobs whose alternative it is, and those name it (`modules` of `source_digest`)."""
VALUES = "dasr.config"
"""The package whose values reach jobs as parameters of rules."""


def digest(value: Any) -> str:
    """Return 12 hex digits of the SHA-256 of a dataclass or of plain data.

    Fields that are marked `ADDED` count where they are not at their defaults.
    """
    text = json.dumps(_counted(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _counted(value: Any) -> Any:
    """Return a value as plain data, of dataclasses the fields that count."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        held = ((one, getattr(value, one.name)) for one in dataclasses.fields(value))
        return {
            one.name: _counted(own)
            for one, own in held
            if not (ADDED.items() <= one.metadata.items() and own == _default(one))
        }
    if isinstance(value, dict):
        return {key: _counted(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_counted(item) for item in value]
    return value


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def source_digest(script: Path, *modules: str) -> str:
    """Return a digest of the code that a script runs: all modules that it imports, and theirs.

    The syntax tree is hashed without docstrings, so that comments, formatting and
    documentation re-run nothing, while any line that computes does. `UNCOUNTED` modules are
    left out, and so are fields and checks of the classes of `dasr.config`, whose values are
    parameters of the rules.

    Args:
        script: a file of workflow/scripts/; Snakemake itself looks at its own lines.
        modules: what it uses without an import that can be seen, e.g. an architecture's.
    """
    closure = import_closure(script, *modules)
    sha = hashlib.sha256()
    for name in sorted(closure - UNCOUNTED):
        sha.update(f"{name}\n{_module_code(_module_file(name))}\n".encode())
    return sha.hexdigest()[:12]


def import_closure(script: Path, *modules: str) -> set[str]:
    """Return the names of all modules of the package that a script imports, and they import.

    A name that a package only passes on (`from dasr.data import open_packed`) leads to the
    module that defines it, and not to its neighbours. Imports inside functions count,
    `TABLES` do not.
    """
    found: set[str] = set()
    waiting = [*modules, *_imported(script)]
    while waiting:
        name = waiting.pop()
        if name not in found | TABLES:
            found.add(name)
            waiting += _imported(_module_file(name))
    return found


def git_commit() -> str:
    """Return the commit that the package runs from, "-dirty" if edited, or "unknown"."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=_PACKAGE, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"  # an installed package, or no git on this machine
    return done.stdout.strip()


@cache
def _imported(path: Path) -> tuple[str, ...]:
    """Return the package's modules that a file imports, names that are passed on resolved."""
    found = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found += [item.name for item in node.names if _is_ours(item.name)]
        elif isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
            found += [_defining(str(node.module), item.name) for item in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node) == DISCOVERY:
            found += _modules_beside(path)
    return tuple(found)


def _modules_beside(path: Path) -> list[str]:
    """Return the public modules of the package whose `__init__.py` is at a path."""
    package = ".".join([_PACKAGE.name, *path.parent.relative_to(_PACKAGE).parts])
    names = sorted(item.stem for item in path.parent.glob("[!_]*.py"))
    return [f"{package}.{name}" for name in names]


def _defining(module: str, name: str) -> str:
    """Return the module that `from module import name` takes the name from."""
    if _exists(f"{module}.{name}"):
        return f"{module}.{name}"
    path = _module_file(module)
    if path.name == "__init__.py":
        for node in _tree(path).body:
            if isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
                for item in node.names:
                    if (item.asname or item.name) == name:
                        return _defining(str(node.module), item.name)
    return module


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == _PACKAGE.name


def _exists(module: str) -> bool:
    return _module_file(module).exists()


def _module_file(module: str) -> Path:
    place = _PACKAGE.joinpath(*module.split(".")[1:])
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _module_code(path: Path) -> str:
    """Return what counts of a module, as text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.is_relative_to(_PACKAGE / VALUES.partition(".")[2]):
        _strip_values(tree)
    _strip_docstrings(tree)
    beside = sorted(path.parent.glob(f"{path.stem}.*"))  # what it knows, in files of its name
    return ast.dump(tree) + "".join(
        data.read_text(encoding="utf-8") for data in beside if data.suffix in DATA
    )


def _strip_values(tree: ast.Module) -> None:
    """Leave of classes the methods but for their checks."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            node.body = [
                item
                for item in node.body
                if isinstance(item, ast.FunctionDef) and item.name != "__post_init__"
            ]


def _strip_docstrings(tree: ast.AST) -> None:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, holders) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:]
