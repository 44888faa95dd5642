"""Downloads that continue where they broke off, and whose digests are checked."""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch
import requests
import yaml
from tqdm import tqdm
from urllib3.exceptions import HTTPError

from dasr.config import read_yaml
from dasr.config.benchmarks import Archive
from dasr.errors import UserError
from dasr.files import write_text

CHUNK = 1 << 16
"""Bytes that are read at once; at most these are lost when a connection breaks."""
WORTH_RETRYING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP codes of a server that may answer later."""


class _BrokenOffError(Exception):
    """The server broke off, or asked to come back later."""


class ResumingDownloader:
    """A downloader for pooch that continues a broken download by an HTTP range.

    What has arrived stays in the file `part`, also when the program is killed. A server
    that does not know ranges sends the file from its beginning again.
    """

    def __init__(
        self,
        part: Path,
        *,
        attempts: int = 5,
        wait: float = 1.0,
        timeout: tuple[float, float] = (10.0, 60.0),
        progress: bool = True,
    ) -> None:
        """Set how patient the downloader is.

        Args:
            part: what has arrived so far.
            attempts: how often in a row the server may fail before anything new arrives.
            wait: seconds before the second attempt; doubled before each further one.
            timeout: seconds for the connection and for each answer.
            progress: whether a terminal shows a bar.
        """
        self.part = part
        self.attempts = attempts
        self.wait = wait
        self.timeout = timeout
        self.progress = progress

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download `url` into `output_file`, as pooch asks; `part` stays beside it.

        Raises:
            UserError: the server refuses, or fails too often.
        """
        failures, most = 0, self._have()
        while True:
            try:
                self._receive(url)
                break
            except (requests.RequestException, HTTPError, _BrokenOffError) as error:
                failures = 1 if self._have() > most else failures + 1
                most = max(most, self._have())
                if failures >= self.attempts:
                    raise UserError(self._given_up(url, error)) from None
            time.sleep(self.wait * 2 ** (failures - 1))
        Path(output_file).unlink(missing_ok=True)
        try:
            os.link(self.part, output_file)
        except OSError:  # a file system without hard links
            shutil.copyfile(self.part, output_file)

    def _receive(self, url: str) -> None:
        """Append to `part` until the server has sent everything."""
        have = self._have()
        # ranges count bytes of the file, not of a compressed answer
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with requests.get(url, headers=headers, stream=True, timeout=self.timeout) as answer:
            if answer.status_code == 416:  # nothing left to send, or another file than before
                if _total(answer) != have:
                    self.part.unlink()
                    raise _BrokenOffError("the file on the server has changed")
                return
            _require_file(url, answer)
            if answer.status_code == 200:
                have = 0  # the server does not know ranges: the whole file again
            elif _start(answer) != have:
                self.part.unlink(missing_ok=True)
                raise _BrokenOffError("another part of the file was sent than asked for")
            total = _total(answer)
            self._write(answer, have, total)
        if total is not None and self._have() != total:
            raise _BrokenOffError(f"broke off after {self._have()} of {total} bytes")

    def _write(self, answer: requests.Response, have: int, total: int | None) -> None:
        name = self.part.name.removesuffix(".part")
        disabled = None if self.progress else True  # None: only where there is a terminal
        bar = tqdm(total=total, initial=have, unit="B", unit_scale=True, desc=name,
                   leave=False, disable=disabled)  # fmt: skip
        with bar, self.part.open("ab" if have else "wb") as file:
            # not decoded: some servers call the compression of the file their own
            for chunk in answer.raw.stream(CHUNK, decode_content=False):
                file.write(chunk)
                bar.update(len(chunk))

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _given_up(self, url: str, error: Exception) -> str:
        reason = " ".join(str(error).split()) or type(error).__name__
        kept = f"; {self._have()} bytes are kept: run it again to continue"
        return f"{url}: no success in {self.attempts} attempts: {reason}" + (
            kept if self._have() else ""
        )


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
            UserError: the download fails, or its digest is not the expected one: then
                the file is kept under another name.
        """
        recorded = self._recorded().get(url, {}).get("sha256")
        known = archive.sha256 or (f"md5:{archive.md5}" if archive.md5 else recorded)
        path = self.folder / _file_name(url)
        part = path.with_name(path.name + ".part")
        pooch.get_logger().setLevel("WARNING")
        try:
            pooch.retrieve(
                url,
                known_hash=known,
                fname=path.name,
                path=path.parent,
                downloader=ResumingDownloader(part, **self.patience),
            )
        except ValueError:
            published = bool(archive.sha256 or archive.md5)
            raise UserError(self._set_aside(url, str(known), part, published)) from None
        part.unlink(missing_ok=True)
        self._write_record(url, path, archive)
        return path

    def _set_aside(self, url: str, known: str, part: Path, published: bool) -> str:
        """Keep a file with the wrong digest under another name; return the error."""
        algorithm, _, expected = known.rpartition(":")
        algorithm = algorithm or "sha256"
        found = pooch.file_hash(str(part), alg=algorithm)
        wrong = part.with_suffix(".wrong")
        part.replace(wrong)
        whose = "published" if published else f"recorded in {self.record} at the first download"
        return (
            f"{url}: its {algorithm} is {found}, not {expected} as {whose}; nothing was "
            f"unpacked, the file is kept as {wrong}"
        )

    def _recorded(self) -> dict[str, Any]:
        return (read_yaml(self.record) if self.record.exists() else None) or {}

    def _write_record(self, url: str, path: Path, archive: Archive) -> None:
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


def _require_file(url: str, answer: requests.Response) -> None:
    """Refuse answers that are no file.

    Raises:
        UserError: the server refuses for good, or sends a page.
        _BrokenOffError: it may send the file later.
    """
    if answer.status_code in WORTH_RETRYING:
        raise _BrokenOffError(f"HTTP {answer.status_code} {answer.reason}")
    if answer.status_code not in (200, 206):
        raise UserError(f"{url}: HTTP {answer.status_code} {answer.reason}")
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        raise UserError(f"{url}: the server sent a web page in place of the file")


def _start(answer: requests.Response) -> int | None:
    """Return where the sent range starts: "bytes 5-9/10" -> 5."""
    match = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _total(answer: requests.Response) -> int | None:
    """Return the size of the whole file, as far as the server tells it."""
    match = re.match(r"bytes .*/(\d+)$", answer.headers.get("Content-Range", ""))
    if match:
        return int(match[1])
    length = answer.headers.get("Content-Length")
    return int(length) if length and answer.status_code == 200 else None


def _file_name(url: str) -> str:
    """Return a file name that tells addresses apart and still says what it is."""
    name = url.rstrip("/").rpartition("/")[2]
    return f"{hashlib.sha256(url.encode()).hexdigest()[:8]}-{name}"
