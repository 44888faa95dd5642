"""What a Slurm cluster can say about a job's end, and whether a study would ever hear it.

Snakemake's executor asks for the states of its jobs in ever longer intervals. A job that
neither `squeue` nor `sacct` knows any more counts as running: the study would wait for ever,
without a word. So a study asks the cluster first, and stops in one line.
"""

import re
import subprocess

from dasr.errors import UserError

LONGEST_INTERVAL = 200
"""Seconds from one question of Snakemake's executor to the next: at most 180, and its own
time. A finished job has to be in squeue's list for longer."""


def cluster_settings() -> str:
    """Return the cluster's settings as `scontrol show config` prints them.

    Raises:
        UserError: there is no Slurm here, or its controller does not answer.
    """
    command = ["scontrol", "show", "config"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        raise UserError("Slurm: scontrol: no such command on this machine") from None
    except subprocess.TimeoutExpired:
        raise UserError("Slurm: scontrol show config: no answer in a minute") from None
    if done.returncode:
        raise UserError(f"Slurm: scontrol show config: {done.stderr.strip()}")
    return done.stdout


def require_status(command: str, settings: str) -> None:
    """Refuse a way of asking for jobs on which the cluster would fall silent.

    Args:
        command: `squeue` or `sacct`, as slurm-status-command of the profile says.
        settings: what `cluster_settings` returned.

    Raises:
        UserError: the end of a job could be missed; the line says what to set.
    """
    accounting = _value(settings, "AccountingStorageType") not in (
        "accounting_storage/none",
        "(null)",
        "",
    )
    kept = re.match(r"\d+", _value(settings, "MinJobAge"))
    seconds = int(kept.group()) if kept else 0
    if command == "sacct" and not accounting:
        raise UserError(
            "slurm-status-command: sacct: this cluster keeps no accounts of jobs "
            "(AccountingStorageType): set squeue"
        )
    if command == "squeue" and seconds < LONGEST_INTERVAL:
        remedy = (
            "set sacct" if accounting else f"ask for a MinJobAge of {LONGEST_INTERVAL} or more"
        )
        raise UserError(
            "slurm-status-command: squeue: this cluster forgets finished jobs after "
            f"{seconds} seconds (MinJobAge): {remedy}"
        )


def _value(settings: str, key: str) -> str:
    found = re.search(rf"^{key}\s*=(.*)$", settings, re.MULTILINE)
    return found.group(1).strip() if found else ""
