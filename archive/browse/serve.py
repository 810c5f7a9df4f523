"""Datasette on an archive, with the settings that large Chinese tables want.

The live file is opened as any other reader would: never immutable, which would hide what a crawl adds.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasette.app import Datasette

HOST = "127.0.0.1"
PORT = 8001
DATABASE = "notices.db"

SETTINGS = {
    "suggest_facets": False,  # guessing facets costs most of a table page: 1.1 s of 1.2 s at 100,000 notices
    "default_page_size": 30,
    "facet_time_limit_ms": 1500,
    "sql_time_limit_ms": 5000,
    "truncate_cells_html": 300,
    "max_csv_mb": 0,  # past its limit Datasette ends a CSV with an English sentence and status 200
}
PUBLIC_SETTINGS = {"default_allow_sql": False, "allow_download": False}
"""On top of the others, for a server that strangers reach: no SQL of theirs, no database file to take away."""

_PATIENCE = 60.0


class ServeError(Exception):
    """Nothing can be served: no such file, not a database, the port is taken. The message says what to do."""


def serve(
    path: Path,
    *,
    host: str = HOST,
    port: int = PORT,
    public: bool = False,
    open_browser: bool = False,
    announce: Callable[[str], object] = print,
) -> None:
    """Serve an archive folder or a database file until Ctrl-C; `announce` gets the address once it is taken.

    Port 0 takes any free one. Raises: ServeError.
    """
    datasette = make_datasette(path, public=public)
    with _listen(host, port) as taken:
        address = _address(taken)
        announce(address)
        if open_browser:
            webbrowser.open(address)
        _server(datasette).run(sockets=[taken])


def start(path: Path, *, port: int = 0) -> tuple[str, subprocess.Popen[str]]:
    """Serve in a process of its own, and return its address and the process once it answers.

    The process ends when it is terminated, or when this one closes its stdin or dies. Raises: ServeError.
    """
    command = [sys.executable, "-m", __name__, str(path), str(port)]
    process = subprocess.Popen(  # noqa: S603  our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdout is not None  # noqa: S101  asked for above
    address = process.stdout.readline().strip()
    if not address:
        raise ServeError(f"Datasette on {path} ended with code {process.wait()} before it took an address")
    try:
        _wait_for(address)
    except OSError as error:
        process.kill()
        raise ServeError(f"Datasette on {path} took {address} but does not answer: {error}") from error
    return address, process


def make_datasette(path: Path, *, public: bool = False) -> Datasette:
    """A Datasette of one database with our settings; titles, facets and queries come by the plugin itself.

    Raises: ServeError if there is no SQLite database at this path or, for a folder, no `notices.db` in it.
    """
    from datasette.app import Datasette

    return Datasette([str(find_database(path))], settings={**SETTINGS, **(PUBLIC_SETTINGS if public else {})})


def find_database(path: Path) -> Path:
    """The database file that is meant: the file itself, or `notices.db` in an archive or release folder.

    Raises: ServeError.
    """
    database = path / DATABASE if path.is_dir() else path
    if not database.is_file():
        raise ServeError(f"There is no database at {database}. Name an archive's folder or a .db file.")
    with database.open("rb") as file:
        if file.read(16) != b"SQLite format 3\x00":
            raise ServeError(f"{database} is no SQLite database. Name an archive's folder or a .db file.")
    return database


def _server(datasette: Datasette) -> Any:
    import uvicorn

    return uvicorn.Server(uvicorn.Config(datasette.app(), log_level="warning", lifespan="on"))


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ServeError(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port; 0 takes any free one."
        ) from error


def _address(taken: socket.socket) -> str:
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _wait_for(address: str) -> None:
    """Return when the server answers; it listens already, so one request waits until it does."""
    host, _, port = address.removeprefix("http://").rstrip("/").rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=_PATIENCE)
    try:
        connection.request("GET", "/-/versions.json")
        connection.getresponse().read()
    finally:
        connection.close()


def _serve_for_parent(path: str, port: str) -> int:
    """Serve until stdin closes: what `start` runs. The address is the first line on stdout."""
    try:
        datasette = make_datasette(Path(path))
        with _listen(HOST, int(port)) as taken:
            print(_address(taken), flush=True)
            server = _server(datasette)
            threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
            server.run(sockets=[taken])
    except ServeError as error:
        print(error, file=sys.stderr)
        return 4
    return 0


def _stop_with_parent(server: Any) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    sys.exit(_serve_for_parent(*sys.argv[1:]))
