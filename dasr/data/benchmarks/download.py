"""A download that continues where it broke off, and that ends."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from tqdm import tqdm
from urllib3.exceptions import HTTPError

from dasr.errors import UserError

CHUNK = 1 << 16
"""Bytes that are read at once."""
WORTH_RETRYING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP codes of a server that may answer later."""


FINAL = (
    requests.TooManyRedirects,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)
"""Errors that no repetition mends: where a server sends us to."""


class _BrokenOffError(Exception):
    """The server broke off, or asked to come back later."""


class ResumingDownloader:
    """A downloader for pooch that continues a broken download by an HTTP range.

    What has arrived stays in the file `part`, also when the program is killed. A server
    that does not know ranges sends the file from its beginning again. No server can fill
    the disk, or hold the program up for ever.
    """

    def __init__(
        self,
        part: Path,
        most: int,
        *,
        attempts: int = 5,
        wait: float = 1.0,
        timeout: tuple[float, float] = (10.0, 60.0),
        progress: bool = True,
    ) -> None:
        """Set how patient the downloader is.

        Args:
            part: what has arrived so far.
            most: bytes that the file may have.
            attempts: how often in a row the server may fail before `CHUNK` bytes arrive.
            wait: seconds before the second attempt; doubled before each further one.
            timeout: seconds for the connection, and for each `CHUNK` bytes of an answer.
            progress: whether a terminal shows a bar.
        """
        self.part = part
        self.most = most
        self.attempts = attempts
        self.wait = wait
        self.timeout = timeout
        self.progress = progress

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download `url` into `output_file`, as pooch asks; `part` stays beside it.

        Raises:
            UserError: the server refuses, or fails too often.
        """
        failures, arrived = 0, self._have()
        while True:
            try:
                self._receive(url)
                break
            except FINAL as error:
                raise UserError(f"{url}: {_reason(error)}") from None
            except (requests.RequestException, HTTPError, _BrokenOffError) as error:
                failures = 1 if self._have() >= arrived + CHUNK else failures + 1
                arrived = max(arrived, self._have())
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
        if have > self.most:
            self.part.unlink()
            have = 0
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
            self._require_size(url, total or 0)
            self._write(url, answer, have, total)
        if total is not None and self._have() != total:
            raise _BrokenOffError(f"broke off after {self._have()} of {total} bytes")

    def _write(self, url: str, answer: requests.Response, have: int, total: int | None) -> None:
        name = self.part.name.removesuffix(".part")
        disabled = None if self.progress else True  # None: only where there is a terminal
        bar = tqdm(total=total, initial=have, unit="B", unit_scale=True, desc=name,
                   leave=False, disable=disabled)  # fmt: skip
        with bar, self.part.open("ab" if have else "wb") as file:
            for chunk in self._chunks(answer):
                file.write(chunk)
                bar.update(len(chunk))
                self._require_size(url, file.tell())

    def _chunks(self, answer: requests.Response) -> Iterator[bytes]:
        """Yield what arrives, as long as `CHUNK` bytes do within the time for an answer."""
        began, arrived = time.monotonic(), 0
        # not decoded: some servers call the compression of the file their own
        while chunk := answer.raw.read1(CHUNK, decode_content=False):
            yield chunk
            arrived += len(chunk)
            if arrived >= CHUNK:
                began, arrived = time.monotonic(), 0
            elif time.monotonic() - began > self.timeout[1]:
                raise _BrokenOffError(f"{arrived} bytes in {self.timeout[1]:.0f} seconds")

    def _require_size(self, url: str, size: int) -> None:
        """Refuse a file that is larger than declared; nothing of it is kept."""
        if size > self.most:
            self.part.unlink(missing_ok=True)
            raise UserError(
                f"{url}: refused: larger than {self.most / 1e6:.1f} MB, the most that is "
                "expected; nothing of it is kept"
            )

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _given_up(self, url: str, error: Exception) -> str:
        kept = f"; {self._have()} bytes are kept: run it again to continue"
        return f"{url}: no success in {self.attempts} attempts: {_reason(error)}" + (
            kept if self._have() else ""
        )


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _require_file(url: str, answer: requests.Response) -> None:
    """Refuse answers that are no file.

    Raises:
        UserError: the server refuses for good, or sends a page.
        _BrokenOffError: it may send the file later.
    """
    if answer.status_code in WORTH_RETRYING:
        raise _BrokenOffError(f"HTTP {answer.status_code} {answer.reason}")
    if url.startswith("https:") and not answer.url.startswith("https:"):
        raise UserError(f"{url}: redirected to {answer.url}, which is not encrypted")
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
