"""YAML files read strictly: nothing is lost, nothing grows without bound, nothing hangs."""

import stat
from pathlib import Path
from typing import Any

import yaml

from dasr.errors import UserError

MAX_VALUES = 100_000
"""More values than this, aliases written out, are no configuration."""
MERGE = "tag:yaml.org,2002:merge"


def read_yaml(path: Path) -> Any:
    """Return the contents of a YAML file; None if it is empty.

    Raises:
        UserError: no regular file, no UTF-8 text, no YAML, a key that is there twice, or
            aliases without bound; the message names file, line and key.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a FIFO would wait for ever
            raise UserError(f"{path}: is no regular file")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise UserError(
            f"{path}: not UTF-8 text: byte {byte:#04x} at position {error.start}"
        ) from None
    return parse_yaml(text, str(path))


def read_mapping(path: Path) -> dict[Any, Any]:
    """Return the contents of a YAML file that must hold keys and values.

    Raises:
        UserError: as `read_yaml`; or the file is empty, a list or a single value.
    """
    found = read_yaml(path)
    if not isinstance(found, dict):
        kind = "a list" if isinstance(found, list) else f"the value {found!r:.40}"
        what = "it is empty" if found is None else f"it holds {kind}"
        raise UserError(f"{path}: expected keys and values, {what}")
    return found


def parse_yaml(text: str, where: str) -> Any:
    """Return what YAML text says; `where` names the place in errors.

    Raises:
        UserError: as `read_yaml`.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except _Refused as error:
        raise UserError(f"{where}: {_line(error)}{error.problem}") from None
    except yaml.MarkedYAMLError as error:
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        raise UserError(f"{where}: not YAML: {_line(error)}{problem}") from None
    except RecursionError:
        raise UserError(f"{where}: nested too deeply") from None
    # a date such as 2025-13-01, a number of 5000 digits, characters outside of YAML
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise UserError(f"{where}: not YAML: {error}") from None


def wrong_suffix(folder: Path, stem: str = "*") -> str:
    """Return what to do about a file that is passed over for its suffix; "" if none is."""
    for path in sorted(folder.glob("[!_.]*.*")):
        if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml":
            if stem in ("*", path.stem):
                return f"; {path}: rename it to {path.stem}.yaml"
    return ""


class _Refused(yaml.MarkedYAMLError):
    """What YAML allows, or PyYAML lets pass, and a study must not say."""


class _StrictLoader(yaml.SafeLoader):
    """Refuses keys that are there twice, and aliases that repeat without bound.

    Both are decided on the parsed nodes, before merge keys and aliases are written out.
    """

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Return a mapping whose keys are all different."""
        node: yaml.MappingNode = super().compose_mapping_node(anchor)
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == MERGE:
                continue  # other keys are refused when the mapping is made
            key, line = self.construct_object(key_node), key_node.start_mark.line + 1
            if key in lines:
                raise _Refused(
                    problem=f"key {key!r} is there twice, first in line {lines[key]}",
                    problem_mark=key_node.start_mark,
                )
            lines[key] = line
        return node

    def get_single_node(self) -> yaml.Node | None:
        """Return the document, which is not too large with its aliases written out."""
        node: yaml.Node | None = super().get_single_node()
        if node is not None:
            _count(node, {})
        return node


def _count(node: yaml.Node, counts: dict[int, int]) -> int:
    """Return how many values a node stands for, aliases written out.

    Args:
        node: where to begin.
        counts: by identity, of the nodes that are done; 0 for those still open.
    """
    if isinstance(node, yaml.ScalarNode):
        return 1
    known = counts.get(id(node))
    if known == 0:
        raise _Refused(problem="an alias inside of what it names", problem_mark=node.start_mark)
    if known is not None:
        return known
    counts[id(node)] = 0
    mapping = isinstance(node, yaml.MappingNode)
    inside = [item for pair in node.value for item in pair] if mapping else node.value
    total = 1 + sum(_count(item, counts) for item in inside)
    if total > MAX_VALUES:
        raise _Refused(
            problem=f"more than {MAX_VALUES:,} values, aliases written out",
            problem_mark=node.start_mark,
        )
    counts[id(node)] = total
    return total


def _line(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    return f"line {mark.line + 1}: " if mark else ""
