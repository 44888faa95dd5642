"""Records of trainings, read by the hundred."""

from pathlib import Path
from typing import Any

import yaml


def read_record(path: Path) -> dict[str, Any]:
    """Return a record of a training; nothing where there is none, or no whole one.

    The parser is libyaml where PyYAML has it, ten times as fast: a workflow wrote the file.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
