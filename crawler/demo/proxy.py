"""A loopback HTTP proxy that answers for any host from `Sites`, so that spiders run unmodified against it.

It never opens a connection of its own. CONNECT is refused (405): the miniature web has no https, and a client
that is asked for an https address learns that before anything leaves the machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from crawler.demo.hosts import Answer, Sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that reached the proxy; `url` as the client wrote it, `host:port` for a CONNECT."""

    at: datetime
    method: str
    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy: its address for `http_proxy`, and what it was asked so far, in the order of answering."""

    address: str
    log: list[Asked]


@contextmanager
def serve(sites: Sites) -> Iterator[Proxy]:
    """Run the proxy on a free port of 127.0.0.1 for the length of the context."""
    server = _Server(sites)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-proxy", daemon=True)
    thread.start()
    try:
        yield Proxy(f"http://127.0.0.1:{server.server_port}", server.log)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_UNCHANGED = Answer(status=304)
_CHUNK = 16 * 1024


class _Server(ThreadingHTTPServer):
    def __init__(self, sites: Sites) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sites = sites
        self.log: list[Asked] = []
        self._writing = Lock()

    def note(self, method: str, url: str, status: int) -> None:
        with self._writing:
            self.log.append(Asked(at=datetime.now(UTC), method=method, url=url, status=status))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        if not self.path.lower().startswith("http://"):
            self._send(Answer(status=400, body=b"this is a proxy: ask for an absolute http:// address\n"))
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.sites.answer(self.path, self.command, body.decode("ascii", "replace"))
        self._send(_UNCHANGED if self._is_held(answer) else answer)

    do_HEAD = do_POST = do_GET  # noqa: N815 - names given by http.server

    def do_CONNECT(self) -> None:
        self._send(Answer(status=405, headers=(("Allow", "GET, HEAD, POST"),)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name given by http.server
        """Nothing on stderr: the log in memory is what tests and the demo read."""

    def version_string(self) -> str:
        return "nginx"

    def _is_held(self, answer: Answer) -> bool:
        """Whether who asks says that they hold the page already, by its `ETag` or its `Last-Modified`."""
        mine = {name.lower(): value for name, value in answer.headers}
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        asked = [(self.headers.get(theirs), mine.get(ours)) for theirs, ours in pairs if self.headers.get(theirs)]
        return answer.status == 200 and bool(asked) and all(value == own for value, own in asked)

    def _send(self, answer: Answer) -> None:
        time.sleep(self.server.sites.pause)
        self.server.note(self.command, self.path, answer.status)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        is_chunked = ("Transfer-Encoding", "chunked") in answer.headers
        if not is_chunked:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")  # one request a connection: nothing lingers when the server stops
        with suppress(ConnectionError):  # who asked may have gone
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(_chunks(answer.body) if is_chunked else answer.body)


def _chunks(body: bytes) -> bytes:
    """A body whose length nobody states, as servers send what a script makes."""
    pieces = [body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))
