"""What every script shares: its log, its threads, its device, one line for a user's error."""

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dasr.errors import EXIT_CODE, user_line
from dasr.files import alone

LOCKS = Path(".snakemake/jobs.lock")


@contextmanager
def job(snakemake: Any) -> Iterator[None]:
    """Log to the rule's file; end with one line and code 2 on what a user can mend.

    No two processes of one job are in the block at a time.
    """
    log = Path(snakemake.log[0])
    # a job of a killed controller may still be at work: it ends first, so that what is
    # written last is what is asked for now
    with alone(LOCKS, str(log), waiting=lambda: _say_waiting(log)):
        yield from _logged(log)


def _say_waiting(log: Path) -> None:
    print(f"{log}: a process of an earlier start still does this; waiting", file=sys.stderr)


def _logged(log: Path) -> Iterator[None]:
    handler = logging.FileHandler(log, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logging.getLogger("dasr").addHandler(handler)
    logging.getLogger("dasr").setLevel(logging.INFO)
    began = time.process_time()
    try:
        yield
        logging.getLogger("dasr").info("cpu seconds: %.1f", time.process_time() - began)
    except Exception as error:
        line = user_line(error)
        with log.open("a", encoding="utf-8") as file:
            print(line or traceback.format_exc(), file=file)
        if line is None:
            raise
        print(line, file=sys.stderr)
        raise SystemExit(EXIT_CODE) from None


def gpu_asked(snakemake: Any) -> bool:
    """Return whether the profile gives the rule a GPU."""
    return bool(snakemake.resources.get("gpu", 0))
