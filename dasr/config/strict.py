"""Strict translation between plain mappings (YAML) and frozen dataclasses."""

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from dasr.errors import UserError

T = TypeVar("T")
SHOWN = 120
"""Characters of a wrong value that a message repeats."""
ADDED = {"added": True}
"""Metadata of a field that is younger than results which have been digested: at its default it
is left out of digests (`dasr.config.provenance`), so that those are still the results of their
configuration. Its default must never change."""


@dataclass(frozen=True, eq=False)  # each its own: a member of a union has to be hashable
class Alternatives:
    """In `Annotated[Base, Alternatives(...)]`: one key of a mapping chooses its class."""

    key: str
    """The key; every class has a field of this name, whose default is its own name."""
    classes: Mapping[str, type]
    default: str
    """Name of the class of a mapping without the key."""

    def chosen(self, data: object, where: str) -> type:
        """Return the class that a mapping names.

        Raises:
            UserError: no mapping, or a name that no class has.
        """
        if not isinstance(data, dict):
            raise UserError(f"{where}: expected a mapping, got {_short(data)}")
        name = data.get(self.key, self.default)
        if not isinstance(name, str) or name not in self.classes:
            allowed = sorted(self.classes)
            close = difflib.get_close_matches(str(name), allowed, n=1)
            guess = f" (did you mean {close[0]!r}?)" if close else ""
            raise UserError(
                f"{where}: {self.key}: got {_short(name)}{guess}; allowed: {allowed}"
            )
        return self.classes[name]


def from_dict(cls: type[T], data: object, where: str) -> T:
    """Return `cls` built from a mapping; `where` names the place in errors.

    Raises:
        UserError: unknown key, missing key, wrong type, or a value that the
            dataclass itself refuses.
    """
    if not isinstance(data, dict):
        raise UserError(f"{where}: expected a mapping, got {_short(data)}")
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in data:
        if key not in fields:
            raise UserError(f"{where}: unknown key {_short(key)}{_suggest(key, fields)}")
    for name, field in fields.items():
        required = (
            field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
        )
        if required and name not in data:
            raise UserError(f"{where}: missing key {name!r}")
    values = {key: convert(hints[key], value, f"{where}: {key}") for key, value in data.items()}
    return _construct(cls, values, where)


def to_dict(value: Any) -> Any:
    """Return plain lists and mappings, ready for YAML or JSON, from a dataclass."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: to_dict(getattr(value, field.name)) for field in fields}
    if isinstance(value, dict):
        return {key: to_dict(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_dict(item) for item in value]
    return value


def apply_overrides(base: T, overrides: object, where: str) -> T:
    """Return `base` with nested `overrides` applied.

    Raises:
        UserError: an unknown key, a bad value, or an override that changes nothing:
            a silent knob is the worst bug an ablation study can have.
    """
    if not isinstance(overrides, dict):
        raise UserError(f"{where}: expected a mapping, got {_short(overrides)}")
    hints = typing.get_type_hints(type(base), include_extras=True)
    changes: dict[str, Any] = {}
    for key, value in overrides.items():
        if key not in hints:
            raise UserError(f"{where}: unknown key {_short(key)}{_suggest(key, hints)}")
        current = getattr(base, key)
        place = f"{where}: {key}"
        if dataclasses.is_dataclass(current) and not isinstance(current, type):
            if value == {}:
                raise UserError(f"{place}: override changes nothing, it is empty")
            changes[key] = _overridden(hints[key], current, value, place)
            continue
        changes[key] = convert(hints[key], value, place)
        if changes[key] == current:
            raise UserError(f"{place}: override changes nothing, it is {current!r}")
    return _construct(type(base), {**_shallow(base), **changes}, where)


def _overridden(hint: Any, current: Any, value: object, where: str) -> Any:
    """Return a nested dataclass with overrides; another class starts from its defaults."""
    for kind in typing.get_args(hint)[1:]:
        if isinstance(kind, Alternatives) and isinstance(value, dict) and kind.key in value:
            chosen = kind.chosen(value, where)
            if chosen is not type(current):
                rest = {key: item for key, item in value.items() if key != kind.key}
                return apply_overrides(_construct(chosen, {}, where), rest, where)
    return apply_overrides(current, value, where)


def _shallow(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}


def _construct(cls: type[T], values: dict[str, Any], where: str) -> T:
    try:
        return cls(**values)
    except ValueError as error:  # from __post_init__, which does not know the place
        raise UserError(f"{where}: {error}") from None


def _suggest(key: object, allowed: typing.Iterable[str]) -> str:
    names = sorted(allowed)
    close = difflib.get_close_matches(str(key), names, n=1)
    return f" (did you mean {close[0]!r}?)" if close else f"; allowed: {names}"


def convert(hint: Any, value: Any, where: str) -> Any:
    """Return a plain value as what an annotation says, e.g. `Annotated[A, Alternatives(...)]`.

    Raises:
        UserError: as `from_dict`.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        kind = args[1]
        chosen = kind.chosen(value, where) if isinstance(kind, Alternatives) else args[0]
        return convert(chosen, value, where)
    if origin in (typing.Union, types.UnionType):
        return _convert_union(args, value, where)
    if origin is typing.Literal:
        if value not in args:
            raise UserError(f"{where}: got {_short(value)}; allowed: {list(args)}")
        return value
    if origin is tuple:
        return _convert_tuple(args, value, where)
    if origin is dict:
        if not isinstance(value, dict):
            raise UserError(f"{where}: expected a mapping, got {_short(value)}")
        return {
            convert(args[0], key, where): convert(args[1], item, f"{where}: {_short(key)}")
            for key, item in value.items()
        }
    if dataclasses.is_dataclass(hint):
        return from_dict(typing.cast(type, hint), value, where)
    return _convert_scalar(hint, value, where)


def _convert_union(args: tuple[Any, ...], value: Any, where: str) -> Any:
    errors = []
    for option in args:
        try:
            return convert(option, value, where)
        except UserError as error:
            errors.append(str(error).removeprefix(f"{where}: "))
    raise UserError(f"{where}: {' or '.join(dict.fromkeys(errors))}")


def _convert_tuple(args: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise UserError(f"{where}: expected a list, got {_short(value)}")
    if args[-1] is Ellipsis:
        args = (args[0],) * len(value)
    if len(args) != len(value):
        raise UserError(f"{where}: expected {len(args)} values, got {_short(value)}")
    pairs = enumerate(zip(args, value, strict=True))
    return tuple(convert(arg, item, f"{where}[{i}]") for i, (arg, item) in pairs)


def _convert_scalar(hint: type, value: Any, where: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise UserError(f"{where}: {_short(value)} is too large") from None
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{where}: {value} is not a finite number")
    if hint is Any or type(value) is hint:
        return value
    note = ""
    if hint is float and isinstance(value, str):
        note = " (YAML reads 1e-3 as text: write 1.0e-3)"
    if hint is str and isinstance(value, (bool, int, float, date)):
        note = " (put quotes around it: YAML reads yes, 12 or 2025-01-31 as no text)"
    raise UserError(f"{where}: expected {hint.__name__}, got {_short(value)}{note}")


def _short(value: object) -> str:
    """Return what a value looks like, cut to fit a line."""
    try:
        text = repr(value)
    except ValueError:  # an integer of more digits than Python writes
        return "a number of thousands of digits"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
