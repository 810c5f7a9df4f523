"""How large an archive is, how fast it grows, and how long the disk will do."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_STAMP = re.compile(r"\d{8}T\d{6}Z")
_WINDOW = timedelta(days=90)
_MONTH = timedelta(days=30.4375)
_LEAST = timedelta(days=7)
"""An archive younger than that says nothing of a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes. `a_month` is what the last three months brought, a month, captures and database together."""

    warc: int
    database: int
    free: int
    a_month: int | None
    """None while the archive is too young to say."""

    @property
    def months_left(self) -> float | None:
        """Months until the disk is full at this pace; None where nothing grows or nobody knows."""
        return self.free / self.a_month if self.a_month else None


def measure(archive: Path, now: datetime) -> Sizes:
    """Measure an archive's folder. The age of a capture file is the crawl's, from its name, else the file's own."""
    files = [(_age(file), file.stat().st_size) for file in (archive / "warc").rglob("*") if file.is_file()]
    warc = sum(size for _, size in files)
    database = sum(file.stat().st_size for file in archive.glob("notices.db*"))
    first = min((at for at, _ in files), default=now)
    a_month = None
    if now - first >= _LEAST:
        window = min(_WINDOW, now - first)
        lately = sum(size for at, size in files if at >= now - window)
        a_month = round(lately * (1 + database / warc) * (_MONTH / window)) if warc else None
    return Sizes(warc=warc, database=database, free=shutil.disk_usage(archive).free, a_month=a_month)


def _age(file: Path) -> datetime:
    found = _STAMP.search(file.name)
    if found is not None:
        return datetime.strptime(found[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
