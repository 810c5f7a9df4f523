"""Datasette on an archive, with the settings that large Chinese tables want.

The live file is opened as any other reader would: never immutable, which would hide what a crawl adds.
"""

from __future__ import annotations

import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import time
from typing import TYPE_CHECKING, Any

from archive.browse.profile import PLUGIN

if TYPE_CHECKING:
    from datasette.app import Datasette

HOST = "127.0.0.1"
PORT = 8001
DATABASES = ("notices.db", "notices.sqlite")
"""What a folder serves: an archive's database, or that of a release."""
PUBLISHED = "public"
"""The folder of an archive that keeps its masked copy."""

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

Masking = Callable[[], AbstractContextManager[Callable[[int, int], object] | None]]
"""Begun when a masked copy is made; what it gives is told how many rows of how many are done."""

_PATIENCE = 60.0
_LEFT = 3600.0
"""Seconds after which nobody works any more on a copy that was begun."""


class ServeError(Exception):
    """Nothing can be served: no such file, not a database, the port is taken. The message says what to do."""


def serve(
    path: Path,
    *,
    host: str = HOST,
    port: int = PORT,
    public: bool = False,
    allow_sql: bool = False,
    index: bool = False,
    open_browser: bool = False,
    announce: Callable[[str], object] = print,
    masking: Masking = nullcontext,
) -> None:
    """Serve an archive folder or a database file until Ctrl-C; `announce` gets the address once it is taken.

    To the `public` a masked copy is served, made first if need be. Port 0 takes any free one. Raises: ServeError.
    """
    with ExitStack() as stack:
        database = stack.enter_context(published(path, masking)) if public else find_database(path)
        datasette = make_datasette(database, public=public, allow_sql=allow_sql, index=index)
        taken = stack.enter_context(_listen(host, port))
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


def make_datasette(path: Path, *, public: bool = False, allow_sql: bool = False, index: bool = False) -> Datasette:
    """A Datasette of one database with our settings; titles, facets and queries come by the plugin itself.

    The `public` profile takes the database as it is: `published` gives one that may be shown; `allow_sql` is about
    strangers alone. Raises: ServeError if there is no SQLite database at this path or in this folder.
    """
    from datasette.app import Datasette

    settings: dict[str, Any] = {**SETTINGS, **(PUBLIC_SETTINGS if public else {})}
    if public and allow_sql:
        del settings["default_allow_sql"]
    profile = {"public": public, "index": index}
    return Datasette([str(find_database(path))], settings=settings, metadata={"plugins": {PLUGIN: profile}})


@contextmanager
def published(path: Path, masking: Masking = nullcontext) -> Iterator[Path]:
    """Give a masked database for what lies at a path.

    Of an archive the copy is kept in its folder and made anew when the archive is newer, or the rules are; one that is
    masked already is given as it is; of any other file the copy is gone afterwards. Raises: ServeError.
    """
    database = find_database(path)
    if _is_masked(database):
        yield database
        return
    with ExitStack() as stack:
        if path.is_dir() and (path / "warc").is_dir():
            copy = path / PUBLISHED / database.name
        else:
            copy = Path(stack.enter_context(TemporaryDirectory(prefix="minzheng-"))) / database.name
        if not copy.exists() or not _is_masked(copy) or copy.stat().st_mtime <= _changed_at(database):
            _publish(database, copy, masking)
        yield copy


def find_database(path: Path) -> Path:
    """The database file that is meant: the file itself, or that of an archive or release in a folder.

    Raises: ServeError.
    """
    known = [path / name for name in DATABASES] if path.is_dir() else [path]
    database = next((file for file in known if file.is_file()), known[0])
    if not database.is_file():
        raise ServeError(f"There is no database at {database}. Name an archive's folder or a .db file.")
    with database.open("rb") as file:
        if file.read(16) != b"SQLite format 3\x00":
            raise ServeError(f"{database} is no SQLite database. Name an archive's folder or a .db file.")
    return database


def _publish(database: Path, copy: Path, masking: Masking) -> None:
    from archive.store import open_reader
    from archive.store.masked import write_masked
    from archive.store.search import SearchError

    for left in copy.parent.glob(".masking-*"):  # what a process that was killed has left is not masked yet
        if time() - left.stat().st_mtime > _LEFT:
            rmtree(left, ignore_errors=True)
    begun = time()  # what is written meanwhile is not in the copy
    try:
        copy.parent.mkdir(exist_ok=True)
        with closing(open_reader(database)) as db, masking() as progress:
            write_masked(db, copy, progress)
        os.utime(copy, (begun, begun))
    except (OSError, SearchError, sqlite3.DatabaseError) as error:
        raise ServeError(
            f"No masked copy of {database} could be made in {copy.parent}: {error}. "
            "An archive of an older version is brought up to date by `minzheng index`."
        ) from error


def _is_masked(database: Path) -> bool:
    """Whether a database is masked by the rules of this program; one that cannot be read is not."""
    from archive.masks import VERSION
    from archive.store import open_reader
    from archive.store.masked import masked_by

    try:
        with closing(open_reader(database)) as db:
            return masked_by(db) == VERSION
    except sqlite3.DatabaseError:
        return False


def _changed_at(database: Path) -> float:
    """When a database was written last, the part of it that is still in its log included; readers make that empty."""
    log = database.with_name(f"{database.name}-wal")
    is_used = log.exists() and log.stat().st_size > 0
    return max(database.stat().st_mtime, log.stat().st_mtime if is_used else 0)


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
            # nobody reads on: what is printed later would fill the pipe and wait there
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
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
