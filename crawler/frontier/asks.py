"""Asks as JSON, so that what is pending can be read, and never runs code when it is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from archive.records import Channel, Entry
from archive.urls import url_key
from crawler.lists import Ask


def ask_key(ask: Ask) -> str:
    """The identity of an ask: the url key, and for what is not a plain GET also the method and a digest of its body."""
    key = url_key(ask.url)
    if ask.method == "GET" and not ask.body:
        return key
    return f"{key} {ask.method} {hashlib.sha256(ask.body).hexdigest()[:16]}"


def channel_key(channel: Channel) -> str:
    """The identity of a channel: its source and its address."""
    return f"{channel.source} {channel.url}"


def dump_ask(ask: Ask) -> str:
    """One line of JSON; bytes as Latin-1. The channel is named by its key, for its options may change meanwhile."""
    entry = ask.entry
    values = {
        "url": ask.url,
        "kind": ask.kind,
        "channel": channel_key(ask.channel) if ask.channel else None,
        "entry": {"url": entry.url, "title": entry.title, "date_raw": entry.date_raw, "fields": dict(entry.fields)}
        if entry
        else None,
        "page": ask.page,
        "method": ask.method,
        "body": ask.body.decode("latin-1"),
        "headers": list(ask.headers),
        "raw_url": ask.raw_url,
        "source": ask.source,
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def load_ask(text: str, channels: Mapping[str, Channel]) -> Ask:
    """The ask again. One whose channel is not among `channels` (by `channel_key`) has none."""
    values = json.loads(text)
    return Ask(
        url=values["url"],
        kind=values["kind"],
        channel=channels.get(values["channel"] or ""),
        entry=Entry(**values["entry"]) if values["entry"] else None,
        page=values["page"],
        method=values["method"],
        body=values["body"].encode("latin-1"),
        headers=tuple((name, value) for name, value in values["headers"]),
        raw_url=values["raw_url"],
        source=values.get("source"),  # rows of an older notebook have none
    )
