"""A cluster on which a study would wait for ever is refused in one line."""

import pytest

from dasr.errors import UserError
from dasr.slurm import require_status

# as Slurm 22.05 and 23.11 print them
NO_ACCOUNTS = ("accounting_storage/none", "(null)")
ACCOUNTS = "accounting_storage/slurmdbd"


def _settings(accounting: str, age: str) -> str:
    return (
        "Configuration data as of 2026-01-01T00:00:00\n"
        "AccountingStorageBackupHost = (null)\n"
        f"AccountingStorageType   = {accounting}\n"
        "MinJobAge               = " + age + "\n"
        "MpiDefault              = none\n"
    )


@pytest.mark.parametrize("accounting", [*NO_ACCOUNTS, ACCOUNTS])
def test_squeue_does_with_and_without_accounting(accounting: str) -> None:
    require_status("squeue", _settings(accounting, "300 sec"))


@pytest.mark.parametrize("age", ["2 sec", "180 sec"])
def test_sacct_does_with_accounting_however_soon_jobs_leave_the_list(age: str) -> None:
    require_status("sacct", _settings(ACCOUNTS, age))


@pytest.mark.parametrize(
    ("command", "accounting", "age", "remedy"),
    [
        ("sacct", NO_ACCOUNTS[0], "300 sec", "set squeue"),
        ("sacct", NO_ACCOUNTS[1], "300 sec", "set squeue"),
        ("squeue", ACCOUNTS, "60 sec", "set sacct"),
        ("squeue", NO_ACCOUNTS[0], "60 sec", "ask for a MinJobAge of 200 or more"),
    ],
)
def test_what_would_hang_is_refused_with_what_to_set(
    command: str, accounting: str, age: str, remedy: str
) -> None:
    with pytest.raises(UserError, match=rf"^slurm-status-command: {command}: .*: {remedy}$"):
        require_status(command, _settings(accounting, age))
