"""Fixtures of the tests of figures."""

from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure


@pytest.fixture
def unsaved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty files, at once: for tests that ask what is in a figure."""

    def touch(figure: Figure, path: Path, **options: Any) -> None:
        path.touch()

    monkeypatch.setattr(Figure, "savefig", touch)
