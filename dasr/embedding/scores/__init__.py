"""Scores of representations, one per module; a new module here is a new score everywhere.

Statistics, tables, figures and tracking go through `SCORES`. The records are read where
nothing is scored, so modules import scikit-learn inside their functions.
"""

from dasr.discovery import modules_of
from dasr.terms.scores import Score

SCORES: tuple[Score, ...] = tuple(
    sorted((module.SCORE for module in modules_of(__name__)), key=lambda score: score.order)
)
"""In the order of tables and columns."""
COLUMNS = tuple(score.column for score in SCORES)
