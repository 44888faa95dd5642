"""The files that image sets are made from: where they lie, and the digests they must have."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch
import yaml

from dasr.config import read_yaml
from dasr.config.benchmarks import Archive
from dasr.data.benchmarks.download import ResumingDownloader
from dasr.errors import UserError
from dasr.files import write_text


class Downloads:
    """The files below `<data_root>/.downloads`, and `<data_root>/downloads.yaml` about them."""

    def __init__(
        self, data_root: Path, say: Callable[[str], None] = print, **patience: Any
    ) -> None:
        """Keep downloads below a data root.

        Args:
            data_root: folder of all image sets.
            say: called with a line for each thing the user should know.
            patience: arguments of ResumingDownloader.
        """
        self.folder = data_root / ".downloads"
        self.record = data_root / "downloads.yaml"
        self.say = say
        self.patience = patience

    def fetch(self, archive: Archive, url: str) -> Path:
        """Return a file of a set, downloaded if it is not there, with its digest checked.

        Args:
            archive: its published digests, if any.
            url: its absolute address.

        Raises:
            UserError: the download fails or is too large, or its digest is not the
                expected one: then the file is kept under another name.
        """
        recorded = self._recorded().get(url, {}).get("sha256")
        known = archive.sha256 or (f"md5:{archive.md5}" if archive.md5 else recorded)
        path = self.path(url)
        part = path.with_name(path.name + ".part")
        pooch.get_logger().setLevel("WARNING")
        try:
            pooch.retrieve(
                url,
                known_hash=known,
                fname=path.name,
                path=path.parent,
                downloader=ResumingDownloader(part, archive.most_bytes, **self.patience),
            )
        except ValueError:
            raise UserError(self._wrong(url, str(known), part, archive.published)) from None
        part.unlink(missing_ok=True)
        return path

    def path(self, url: str) -> Path:
        """Return where the file of an address lies once it is there."""
        return self.folder / _file_name(url)

    def set_aside(self, url: str) -> Path:
        """Rename a file that is not what it should be, so that it is downloaded anew."""
        path = self.path(url)
        return path.replace(path.with_name(path.name + ".wrong"))

    def tidy(self) -> None:
        """Remove what a killed program left beside the downloads; to be called alone."""
        for left in self.folder.glob("tmp*"):  # pooch's name of a file not yet checked
            left.unlink()

    def _wrong(self, url: str, known: str, part: Path, published: bool) -> str:
        """Keep a file with the wrong digest under another name; return the error."""
        algorithm, _, expected = known.rpartition(":")
        algorithm = algorithm or "sha256"
        found = pooch.file_hash(str(part), alg=algorithm)
        wrong = part.with_suffix(".wrong")
        part.replace(wrong)
        line = (
            f"{url}: its {algorithm} is {found}, not {expected} as "
            f"{'published' if published else f'recorded in {self.record}'}; nothing was "
            f"unpacked, the file is kept as {wrong}"
        )
        if published:
            return line
        return f"{line}; if the earlier download was the wrong one, delete {self.record}"

    def _recorded(self) -> dict[str, Any]:
        """Return what is recorded, by address.

        Raises:
            UserError: the file is damaged.
        """
        try:
            record = (read_yaml(self.record) if self.record.exists() else None) or {}
            for entry in record.values():
                if not re.fullmatch("[0-9a-f]{64}", entry["sha256"]):
                    raise ValueError("not a digest")
        except (UserError, AttributeError, KeyError, TypeError, ValueError):
            raise UserError(
                f"{self.record}: damaged; delete it, and digests are recorded anew"
            ) from None
        return record

    def write_record(self, archive: Archive, url: str) -> None:
        """Record the digest of a file, once the images out of it have been verified."""
        path = self.path(url)
        found = archive.sha256 or pooch.file_hash(str(path))
        by = "published sha256" if archive.sha256 else "published md5" if archive.md5 else None
        record = self._recorded()
        if by is None and url not in record:
            self.say(
                f"{url}: sha256 {found}; none is published to check it by; recorded in "
                f"{self.record} for later downloads"
            )
        entry = {"sha256": found, "bytes": path.stat().st_size, "checked_by": by}
        if record.get(url) != entry:
            write_text(self.record, yaml.safe_dump({**record, url: entry}))


def _file_name(url: str) -> str:
    """Return a file name that tells addresses apart and still says what it is."""
    name = url.rstrip("/").rpartition("/")[2]
    return f"{hashlib.sha256(url.encode()).hexdigest()[:8]}-{name}"
