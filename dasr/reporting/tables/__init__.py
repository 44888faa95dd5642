"""The study's tables, one kind per module; a new module here is a new table.

A module declares `TABLE`: what the table is called, where it applies, what it is made
from, how it is made, and its caption, unless that is a file NAME.rst beside it.
"""

from dasr.discovery import modules_of
from dasr.reporting.specs import TableSpec

TABLES: tuple[TableSpec, ...] = tuple(
    sorted((module.TABLE for module in modules_of(__name__)), key=lambda spec: spec.order)
)
"""In the order of the report."""
