"""A WACZ of WARC files that we wrote: what a browser needs to show the pages again (specs.webrecorder.net/wacz/1.1.1).

The `wacz` package stamps the hour into its zip and its manifest and draws its page ids by lot, so two runs differ; and
it knows no titles but those it finds in the pages itself. What a WACZ is made of beside the WARC files is small: an
index, a list of pages, a manifest.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.store.evidence import Shown
from archive.warc.reading import Record, StoredExchange, read_records, understood

VERSION: Final = "1.1.1"
_INDEX: Final = "indexes/index.cdx.gz"
_SECOND: Final = "indexes/index.idx"
_PAGES: Final = "pages/pages.jsonl"
_LINES: Final = 1024
"""Lines of the index that are packed together: one of them is found by unpacking so many."""
_SORTED: Final = 50_000
"""Lines that are sorted in memory."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a zip can name, for all that is in it."""
_STEP: Final = 1024 * 1024
_WWW: Final = re.compile(r"^www\d*\.")


def write_wacz(target: Path, warcs: Iterable[Path], pages: Iterable[Shown], *, title: str) -> None:
    """Write a WACZ of WARC files; `pages` are those that it lists, in that order.

    The same files and pages give the same bytes: its one date is that of the latest capture. Raises: OSError.
    """
    files = list(warcs)
    with TemporaryDirectory(prefix=".wacz-", dir=target.parent) as scratch:
        folder = Path(scratch)
        latest = _write_index(folder, files)
        first = _write_pages(folder / "pages", pages, title=title)
        with (folder / "wacz").open("wb") as out, ZipFile(out, "w") as package:
            resources = [_add(package, f"archive/{file.name}", file) for file in files]
            resources.append(_add(package, _INDEX, folder / "index.cdx.gz"))
            resources.append(_add(package, _SECOND, folder / "index.idx", packed=True))
            resources.append(_add(package, _PAGES, folder / "pages", packed=True))
            manifest = _manifest(resources, title=title, created=latest, first=first)
            _add_text(package, "datapackage.json", manifest)
            digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"}
            _add_text(package, "datapackage-digest.json", json.dumps(digest, indent=2))
        (folder / "wacz").replace(target)


class IndexLine(NamedTuple):
    """One line of the index, in the order of which it is sorted."""

    key: str
    stamp: str
    said: str


def index_lines(files: Iterable[Path], scratch: Path) -> Iterator[IndexLine]:
    """The index of WARC files: a line for each answer and revisit, in order. `scratch` holds what memory does not."""
    return _sorted(scratch, _lines(files))


def _manifest(resources: list[dict[str, object]], *, title: str, created: str, first: Shown | None) -> str:
    said: dict[str, object] = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "software": "minzheng-archive",
        "title": title,
        "created": created,
    }
    if first is not None:
        said |= {"mainPageUrl": first.url, "mainPageDate": first.fetched_at}
    return json.dumps({**said, "resources": resources}, ensure_ascii=False, indent=2)


def _write_pages(path: Path, pages: Iterable[Shown], *, title: str) -> Shown | None:
    """Write the list of pages; gives the first of them."""
    first: Shown | None = None
    with path.open("w", encoding="utf-8", newline="\n") as file:
        head = {"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": False}
        file.write(json.dumps(head, ensure_ascii=False) + "\n")
        for page in pages:
            first = first or page
            line = {
                "id": page.record_id.removeprefix("urn:uuid:"),
                "url": page.url,
                "ts": page.fetched_at,
                "title": page.title or page.url,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return first


def _write_index(folder: Path, files: list[Path]) -> str:
    """Write the index in packed blocks and the index of these; gives the instant of the latest capture."""
    latest = ""
    at = 0
    with (folder / "index.cdx.gz").open("wb") as out, (folder / "index.idx").open("w", encoding="utf-8") as second:
        second.write('!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n')
        for block in _blocks(index_lines(files, folder)):
            packed = _gzip("".join(f"{line.key} {line.stamp} {line.said}\n" for line in block).encode())
            out.write(packed)
            place = {
                "offset": at,
                "length": len(packed),
                "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}",
                "filename": "index.cdx.gz",
            }
            second.write(f"{block[0].key} {block[0].stamp} {json.dumps(place)}\n")
            at += len(packed)
            latest = max(latest, *(line.stamp for line in block))
    stamp = latest or "19800101000000"
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z"


def _lines(files: Iterable[Path]) -> Iterator[IndexLine]:
    """A line for each answer and revisit that the files hold."""
    for file in files:
        for record in read_records(file):
            if isinstance(record, Record) and isinstance(found := understood(record), StoredExchange):
                yield _line(file.name, record, found)


def _line(name: str, record: Record, found: StoredExchange) -> IndexLine:
    kind = next((value for header, value in found.headers if header.lower() == "content-type"), "")
    said = {
        "url": found.url,
        "mime": "warc/revisit" if found.revisit else kind.partition(";")[0].strip(),
        "status": str(found.status),
        "digest": found.stated_digest or found.payload_digest or "-",
        "length": str(record.place.end - record.place.offset),
        "offset": str(record.place.offset),
        "filename": name,
    }
    return IndexLine(surt(found.url), f"{found.fetched_at:%Y%m%d%H%M%S}", json.dumps(said))


def surt(url: str) -> str:
    """The address as indexes sort it: host from right to left, all in lower case, the parts of a query in order.

    `http://www.MZJ.example:8080/A?b=2&a=1` → `example,mzj:8080)/a?a=1&b=2`
    """
    parts = urlsplit(url.lower())
    host, colon, port = parts.netloc.rpartition("@")[2].partition(":")
    name = ",".join(reversed(_WWW.sub("", host).split(".")))
    query = "&".join(sorted(parts.query.split("&")))
    return f"{name}{colon}{port}){parts.path or '/'}" + (f"?{query}" if query else "")


def _sorted(folder: Path, lines: Iterable[IndexLine]) -> Iterator[IndexLine]:
    """The lines in order, with no more than so many of them in memory."""
    runs: list[Path] = []
    waiting: list[IndexLine] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == _SORTED:
            runs.append(_put_run(folder / f"run-{len(runs)}", sorted(waiting)))
            waiting = []
    with ExitStack() as opened:
        files = [opened.enter_context(run.open(encoding="utf-8", newline="\n")) for run in runs]
        parted = [(IndexLine(*line.rstrip("\n").split(" ", 2)) for line in file) for file in files]
        yield from heapq.merge(*parted, sorted(waiting))


def _put_run(path: Path, lines: Iterable[IndexLine]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(" ".join(line) + "\n" for line in lines)
    return path


def _blocks(lines: Iterable[IndexLine]) -> Iterator[list[IndexLine]]:
    block: list[IndexLine] = []
    for line in lines:
        block.append(line)
        if len(block) == _LINES:
            yield block
            block = []
    if block:
        yield block


def _gzip(data: bytes) -> bytes:
    engine = zlib.compressobj(6, zlib.DEFLATED, 31)
    return engine.compress(data) + engine.flush()


def _add(package: ZipFile, name: str, path: Path, *, packed: bool = False) -> dict[str, object]:
    """Add a file; gives what the manifest says of it. What is packed already is stored, to be read in part."""
    info = _info(name, packed=packed)
    info.file_size = path.stat().st_size  # so that a large one gets the room for its size
    digest = hashlib.sha256()
    with path.open("rb") as file, package.open(info, "w") as out:
        while data := file.read(_STEP):
            digest.update(data)
            out.write(data)
    return {
        "name": name.rpartition("/")[2].lower(),
        "path": name,
        "hash": f"sha256:{digest.hexdigest()}",
        "bytes": path.stat().st_size,
    }


def _add_text(package: ZipFile, name: str, text: str) -> None:
    package.writestr(_info(name, packed=True), text.encode())


def _info(name: str, *, packed: bool) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
