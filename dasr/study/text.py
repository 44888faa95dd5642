"""A study as one text for jobs: people's words in it end no script and fill no braces."""

import json
from typing import Any

from dasr.config import Study, from_dict, to_dict
from dasr.text import page_json


def study_text(study: Study) -> str:
    """Return a study as JSON without "<"."""
    return page_json(to_dict(study))


def read_study(text: str) -> Study:
    """Return the study of `study_text`; JSON has made text of scales that are keys."""
    return from_dict(Study, json.loads(text, object_pairs_hook=_with_numbers), "study")


def _with_numbers(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
    return {int(key) if key.isdigit() else key: value for key, value in pairs}
