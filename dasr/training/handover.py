"""From an unfinished stage to its finished files: nothing is lost, nothing trained twice.

A stage is an encoder stage or a network's joint stage. Its *identity* is the digest of all
that decides its weights: configuration, training images, code. Beside the files that the
workflow asks for, a stage has a folder `results/{study}/stages/{stage}/` with

    {identity}.safetensors   the unfinished state, replaced every few seconds
    {identity}.checkpoints/  networks of steps that have been passed, if a study keeps any
    finished/                the finished files once more, as hard links, and manifest.json
                             with the identity and a digest of each

Snakemake removes the outputs of a job that it has not seen end, before it starts the job
again: when only the controller was killed, also those of a job that has ended well since.
So a stage's files are safe in `finished/` before they are put where the workflow wants
them, and a job that finds there what it is about to compute puts it in place and computes
nothing. The links take no room while the files they are links of exist.

Who may remove what, and when:

- All of it happens inside the lock of the stage's job (`job` in workflow/scripts/job.py),
  from before the first look to after the last output. A second process, started while a
  survivor of a killed controller still trains, waits there, and then finds `finished/`.
- `{identity}.safetensors` and `{identity}.checkpoints/`: removed by whoever has `finished/` of
  that identity whole. Those of other identities go with them: their configuration is no longer
  asked for.
- `finished/`: replaced by a stage of another identity, or one that keeps checkpoints which are
  not in it, after that has finished, and removed when a file in it is damaged. To train a
  finished stage again, remove its folder.
"""

import errno
import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dasr.files import file_digest, replacing, write_text

NO_LINKS = frozenset({errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a file system without hard links, or between two of them, answers."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handover:
    """A stage's folder, its identity, and where its outputs belong."""

    folder: Path
    identity: str
    outputs: Mapping[str, Path]
    """The files that the workflow asks for, by what they are called here."""

    @property
    def state(self) -> Path:
        """File of the unfinished state."""
        return self.folder / f"{self.identity}.safetensors"

    @property
    def checkpoints(self) -> Path:
        """Folder of the networks that are kept on the way."""
        return self.folder / f"{self.identity}.checkpoints"

    def recall(self) -> bool:
        """Put finished files of the same identity in place; return whether there are any."""
        finished = self.folder / "finished"
        manifest = _read_manifest(finished)
        if manifest.get("identity") != self.identity:
            return False
        digests = manifest["sha256"]
        missing = {path.name for path in self.outputs.values()} - digests.keys()
        if missing:
            logger.warning("%s: without %s: trained anew", finished, ", ".join(sorted(missing)))
            return False
        whole = all(
            (finished / name).is_file() and file_digest(finished / name) == digest
            for name, digest in digests.items()
        )
        if not whole:
            logger.warning("%s: damaged, so it is not used", finished)
            shutil.rmtree(finished)
            return False
        self._put_in_place()
        logger.info("finished before as %s: nothing is trained", self.identity)
        return True

    def finish(self, write: Callable[[Mapping[str, Path]], None]) -> None:
        """Keep what `write` writes, put it in place and drop the unfinished state.

        Args:
            write: called with a path for each output, by name.
        """
        aside, finished = self.folder / "finished.part", self.folder / "finished"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        files = {name: aside / path.name for name, path in self.outputs.items()}
        write(files)
        digests = {path.name: file_digest(path) for path in files.values()}
        manifest = {"identity": self.identity, "sha256": digests}
        write_text(aside / "manifest.json", json.dumps(manifest, indent=1) + "\n")
        shutil.rmtree(finished, ignore_errors=True)
        aside.rename(finished)
        self._put_in_place()

    def _put_in_place(self) -> None:
        for path in self.outputs.values():
            with replacing(path) as temporary:
                temporary.unlink()
                link(self.folder / "finished" / path.name, temporary)
                os.utime(temporary)  # newer than its inputs, or it would count as stale
        for state in self.folder.glob("*.safetensors"):
            state.unlink()
        for networks in self.folder.glob("*.checkpoints"):
            shutil.rmtree(networks)


def link(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, or a copy where there are no hard links."""
    try:
        target.hardlink_to(source)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copyfile(source, target)


def _read_manifest(finished: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # not there, or not whole
    return manifest if isinstance(manifest, dict) and "sha256" in manifest else {}
