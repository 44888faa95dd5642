"""A study as one text.

For jobs as JSON, in which people's words end no script and fill no braces; for reports as YAML.
"""

import json
from pathlib import Path
from typing import Any

import yaml

from dasr.config import Study, from_dict, to_dict
from dasr.config.yaml_files import read_mapping
from dasr.text import page_json


def study_text(study: Study) -> str:
    """Return a study as JSON without "<"."""
    return page_json(to_dict(study))


def read_study(text: str) -> Study:
    """Return the study of `study_text`; JSON has made text of scales that are keys."""
    return from_dict(Study, json.loads(text, object_pairs_hook=_with_numbers), "study")


def study_yaml(study: Study) -> str:
    """Return a study as YAML for people: every default, every variant's settings resolved."""
    return yaml.safe_dump(to_dict(study), sort_keys=False, allow_unicode=True, width=96)


def read_study_yaml(path: Path) -> Study:
    """Return the study of a file that holds the text of `study_yaml`.

    Raises:
        UserError: no such file, or one that holds no study of this version.
    """
    return from_dict(Study, read_mapping(path), str(path))


def _with_numbers(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
    return {int(key) if key.isdigit() else key: value for key, value in pairs}
