"""A web server on this machine that serves, breaks off and refuses as told."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Server:
    """What is served, how, and what was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Contents by path, e.g. /set.zip."""
    ranges: bool = True
    """Whether the server knows HTTP ranges."""
    cut_after: list[int] = field(default_factory=list)
    """After how many bytes each of the next answers breaks off."""
    codes: list[int] = field(default_factory=list)
    """Status codes of the next answers, before any file is served."""
    encoding: str = ""
    """What the server claims to have encoded each file with."""
    page: bool = False
    """Whether a web page is sent in place of each file."""
    endless: bool = False
    """Whether each answer has no size and no end."""
    pause: float | None = None
    """Seconds before each single byte of an answer."""
    redirects: dict[str, str] = field(default_factory=dict)
    """Where to go for another path."""
    asked: list[str | None] = field(default_factory=list)
    """The Range header of each request."""
    address: str = ""


@contextmanager
def serving() -> Iterator[Server]:
    """Yield a running server."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.headers.get("Range"))
            content = state.files.get(self.path)
            code = state.codes.pop(0) if state.codes else 200
            if self.path in state.redirects:
                self.send_response(302)
                self.send_header("Location", state.redirects[self.path])
                self.end_headers()
                return
            if content is None or code != 200:
                self.send_error(404 if content is None else code)
                return
            try:
                (self._trickle if state.endless or state.pause else self._send)(content)
            except ConnectionError:
                self.close_connection = True  # the other side had enough

        def _trickle(self, content: bytes) -> None:
            self.send_response(200)
            self.end_headers()
            while state.endless:
                self.wfile.write(bytes(1 << 16))
            for value in content:
                time.sleep(state.pause or 0.0)
                self.wfile.write(bytes([value]))

        def _send(self, content: bytes) -> None:
            match = re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")
            start = int(match[1]) if match and state.ranges else 0
            if start >= len(content) and start:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                last = len(content) - 1
                self.send_header("Content-Range", f"bytes {start}-{last}/{len(content)}")
            kind = "text/html" if state.page else "application/octet-stream"
            self.send_header("Content-Type", kind)
            if state.encoding:
                self.send_header("Content-Encoding", state.encoding)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            cut = state.cut_after.pop(0) if state.cut_after else len(content)
            self.wfile.write(content[start : start + cut])
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}).start()
    state.address = f"http://127.0.0.1:{web.server_port}"
    try:
        yield state
    finally:
        web.shutdown()
        web.server_close()
