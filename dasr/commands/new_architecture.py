"""Start an architecture: its modules, its line, a variant and a test, all of which work."""

import ast
import keyword
import os
import re
from collections import Counter
from pathlib import Path

from dasr.commands.outputs import writing
from dasr.errors import UserError
from dasr.files import write_text
from dasr.templates import rendered
from dasr.terms.columns import BICUBIC, UNTRAINED

ARCHITECTURES = Path("dasr/config/architectures.py")
"""Where the new line goes, below the project's folder."""
TEMPLATES = {
    "config.py.j2": "dasr/config/models/{}.py",
    "network.py.j2": "dasr/architectures/{}.py",
    "variant.yaml.j2": "ablations/{}.yaml",
    "test.py.j2": "tests/unit/architectures/test_{}.py",
}
"""The files of an architecture, by the template that each is made from."""
LONGEST = 20
"""Characters of a name: with more, lines of the templates would be too long."""
TABLE = re.compile(r"^ARCHITECTURES: .*= \{$\n(?:^    .*$\n)*", re.MULTILINE)
IMPORT = re.compile(r"^from dasr\.config\.models\.(\w+) import .*$\n", re.MULTILINE)


def new_architecture(name: str, project: Path) -> list[Path]:
    """Write the files of a new architecture, all of them or none.

    Args:
        name: of the architecture, its modules and its variant.
        project: the folder that the running package lies in.

    Returns:
        The files, relative to the project; the last one had a line added.

    Raises:
        UserError: a name that is taken or cannot be one, another folder, or no leave to write.
    """
    _require_project(project)
    _require_name(name)
    title = "".join(part.capitalize() for part in name.split("_"))
    texts = {
        Path(target.format(name)): _filled(template, name, title)
        for template, target in TEMPLATES.items()
    }
    for path in texts:
        if os.path.lexists(project / path) or (project / path).with_suffix("").is_dir():
            raise UserError(f"{path}: exists already: choose another name than {name!r}")
    listed = (project / ARCHITECTURES).read_text(encoding="utf-8")
    texts[ARCHITECTURES] = _with_line(listed, name, title)
    for path, text in texts.items():
        if path.suffix == ".py":
            _require_distinct(text, path, name)
    _write(project, texts)
    return list(texts)


def _require_project(project: Path) -> None:
    """Refuse folders that are not the project's, and a package that is not of this one."""
    package = Path(__file__).resolve().parents[1]
    needed = [ARCHITECTURES, *(Path(target).parent for target in TEMPLATES.values())]
    missing = [str(path) for path in needed if not (project / path).exists()]
    if missing:
        raise UserError(
            f"{project}: not the project's folder, which has {missing[0]}: go there first"
        )
    if (project / "dasr").resolve() != package:
        raise UserError(
            f"{project}: dasr runs from {package.parent}, which would not find what is "
            "written here: install this project (pip install -e .)"
        )


def _require_name(name: str) -> None:
    """Refuse names that no module, class and method can have."""
    if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) is None or len(name) > LONGEST:
        raise UserError(
            f"name {name[: 2 * LONGEST]!r} must be small letters and digits, a letter first, "
            f"with single '_' between them, at most {LONGEST} characters"
        )
    if keyword.iskeyword(name):
        raise UserError(f"name {name!r} is a word of Python's")
    if name in (BICUBIC, UNTRAINED):
        raise UserError(f"name {name!r} is that of a method which every study has")


def _filled(template: str, name: str, title: str) -> str:
    template = f"architecture_template/{template}"
    return rendered("dasr.commands", template, architecture=name, title=title)


def _with_line(listed: str, name: str, title: str) -> str:
    """Return the module that lists the architectures with one more.

    Raises:
        UserError: the module has another form than it was shipped with.
    """
    table, imports = TABLE.search(listed), list(IMPORT.finditer(listed))
    if table is None or not imports:
        raise UserError(f"{ARCHITECTURES}: no ARCHITECTURES = {{...}} to add {name!r} to")
    entry = f'    "{name}": {title}Config,\n'
    listed = listed[: table.end()] + entry + listed[table.end() :]
    later = [found for found in imports if _natural(found[1]) > _natural(name)]
    position = later[0].start() if later else imports[-1].end()
    line = f"from dasr.config.models.{name} import {title}Config\n"
    return listed[:position] + line + listed[position:]


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return what orders imports as ruff does: numbers in names by their value."""
    parts = re.findall(r"\d+|\D", name)
    return [(0, int(one), "") if one.isdigit() else (1, 0, one) for one in parts]


def _require_distinct(text: str, path: Path, name: str) -> None:
    """Refuse a name whose classes would hide others of a module."""
    bound = Counter(
        bound
        for node in ast.parse(text).body
        for bound in (
            [item.asname or item.name for item in node.names]
            if isinstance(node, ast.Import | ast.ImportFrom)
            else [node.name]
            if isinstance(node, ast.ClassDef)
            else []
        )
    )
    twice = [one for one, count in bound.items() if count > 1]
    if twice:
        raise UserError(f"name {name!r}: {path} would have two classes {twice[0]!r}")


def _write(project: Path, texts: dict[Path, str]) -> None:
    """Write new files, then the one that makes them known; take them back if one fails."""
    written: list[Path] = []
    try:
        for path, text in texts.items():
            with writing(path):
                write_text(project / path, text)
            written.append(project / path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
