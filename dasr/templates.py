"""HTML pages from Jinja2 templates, which lie beside the modules that fill them."""

from html import escape
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup


def _shown(value: Any) -> Any:
    """Return a value as HTML shows it; halves of surrogate pairs become question marks."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(escape(value.encode("utf-8", "replace").decode("utf-8")))


def rendered(package: str, name: str, **values: Any) -> str:
    """Return a page: a template of a package, whose values are shown as they are.

    Args:
        package: where the template lies, e.g. "dasr.reporting.tabulating".
        name: of its file.
        values: what it shows; only `Markup` is markup.
    """
    environment = Environment(
        finalize=_shown,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    template = files(package).joinpath(name).read_text(encoding="utf-8")
    return environment.from_string(template).render(**values)
