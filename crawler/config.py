"""`minzheng.toml`: what the operator of one archive decides (contact, vantage, delay, caps)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from archive.records import FileMode
from crawler.toml_values import (
    LEAST_DELAY,
    CatalogueError,
    Table,
    read_count,
    read_file_mode,
    read_seconds,
    read_text,
    read_toml,
    read_truth,
    refuse_unknown,
)

__all__ = ["FILE_NAME", "LEAST_DELAY", "Config", "contact_advice", "load_config"]

FILE_NAME = "minzheng.toml"
_MIB = 1024 * 1024
_KEYS = (
    *("contact", "vantage", "delay", "max_page_bytes", "max_source_bytes", "min_free", "night", "webhook", "shipped"),
    *("attachments", "max_file_bytes", "max_files_bytes", "public_url"),
)
_NIGHT = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)\s*-\s*((?:[01]\d|2[0-3]):[0-5]\d)")
_WHO = re.compile(r"[^@\s()]+@[^@\s()]+\.\w+|https?://[^\s()]+\.[^\s()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The operator's settings; a key that the file does not have keeps the default here."""

    contact: str | None = None
    """Mail address or web page of whoever crawls, printed in the user agent. None: only the demo may be crawled."""
    vantage: str = "default"
    """A name for the place that is crawled from; it stands in every crawl's record."""
    delay: float = LEAST_DELAY
    """Least seconds between two requests to one host; a source may ask for more."""
    max_page_bytes: int = 16 * _MIB
    """Largest answer that is taken, in bytes as sent; what a page unpacks to has its own limit (archive/page.py)."""

    max_source_bytes: int = 2048 * _MIB
    """Bytes as sent that one crawl takes of one source at most; an entry may say otherwise."""
    min_free: int = 1024 * _MIB
    """Bytes free on the archive's disk below which a crawl stops."""
    night: tuple[time, time] | None = None
    """From when until when a crawl may ask, Asia/Shanghai; the first may be later than the second. None: always."""
    webhook: str | None = None
    """Address that gets one JSON document by POST when the state of sources has changed."""
    public_url: str | None = None
    """Where the archive is served to others, for citations. None: nowhere that we know."""
    attachments: FileMode | None = None
    """Which files that notices link are fetched of sources whose entries do not say. None: it hangs on their kind."""
    max_file_bytes: int = 20 * _MIB
    """Largest file that is fetched because a notice links it, in bytes as sent."""
    max_files_bytes: int = 512 * _MIB
    """Bytes as sent of such files that one crawl takes of one source at most."""
    shipped: bool = True
    """Whether the catalogue that comes with the program is used; else only `sources/*.toml` of the archive."""

    @property
    def user_agent(self) -> str:
        """The one honest name of every request: `MinzhengArchive/0.1.0 (+you@example.org)`."""
        name = f"MinzhengArchive/{_program_version()}"
        return f"{name} (+{self.contact})" if self.contact else name


def load_config(archive_dir: Path, env: Mapping[str, str]) -> Config:
    """The settings of one archive: its `minzheng.toml`, if there is one; `MINZHENG_CONTACT` in `env` wins over it.

    Raises: CatalogueError on broken TOML, an unknown key or a value of the wrong kind.
    """
    file = archive_dir / FILE_NAME
    table = read_toml(file) if file.exists() else {}
    refuse_unknown(str(file), table, _KEYS)
    config = _read_config(file, table)
    contact = env.get("MINZHENG_CONTACT", "").strip()
    return replace(config, contact=_read_contact("MINZHENG_CONTACT", contact)) if contact else config


def contact_advice(archive_dir: Path) -> str:
    """The line to write, and where, for a crawl that has no contact."""
    return f'write contact = "you@example.org" in {archive_dir / FILE_NAME}, or set MINZHENG_CONTACT'


def _read_config(file: Path, table: Table) -> Config:
    values = {**{key: getattr(Config(), key) for key in _KEYS}, **table}

    def place(key: str) -> str:
        return f"{file}: {key}"

    return Config(
        contact=None if values["contact"] is None else _read_contact(place("contact"), values["contact"]),
        vantage=read_text(place("vantage"), values["vantage"]),
        delay=read_seconds(place("delay"), values["delay"], least=LEAST_DELAY),
        max_page_bytes=read_count(place("max_page_bytes"), values["max_page_bytes"]),
        max_source_bytes=read_count(place("max_source_bytes"), values["max_source_bytes"]),
        min_free=read_count(place("min_free"), values["min_free"]),
        night=None if values["night"] is None else _read_night(place("night"), values["night"]),
        webhook=_read_address(place("webhook"), values["webhook"]),
        public_url=_read_address(place("public_url"), values["public_url"]),
        attachments=None
        if values["attachments"] is None
        else read_file_mode(place("attachments"), values["attachments"]),
        max_file_bytes=read_count(place("max_file_bytes"), values["max_file_bytes"]),
        max_files_bytes=read_count(place("max_files_bytes"), values["max_files_bytes"]),
        shipped=read_truth(place("shipped"), values["shipped"]),
    )


def _read_contact(place: str, value: object) -> str:
    contact = read_text(place, value)
    if not _WHO.fullmatch(contact) or not contact.isascii():
        raise CatalogueError(f'{place} is {contact!r}: it must be a mail address or a web page, like "you@example.org"')
    return contact


def _read_night(place: str, value: object) -> tuple[time, time]:
    match = _NIGHT.fullmatch(read_text(place, value))
    if match is None or match[1] == match[2]:
        raise CatalogueError(f'{place} is {value!r}: it must be two times, like "22:00-06:30"')
    return time.fromisoformat(match[1]), time.fromisoformat(match[2])


def _read_address(place: str, value: object) -> str | None:
    if value is None:
        return None
    address = read_text(place, value)
    if not re.fullmatch(r"https?://[^\s/]+\S*", address):
        raise CatalogueError(f'{place} is {value!r}: it must be an address like "https://example.org/minzheng"')
    return address


def _program_version() -> str:
    try:
        return version("minzheng-archive")
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return "0.1.0"
