"""Values that prose cites: of rows of CSV files, of keys of YAML and JSON files."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pandas as pd

from dasr.config.yaml_files import read_mapping
from dasr.errors import UserError
from dasr.statistics.jobs import read_rows
from dasr.text import formatted

SELECTOR = re.compile(r"(?P<key>\w+)(?P<sign>!?=)(?P<value>.*)", re.DOTALL)
MINUS = "minus"
COLUMN = re.compile(r"(?P<sign>-?)(?:(?P<of>min|max|range)\((?P<many>\w+)\)|(?P<one>\w+))")


class CitedFiles:
    """Files below the working directory, each read once."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._rows = cache(lambda path: read_rows(existing(path)))
        self._mapping = cache(lambda path: _read_mapping(existing(path)))

    def values(self, path: str, words: Sequence[str], given: Sequence[str] = ()) -> list[Any]:
        """Return what columns of a file hold, or what they differ by between two rows.

        Args:
            path: of a CSV, YAML or JSON file.
            words: KEY=VALUE and KEY!=VALUE, which pick rows of a CSV file; and columns: a name,
                -name for the other sign, min(name), max(name) or range(name) of all rows that
                are picked, with or without a minus. Of other files, keys joined by dots; the
                key of a list's item is its `name`. After a word `minus`, the same of what is
                subtracted.
            given: words that stand before those of either row: KEY=VALUE, or keys.

        Raises:
            UserError: no such file, column, key or row, or several rows for one value.
        """
        if MINUS not in words:
            return self._values(path, words, given)
        place = list(words).index(MINUS)
        sides = (words[:place], words[place + 1 :])
        first, second = (self._values(path, own, given) for own in sides)
        try:
            return [one - other for one, other in zip(first, second, strict=True)]
        except (ValueError, TypeError):
            raise UserError(f"{path}: {' '.join(words)}: no numbers, or not as many") from None

    def _values(self, path: str, words: Sequence[str], given: Sequence[str]) -> list[Any]:
        if not path.endswith(".csv"):
            return [self._of_mapping(path, ".".join([*given, keys])) for keys in words]
        pairs = [(word, SELECTOR.fullmatch(word)) for word in (*given, *words)]
        columns = [word for word, selector in pairs if selector is None]
        return self._of_rows(path, [one for _, one in pairs if one is not None], columns)

    def _of_rows(
        self, path: str, selectors: Sequence[re.Match[str]], columns: Sequence[str]
    ) -> list[Any]:
        rows: pd.DataFrame = self._rows(path)
        for selector in selectors:
            fits = _fits(_column(rows, selector["key"], path), selector["value"])
            rows = rows[fits if selector["sign"] == "=" else ~fits]
        place = " ".join([f"{path}:", *(selector[0] for selector in selectors)])
        if rows.empty:
            raise UserError(f"{place}: no such row")
        return [_value(rows, column, place) for column in columns]

    def _of_mapping(self, path: str, keys: str) -> Any:
        value = self._mapping(path)
        for key in keys.split("."):
            if isinstance(value, list):
                value = {one["name"]: one for one in value if isinstance(one, dict)}
            if not isinstance(value, Mapping) or key not in value:
                raise UserError(f"{path}: no {keys!r}: {key!r} is not there")
            value = value[key]
        return value


def written(form: str, values: Sequence[Any]) -> str:
    """Return values as prose has them: a minus sign, "∞", "–" for what is missing.

    Args:
        form: a format of Python for one value, e.g. ".2f", or a template for several, e.g.
            "{:.2f} [{:.2f}, {:.2f}]".
        values: numbers or texts.

    Raises:
        UserError: another number of values, or a format that is none.
    """
    template = form if "{" in form else f"{{:{form}}}"
    try:
        fields = sum(name is not None for _, name, _, _ in Formatter().parse(template))
        if fields == len(values):
            return _Prose().format(template, *values)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{form}: {error}") from None
    raise UserError(f"{form}: for {fields} columns, and {len(values)} are named")


def existing(path: str) -> Path:
    """Return the path of a file that is there.

    Raises:
        UserError: it is not.
    """
    if not Path(path).is_file():
        raise UserError(f"{path}: no such file")
    return Path(path)


class _Prose(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str) or not format_spec:
            return format(value, format_spec)
        if not math.isfinite(value):
            return formatted(float(value), format_spec).replace("-", "−")
        number = int(value) if format_spec.endswith("d") else float(value)
        text = format(number, format_spec)
        rounded_to_zero = not any(digit in text for digit in "123456789")
        return (format(type(number)(0), format_spec) if rounded_to_zero else text).replace(
            "-", "−"
        )


def _read_mapping(path: Path) -> Any:
    if path.suffix != ".json":
        return read_mapping(path)
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise UserError(f"{path}: not JSON: {error}") from None


def _fits(column: pd.Series, value: str) -> pd.Series:
    """Return which values are what a selector says, numbers as numbers; nothing: missing."""
    if value == "":
        return column.isna()
    if pd.api.types.is_numeric_dtype(column):
        try:
            return column == float(value)
        except ValueError:
            pass
    return column.astype(str) == value


def _value(rows: pd.DataFrame, asked: str, place: str) -> Any:
    match = COLUMN.fullmatch(asked)
    if match is None:
        raise UserError(f"{place}: {asked}: no column; allowed: name, min(name), -max(name)")
    column = _column(rows, match["many"] or match["one"], place)
    if match["one"] and len(rows) > 1:
        raise UserError(f"{place}: {len(rows)} rows: name more keys, or min(...) or max(...)")
    if (match["many"] or match["sign"]) and not pd.api.types.is_numeric_dtype(column):
        raise UserError(f"{place}: {asked}: no numbers")
    of: dict[str | None, Callable[[], Any]] = {
        None: lambda: column.iloc[0],
        "min": column.min,
        "max": column.max,
        "range": lambda: column.max() - column.min(),
    }
    value = of[match["of"]]()
    return -value if match["sign"] else value


def _column(rows: pd.DataFrame, name: str, place: str) -> pd.Series:
    if name not in rows:
        raise UserError(f"{place}: no column {name!r}; allowed: {', '.join(rows.columns)}")
    return rows[name]
