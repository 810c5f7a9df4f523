"""The catalogue: who publishes, where, and which family reads it. TOML entries made into Sites.

An entry is values only; what a system does differently is its family's business. Folders are laid over one another
by key: an entry of a later folder replaces the whole entry of an earlier one. See docs/add-a-bureau.md.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from archive.records import Channel, FileMode, Source, SourceKind
from archive.urls import address, fetch_url, host, owner, url_key
from crawler.families import FAMILIES
from crawler.families.options import suggest
from crawler.lists import RECHECK, REWALK, Site
from crawler.toml_values import (
    LEAST_DELAY,
    CatalogueError,
    Table,
    read_choice,
    read_count,
    read_days,
    read_file_mode,
    read_matching,
    read_seconds,
    read_span,
    read_text,
    read_toml,
    read_truth,
    refuse_unknown,
)

__all__ = [
    "ENTRY_KEYS",
    "SHIPPED",
    "CatalogueError",
    "adhoc_site",
    "catalogue_folders",
    "entry_files",
    "entry_tables",
    "load_catalogue",
    "pick",
]

logger = logging.getLogger(__name__)

SHIPPED = Path(__file__).parent / "sources"
"""The folder of the catalogue that comes with the program."""

ENTRY_KEYS = (
    *("key", "agency", "kind", "division", "home", "hosts", "family", "delay", "channel", "options"),
    *("every", "recheck", "rewalk", "platform", "max_bytes", "attachments", "seen", "unverified", "terms"),
    *("terms_url", "note"),
)
"""Every key that a `[[source]]` may have; docs/add-a-bureau.md says what each is."""

CHANNEL_KEYS = ("name", "url", "family", "every")
"""The keys of a channel; every other one is an option of its family."""
LEAST_EVERY = 3600
"""Seconds between two scheduled walks of a channel that nobody may go below."""

_FILES_OF: dict[SourceKind, FileMode] = {"bureau": "all", "portal": "names", "unknown": "all"}
"""Where nobody says: a portal shows files that are the bureau's own, and the original is asked for as well."""
_KINDS: dict[str, SourceKind] = {"bureau": "bureau", "portal": "portal"}
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DIVISION = re.compile(r"\d{6}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SEEN = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?")


def load_catalogue(*folders: Path, attachments: FileMode | None = None) -> dict[str, Site]:
    """The sites of every `*.toml` in the folders, by key in order of file and entry; a missing folder is empty.

    `attachments` is which files are fetched of sources whose entries do not say; without it their kind tells.

    Raises: CatalogueError naming file, entry and key, the value seen and what is allowed.
    """
    sites: dict[str, Site] = {}
    places: dict[str, str] = {}
    for folder in folders:
        for key, (file, place, table) in _read_folder(folder).items():
            if key in sites:
                logger.info("%s replaces the entry of %s", place, places[key])
            site = _read_site(place, key, table, attachments)
            sites[key], places[key] = replace(site, group=file.stem), str(file)
    _refuse_shared_addresses(sites, places)
    return sites


def catalogue_folders(archive_dir: Path, *, shipped: bool) -> tuple[Path, ...]:
    """The folders of an archive's catalogue, the operator's own last; `shipped` is `Config.shipped`."""
    own = archive_dir / "sources"
    return (SHIPPED, own) if shipped else (own,)


def entry_files(*folders: Path) -> dict[str, Path]:
    """The file that each key's entry is taken from, folders laid over one another as in `load_catalogue`."""
    return {key: file for folder in folders for key, (file, _, _) in _read_folder(folder).items()}


def entry_tables(*folders: Path) -> dict[str, Table]:
    """The entry of each key as it is written, folders laid over one another as in `load_catalogue`."""
    return {key: table for folder in folders for key, (_, _, table) in _read_folder(folder).items()}


def pick(catalogue: Mapping[str, Site], keys: Sequence[str]) -> tuple[Site, ...]:
    """The sites of these keys in the order asked, each once. Raises: CatalogueError with the nearest key."""
    for key in keys:
        if key not in catalogue:
            raise CatalogueError(f"no source {key!r}{suggest(key, catalogue)}; `minzheng sources list` names all")
    return tuple(catalogue[key] for key in dict.fromkeys(keys))


def adhoc_site(url: str) -> Site:
    """A site that nobody configured: key from its host, one channel at `url`, read by `auto`.

    Raises: CatalogueError if `url` is no web address.
    """
    channel_url = _read_url("the address", url)
    home = urljoin(channel_url, "/")
    key = re.sub(r"[^a-z0-9]+", "-", host(url_key(channel_url))).strip("-")
    source = Source(key=key, agency=host(channel_url), kind="unknown", home=home, addresses=(address(home),))
    name = urlsplit(channel_url).path.strip("/") or host(channel_url)
    channel = Channel(source=key, name=name, url=channel_url, family="auto")
    return Site(source=source, channels=(channel,), delay=LEAST_DELAY)


def _read_folder(folder: Path) -> dict[str, tuple[Path, str, Table]]:
    """Key → file, place for messages, table of each entry in the folder."""
    entries: dict[str, tuple[Path, str, Table]] = {}
    for file in sorted(folder.glob("*.toml")):
        for place, table in _read_file(file):
            key = read_matching(
                f"{place}: key", table.get("key"), _KEY, form='small letters and digits, like "cq-wanzhou"'
            )
            if key in entries:
                raise CatalogueError(f"{place}: key {key!r} is taken by {entries[key][1]}; keys are given once")
            entries[key] = (file, f"{place} ({key})", table)
    return entries


def _read_file(file: Path) -> Iterator[tuple[str, Table]]:
    tables = read_toml(file)
    refuse_unknown(str(file), tables, ("source",))
    entries = tables.get("source", [])
    if not isinstance(entries, list):
        raise CatalogueError(f"{file}: source is one table; write [[source]] with two brackets, once an entry")
    for number, table in enumerate(entries, start=1):
        place = f"{file}: source {number}"
        if not isinstance(table, dict):
            raise CatalogueError(f"{place} is {table!r}: it must be a [[source]] table")
        for key in ("key", "agency", "home"):
            if key not in table:
                near = next((seen for seen in table if seen not in ENTRY_KEYS and suggest(seen, [key])), None)
                seen = f" (there is {near!r})" if near else ""
                raise CatalogueError(f"{place}: key {key!r} is missing{seen}; every entry has key, agency and home")
        yield place, table


def _read_site(place: str, key: str, table: Table, attachments: FileMode | None) -> Site:
    refuse_unknown(place, table, ENTRY_KEYS)
    family = read_choice(f"{place}: family", table.get("family", "auto"), FAMILIES)
    home = _read_url(f"{place}: home", table["home"])
    channels = tuple(_read_channels(place, key, family, table))
    kind = _KINDS[read_choice(f"{place}: kind", table.get("kind", "bureau"), _KINDS)]
    files = table.get("attachments", attachments or _FILES_OF[kind])
    source = Source(
        key=key,
        agency=read_text(f"{place}: agency", table["agency"]),
        kind=kind,
        home=home,
        division=_maybe(
            f"{place}: division",
            table.get("division"),
            _DIVISION,
            form='six digits in quotes (GB/T 2260), like "500000"',
        ),
        addresses=_gather_addresses(home, _read_hosts(place, table), channels),
        family=family,
        seen=_maybe(f"{place}: seen", table.get("seen"), _SEEN, form='a year, month or day in quotes, like "2025-04"'),
        note=read_text(f"{place}: note", table["note"]) if "note" in table else None,
        attachments=read_file_mode(f"{place}: attachments", files),
        terms=read_text(f"{place}: terms", table["terms"]) if "terms" in table else None,
        terms_url=_read_url(f"{place}: terms_url", table["terms_url"]) if "terms_url" in table else None,
    )
    # under .example, which is nobody's (RFC 2606), a miniature web answers and no server is hurt
    is_invented = all(host(prefix).endswith(".example") for prefix in source.addresses)
    delay = read_seconds(f"{place}: delay", table.get("delay", LEAST_DELAY), least=0.0 if is_invented else LEAST_DELAY)
    unverified = read_truth(f"{place}: unverified", table.get("unverified", False))
    return Site(
        source=source,
        channels=channels,
        delay=delay,
        unverified=unverified,
        platform=_read_platform(f"{place}: platform", table.get("platform"), source.addresses),
        recheck=read_days(f"{place}: recheck", table.get("recheck", list(RECHECK))),
        rewalk=read_count(f"{place}: rewalk", table.get("rewalk", REWALK)),
        max_bytes=read_count(f"{place}: max_bytes", table["max_bytes"]) if "max_bytes" in table else None,
    )


def _read_platform(place: str, value: object, addresses: Sequence[str]) -> str | None:
    """The domain of a platform; one of the source's addresses must lie on it."""
    platform = _maybe(place, value, _DOMAIN, form='a domain, like "cq.gov.cn"')
    hosts = [host(prefix) for prefix in addresses]
    if platform and not any(name == platform or name.endswith(f".{platform}") for name in hosts):
        raise CatalogueError(f"{place} is {platform!r}: none of {', '.join(hosts)} lies on it")
    return platform


def _read_channels(place: str, key: str, family: str, table: Table) -> Iterator[Channel]:
    shared = _read_options(f"{place}: options", table.get("options", {}))
    every = read_span(f"{place}: every", table.get("every", "1d"), least=LEAST_EVERY)
    lists = table.get("channel", [])
    if not isinstance(lists, list):
        raise CatalogueError(f'{place}: channel is {lists!r}: write channel = [{{ name = "…", url = "…" }}]')
    seen: dict[str, str] = {}
    for number, values in enumerate(lists, start=1):
        where = f"{place}: channel {number}"
        if not isinstance(values, dict) or not {"name", "url"} <= values.keys():
            raise CatalogueError(f'{where} is {values!r}: it needs a name and a url, {{ name = "…", url = "…" }}')
        url = _read_url(f"{where}: url", values["url"])
        if url_key(url) in seen:
            raise CatalogueError(f"{where}: url {url!r} is already that of {seen[url_key(url)]}")
        seen[url_key(url)] = f"channel {number}"
        own = read_choice(f"{where}: family", values.get("family", family), FAMILIES)
        inherited = shared if own == family else {}
        options = {
            **inherited,
            **_read_options(where, {name: values[name] for name in values if name not in CHANNEL_KEYS}),
        }
        if wrong := FAMILIES[own].check(options):
            raise CatalogueError(
                f"{where} ({url}): {'; '.join(wrong)}; besides options a channel has {', '.join(CHANNEL_KEYS)}"
            )
        yield Channel(
            source=key,
            name=read_text(f"{where}: name", values["name"]),
            url=url,
            family=own,
            options=options,
            every=read_span(f"{where}: every", values["every"], least=LEAST_EVERY) if "every" in values else every,
        )


def _read_options(place: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise CatalogueError(f"{place} is {value!r}: it must be a table of texts")
    for name, option in value.items():
        if isinstance(option, bool) or not isinstance(option, str | int):
            raise CatalogueError(f"{place}: {name} is {option!r}: it must be a text in quotes")
    return {name: str(option) for name, option in value.items()}


def _read_hosts(place: str, table: Table) -> tuple[str, ...]:
    hosts = table.get("hosts", [])
    if not isinstance(hosts, list):
        raise CatalogueError(
            f'{place}: hosts is {hosts!r}: it must be a list, like ["mzj.old.gov.cn", "www.x.gov.cn/mzj/"]'
        )
    return tuple(_read_url(f"{place}: hosts", value, bare=True) for value in hosts)


def _gather_addresses(home: str, hosts: Sequence[str], channels: Sequence[Channel]) -> tuple[str, ...]:
    """Home and hosts, and the folder of each channel that stands outside both."""
    found = {address(url): "" for url in (home, *hosts)}
    for channel in channels:
        folder = urljoin(channel.url, ".")
        if owner(url_key(channel.url), found) is None:
            found[address(folder)] = ""
    return tuple(found)


def _refuse_shared_addresses(sites: Mapping[str, Site], places: Mapping[str, str]) -> None:
    owners: dict[str, str] = {}
    for key, site in sites.items():
        for prefix in site.source.addresses:
            other = owners.setdefault(prefix, key)
            if other != key:
                raise CatalogueError(
                    f"{places[key]}: {prefix!r} belongs to both {other!r} ({places[other]}) and {key!r};"
                    " take it out of one, or give the entry the same key to replace it"
                )


def _read_url(place: str, value: object, *, bare: bool = False) -> str:
    """A web address in fetch form; `bare` ones may lack `http://`."""
    text = read_text(place, value)
    whole = f"http://{text}" if bare and "://" not in text else text
    try:
        url = fetch_url(whole) if whole.startswith(("http://", "https://")) else ""
    except ValueError:
        url = ""
    if "." not in host(url):
        raise CatalogueError(f'{place} is {text!r}: it must be an address like "https://mzj.cq.gov.cn/"')
    return url


def _maybe(place: str, value: object, pattern: re.Pattern[str], *, form: str) -> str | None:
    return None if value is None else read_matching(place, value, pattern, form=form)
