"""Options and fixtures of all tests."""

from pathlib import Path

import pytest

from tests.golden.files import missing_files


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--reference",
        type=Path,
        default=Path(__file__).parent / "golden",
        metavar="DIR",
        help="folder of reference vectors (default: tests/golden)",
    )


def pytest_configure(config: pytest.Config) -> None:
    folder = config.getoption("--reference")
    missing = missing_files(folder)
    if missing:
        raise pytest.UsageError(f"--reference {folder}: no {', no '.join(missing)}")


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Path:
    """Folder of the reference vectors."""
    folder: Path = request.config.getoption("--reference")
    return folder
