"""Taking in captures made elsewhere: another machine's archive, a browser crawler's or Common Crawl's WARC files."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from archive import warc
from archive.archive import Archive, ArchiveError
from archive.records import Crawl, CrawlEnd, Source, Tally
from archive.urls import owner, url_key

AGENT = "minzheng ingest"
_ENDINGS = (".warc.gz", ".warc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file: `new`, `held` already, byte for byte, or `refused` and why.

    `damaged` counts its unreadable places.
    """

    path: Path
    warc_file: str | None
    state: Literal["new", "held", "refused"]
    exchanges: int
    damaged: int
    why: str | None = None


def ingest(archive: Archive, paths: Iterable[Path], sources: Sequence[Source], *, vantage: str) -> Iterator[Taken]:
    """Copy WARC files into a locked archive, byte for byte, one after the other; the index has to run after it.

    Folders are searched for WARC files; `.open` ones are left alone, so this may be repeated while files arrive.
    Beside each file goes one of ours that names the sources whose addresses it holds. A file without a readable
    record is refused, and the others are taken in. Raises: ArchiveError on a path that is missing.
    """
    for path in paths:
        for file in _files(path):
            yield _take(archive, file, sources, vantage)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(found for found in path.rglob("*") if found.is_file() and found.name.endswith(_ENDINGS))
    if not path.is_file():
        raise ArchiveError(f"{path} does not exist; give a .warc or .warc.gz file, or a folder of them", 2)
    return [path]


def _take(archive: Archive, path: Path, sources: Sequence[Source], vantage: str) -> Taken:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    name = path.name if path.name.endswith(_ENDINGS) else path.name + ".warc"
    target = archive.warc / "ingest" / f"{digest}-{name}"
    held = next(iter(target.parent.glob(f"{digest}-*")), None)
    keys: dict[str, str] = {address: source.key for source in sources for address in source.addresses}
    exchanges, damaged, owners = _look(path, keys)
    if not exchanges:
        why = "holds no readable WARC record; is it a .warc or .warc.gz file, and whole?"
        return Taken(path=path, warc_file=None, state="refused", exchanges=0, damaged=damaged, why=why)
    if held is None:
        _copy(path, target)
    if not list(archive.warc.glob(f"*/ingest-{digest}-*")):
        _write_notes(archive, digest, [source for source in sources if source.key in owners], vantage)
    return Taken(
        path=path,
        warc_file=f"ingest/{(held or target).name}",
        state="new" if held is None else "held",
        exchanges=exchanges,
        damaged=damaged,
    )


def _look(path: Path, addresses: dict[str, str]) -> tuple[int, int, set[str]]:
    """Count a file's exchanges and damaged places, and see whose addresses it holds."""
    exchanges = damaged = 0
    owners: set[str] = set()
    for record in warc.scan(path):
        match record:
            case warc.StoredExchange():
                exchanges += 1
                try:
                    found = owner(url_key(record.url), addresses)
                except ValueError:
                    continue
                if found is not None:
                    owners.add(found)
            case warc.StoredNote():
                exchanges += 1
            case warc.Damage():
                damaged += 1
    return exchanges, damaged, owners


def _copy(path: Path, target: Path) -> None:
    """Copy whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(path, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def _write_notes(archive: Archive, digest: str, sources: Sequence[Source], vantage: str) -> None:
    now = datetime.now(UTC)
    crawl = Crawl(id=f"ingest-{digest}", kind="ingest", started_at=now, vantage=vantage, agent=AGENT)
    writer = archive.record(crawl, sources, ())
    try:
        writer.note(CrawlEnd(ended_at=now, reason="finished", tally=Tally()), at=now)
    finally:
        writer.close()
