"""The study's figures, one kind per module; a new module here is a new figure.

A module declares `FIGURE`: what the figure is called, where it applies, what it is drawn
from, how it is drawn, and its caption, unless that is a file NAME.rst beside it.
"""

from dasr.discovery import modules_of
from dasr.reporting.specs import FigureSpec

FIGURES: tuple[FigureSpec, ...] = tuple(
    sorted((module.FIGURE for module in modules_of(__name__)), key=lambda spec: spec.order)
)
"""In the order of the report."""
