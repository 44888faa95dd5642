"""The one door: which errors end with one line, and which keep their traceback."""

import errno
import os
from pathlib import Path

import pytest

from dasr.errors import UserError, user_line


def test_a_message_becomes_one_line() -> None:
    assert user_line(UserError("a.yaml: key\n  'x': 3")) == "error: a.yaml: key 'x': 3"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_what_the_machine_refuses_names_the_file(code: int) -> None:
    error = OSError(code, os.strerror(code), "results/x.csv")
    assert user_line(error) == f"error: results/x.csv: {os.strerror(code)}"


def test_a_name_that_is_too_long_is_the_users(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long") as caught:
        (tmp_path / ("x" * 300)).touch()
    line = user_line(caught.value)
    assert line is not None
    assert line.startswith("error: ")
    assert "File name too long" in line


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("x"), OSError("no code")])
def test_a_fault_of_the_project_keeps_its_traceback(error: Exception) -> None:
    assert user_line(error) is None
