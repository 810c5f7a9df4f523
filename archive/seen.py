"""What one record shows when it is looked at: how it is judged and, of an article, what it says. No database in it.

The index looks for itself, or has other processes look ahead (`archive.ahead`), which give it what they saw over pipes.
"""

from __future__ import annotations

import pickle
import resource
import struct
from dataclasses import dataclass

from archive import extract, warc
from archive.outcome import Verdict, judge
from archive.page import is_html, open_page
from archive.records import Entry
from archive.revise import State, weigh

Spot = tuple[str, int]
"""A WARC file and the offset of a record in it."""

LENGTH = struct.Struct(">I")
"""What stands before each message in a pipe: how many bytes it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a record shows, and by what it was read: the entry that led to it and the version of the reader.

    `state` is what an article says; None for everything else.
    """

    verdict: Verdict
    charset: str
    state: State | None
    entry: Entry | None
    reader_version: str

    def is_as_read_with(self, entry: Entry | None) -> bool:
        """Whether reading it here and now, with this entry, would give the same."""
        return self.entry == entry and self.reader_version == extract.READER_VERSION


@dataclass(frozen=True, slots=True)
class Look:
    """A question: what does a record show, read with this entry?"""

    spot: Spot
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A question: what are these copies like, laid beside others that share sentences with them?"""

    keys: tuple[str, ...]


def see(stored: warc.StoredExchange, entry: Entry | None) -> Seen:
    """Look at an answer that is HTML. Raises whatever opening, judging or reading it raises."""
    body = stored.body or b""
    page = open_page(stored.url, body, stored.headers)
    verdict = judge(stored.status, stored.headers, stored.url, page, len(body))
    state = weigh(extract.read(page, entry)) if verdict.kind == "article" else None
    return Seen(verdict=verdict, charset=page.charset, state=state, entry=entry, reader_version=extract.READER_VERSION)


def is_worth_seeing(stored: warc.StoredExchange) -> bool:
    """Whether there is a page to look at: other answers are judged by their heads alone."""
    return stored.body is not None and stored.status != 304 and is_html(stored.headers, stored.body)


def pack(message: object) -> bytes:
    """A message as it goes over a pipe: its length, then the pickle."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def unpack(buffer: bytearray) -> list[object]:
    """Take the whole messages off the front of what came over a pipe from a process of our own."""
    found: list[object] = []
    at = 0
    while len(buffer) - at >= LENGTH.size:
        (length,) = LENGTH.unpack_from(buffer, at)
        end = at + LENGTH.size + length
        if len(buffer) < end:
            break
        found.append(pickle.loads(memoryview(buffer)[at + LENGTH.size : end]))  # noqa: S301 (our own process)
        at = end
    del buffer[:at]
    return found


def cap_memory(memory: int) -> None:
    """Let this process take no more than so many bytes of address space, or what it may take already."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    memory = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
