"""What a crawl asks of all that the archive wants: of files only those that the plan's sources are to give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archive.records import Headers, Want
from crawler.lists import Ask, AskKind
from crawler.spiders.plan import Plan


def choose_wants(wants: Iterable[Want], plan: Plan, *, begun_at: datetime) -> tuple[Want, ...]:
    """The wants that a crawl which began then asks, each address once, in the order given.

    Originals and parts all; a file if the source whose copy links it has all files fetched, and is one of the plan's
    or the copy was first seen by this very crawl. Under `--limit`, `--since` and `--until` only files of such copies.
    """
    sites = {site.source.key: site.source for site in (*plan.catalogue, *plan.rechecked, *plan.sites)}
    own = {site.source.key for site in (*plan.rechecked, *plan.sites)}
    chosen: dict[str, Want] = {}
    for want in wants:
        if want.kind == "attachment":
            source = sites.get(want.source or "")
            is_new = want.since is not None and want.since >= begun_at
            if (source is not None and source.attachments != "all") or not (
                is_new or (not plan.bounds and (want.source is None or want.source in own))
            ):
                continue
        chosen.setdefault(want.url_key, want)
    return tuple(chosen.values())


def ask_for(want: Want) -> Ask:
    """The request for what is wanted; a file that is held is asked whether it has changed."""
    kind: AskKind = want.kind if want.kind in ("part", "attachment") else "original"
    return Ask(url=want.url, kind=kind, headers=conditions(want.etag, want.last_modified), source=want.source)


def conditions(etag: str | None, last_modified: str | None) -> Headers:
    """The headers that ask whether something has changed since it was got with these two."""
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return tuple((name, value) for name, value in pairs if value)
