"""A real Slurm on this one machine: two nodes, no accounting, no GPU; gone afterwards."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ETC = Path("/etc/slurm")  # job steps drop SLURM_CONF, so it has to be this one
BEFORE = ".before-cluster-test"
MARK = "# make cluster-test: removed at its end; daemons of "
DAEMONS = ("slurmd", "slurmctld", "munged")
NEEDS = (
    "make cluster-test needs root, since it writes /etc/slurm, and Slurm and munge: "
    "apt-get install slurm-wlm munge, which it does itself on Debian and Ubuntu"
)

CGROUP = "CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n"
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort=16817
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd-%n.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
SlurmdParameters=config_overrides
TreeWidth=65533
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[17001-17002] CPUs=8 \
SocketsPerBoard=1 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=16000 State=UNKNOWN
PartitionName=debug Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
"""


@contextmanager
def one_machine_slurm(folder: Path) -> Iterator[None]:
    """Run munge and Slurm with all their files below `folder`, which must not exist yet."""
    _require_programs()
    _end_earlier()
    for name in ("state", "log", "run", "munge", "spool/n1", "spool/n2"):
        (folder / name).mkdir(parents=True)
    try:
        _configure(folder)
        _start(folder)
        yield
    finally:
        _end(folder)


def _require_programs() -> None:
    if os.geteuid() != 0:
        raise SystemExit(NEEDS)
    if all(map(shutil.which, (*DAEMONS, "sbatch", "srun"))):
        return
    if not shutil.which("apt-get"):
        raise SystemExit(NEEDS)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "slurm-wlm", "munge"]):
        subprocess.run(
            ["apt-get", "-y", *arguments],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
        )


def _end_earlier() -> None:
    """End what an earlier test left when it was killed; never touch anybody's cluster."""
    present = ETC / "slurm.conf"
    if present.is_file():
        first = present.read_text().partition("\n")[0]
        if first.startswith(MARK):
            _end(Path(first.removeprefix(MARK)))
    running = [name for _, name in _processes() if name in ("slurmd", "slurmctld")]
    if running:
        raise SystemExit(f"{' and '.join(running)} of another Slurm run on this machine")


def _configure(folder: Path) -> None:
    ETC.mkdir(exist_ok=True)
    host = socket.gethostname().partition(".")[0]
    text = MARK + f"{folder}\n" + CONFIGURATION.format(host=host, folder=folder)
    # slurm.conf last: its first line is what tells a later test to clean up
    for name, contents in (("cgroup.conf", CGROUP), ("slurm.conf", text)):
        path = ETC / name
        if path.exists():
            path.rename(ETC / (name + BEFORE))
        path.write_text(contents)


def _start(folder: Path) -> None:
    munge = folder / "munge"
    key = munge / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    files = {
        "key-file": key,
        "socket": munge / "munge.socket",
        "pid-file": folder / "run/munged.pid",
        "log-file": folder / "log/munged.log",
        "seed-file": munge / "munge.seed",
    }
    arguments = [f"--{name}={path}" for name, path in files.items()]
    subprocess.run(["munged", "--force", *arguments], check=True)
    subprocess.run(["slurmctld", "-c"], check=True)
    for node in ("n1", "n2"):
        subprocess.run(["slurmd", "-N", node], check=True)
    deadline = time.monotonic() + 60
    while _idle_nodes() < 2:
        if time.monotonic() > deadline:
            logs = "\n".join(path.read_text() for path in (folder / "log").iterdir())
            raise SystemExit(f"Slurm does not come up:\n{logs}")
        time.sleep(0.5)


def _idle_nodes() -> int:
    command = ["sinfo", "--noheader", "--Node", "--format=%T"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.split().count("idle")


def _end(folder: Path) -> None:
    """End jobs and daemons of a test, and put back what was in /etc/slurm."""
    if (folder / "run/slurmctld.pid").exists():
        subprocess.run(["scancel", "--user=root", "--full"], timeout=60, capture_output=True)
        time.sleep(2)
    for daemon in DAEMONS:
        for file in (folder / "run").glob(f"{daemon}*.pid"):
            _stop(daemon, int(file.read_text()))
    for name in ("slurm.conf", "cgroup.conf"):
        (ETC / name).unlink(missing_ok=True)
        before = ETC / (name + BEFORE)
        if before.exists():
            before.rename(ETC / name)


def _stop(daemon: str, process: int) -> None:
    """End a daemon by its pid file, if that process is still this daemon."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 20
        while (process, daemon) in _processes():
            if time.monotonic() > deadline:
                break
            os.kill(process, sent)
            time.sleep(0.5)


def _processes() -> list[tuple[int, str]]:
    """Return number and name of every process that is alive."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = status.read_text().partition(" (")
        except OSError:  # it has ended
            continue
        name, _, state = rest.rpartition(") ")
        if not state.startswith("Z"):
            found.append((int(number), name))
    return found
