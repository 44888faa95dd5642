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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put whole studies first, the longest before all: the end is then short tests, which
    keep all workers busy."""
    longest = (
        "test_faults",
        "test_study",
        "test_own_network",
        "test_reports",
        "test_imported",
        "test_cluster",
        "test_rivals",
        "test_second_order",
    )

    def place(item: pytest.Item) -> int:
        name = item.path.stem
        if name in longest:
            return longest.index(name)
        return len(longest) + ("workflow" not in item.path.parts)

    items.sort(key=place)


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Path:
    """Folder of the reference vectors."""
    folder: Path = request.config.getoption("--reference")
    return folder
