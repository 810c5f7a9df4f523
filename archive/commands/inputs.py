"""What `minzheng extract` is given, page by page: files, folders and WARC files, in the order of their names."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

from archive.page import MAX_BODY, Unreadable, is_html
from archive.records import Headers, Page
from archive.urls import fetch_url, is_site_root, url_key

STDIN: Final = "-"
PAGE_ENDINGS: Final = (".html", ".htm", ".shtml", ".jhtml", ".xhtml", ".php", ".asp", ".aspx", ".jsp")
WARC_ENDINGS: Final = (".warc", ".warc.gz")

_HEAD: Final = 4096  # bytes that show whether a file is HTML
_TOP: Final = 4096  # characters in which a browser notes where it saved a page from
_SAVED_FROM: Final = re.compile(
    r"<!--\s*saved from url=\(\d{4}\)(https?://[^\s>]+)|Page saved with SingleFile\s+url:\s*(https?://\S+)"
)
"""As Internet Explorer and Chrome write it, the length of the address before it; and as SingleFile does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One page to be read, or what stands in a page's place and cannot be."""

    file: str
    """Its file, as given or as found in a folder that was given."""
    body: bytes | None = None
    """As sent; None for what is still to be read from the file."""
    url: str = ""
    status: int = 200
    headers: Headers = ()
    recorded: bool = False
    """It is a record of a WARC file, which may be anything: what is no page is passed over."""
    error: str | None = None
    """Why it cannot be read, where that is known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of JSON with its line end, and whether the page could be read."""

    line: bytes
    good: bool


def is_warc(path: str) -> bool:
    """Tell whether a file is a WARC file, by its name."""
    return path.lower().endswith(WARC_ENDINGS)


def is_folder(path: str) -> bool:
    """Tell whether there is a folder."""
    return S_ISDIR(_mode(Path(path)))


def find_inputs(paths: Sequence[str]) -> Iterator[Input]:
    """Give the pages of files, folders and stdin (`-`), in the order given; those of a folder by name, hidden ones not.

    Of a folder those files are taken whose names end as pages do, and those without an ending that look like HTML.
    What is no plain file (a pipe, `/dev/fd/63`) is read here, for no other process can.
    """
    for path in paths:
        mode = _mode(Path(path))
        if S_ISDIR(mode):
            yield from _in_folder(Path(path))
        elif is_warc(path):
            yield from _in_warc(path)
        elif path == STDIN or (mode and not S_ISREG(mode)):
            yield _read_here(path)
        else:
            yield Input(file=path)


def read_file(path: str) -> bytes:
    """Read a saved page, or stdin. Raises: Unreadable if it is longer than a page may be, OSError."""
    if path == STDIN:
        body = sys.stdin.buffer.read(MAX_BODY + 1)
    else:
        with Path(path).open("rb") as file:
            body = file.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise Unreadable(f"more than {MAX_BODY} bytes")
    return body


def saved_address(page: Page) -> tuple[str, str] | None:
    """The address that a saved page names as its own, in fetch form, and where it says so; a home page is none."""
    saved = _SAVED_FROM.search(page.html[:_TOP])
    named = [(saved[1] or saved[2], "saved from")] if saved is not None else []
    links = [link for link in page.tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    named += [(link.get("href") or "", "link:canonical") for link in links]
    named += [(base.get("href") or "", "base") for base in page.tree.iter("base")]
    for raw, evidence in named:
        if not raw.lower().startswith(("http://", "https://")) or (evidence == "base" and raw.endswith("/")):
            continue  # against what should it be read; and a folder is no page
        try:
            url = fetch_url(raw)
        except ValueError:
            continue
        if not is_site_root(url_key(url)):
            return url, evidence
    return None


def _in_folder(folder: Path) -> Iterator[Input]:
    """Walk a folder without recursion, for folders may be deep; links to folders are not followed, as they may turn."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        mode = _mode(path)
        if S_ISDIR(mode) and (path == folder or not path.is_symlink()):
            try:
                found = [inside for inside in path.iterdir() if not inside.name.startswith(".")]
            except OSError as error:
                yield Input(file=str(path), error=error.strerror)
            else:
                waiting += sorted(found, key=lambda inside: inside.name, reverse=True)
        elif S_ISREG(mode) and is_warc(path.name):
            yield from _in_warc(str(path))
        elif _is_page(path, mode):
            yield Input(file=str(path))


def _is_page(path: Path, mode: int) -> bool:
    name = path.name.partition("?")[0].lower()  # wget keeps the query: list.php?id=3
    if name.endswith(PAGE_ENDINGS):
        return S_ISREG(mode) or not mode  # a link that leads nowhere is told, a device is not read
    if "." in name or not S_ISREG(mode):
        return False
    try:
        with path.open("rb") as file:
            return is_html((), file.read(_HEAD))
    except OSError:
        return False


def _mode(path: Path) -> int:
    """What stands at a path, links followed; 0 for nothing, or nothing that may be reached."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _read_here(path: str) -> Input:
    try:
        return Input(file=path, body=read_file(path))
    except Unreadable as error:
        return Input(file=path, error=str(error))
    except OSError as error:
        return Input(file=path, error=error.strerror or str(error))


def _in_warc(path: str) -> Iterator[Input]:
    """The answers of a WARC file that may be pages. A revisit repeats an earlier record, so it is none of its own."""
    from archive.warc import Damage, StoredExchange, scan

    try:
        for record in scan(Path(path)):
            if isinstance(record, Damage):
                yield Input(file=path, error=f"damaged at {record.offset}: {record.detail}")
            elif isinstance(record, StoredExchange) and record.body and 200 <= record.status < 300:
                yield Input(
                    file=path,
                    body=record.body,
                    url=record.url,
                    status=record.status,
                    headers=record.headers,
                    recorded=True,
                )
    except OSError as error:
        yield Input(file=path, error=error.strerror or str(error))
