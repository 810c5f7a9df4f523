"""A road that leads through a WARC file and never to the network: how a survey is done again elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

from archive.archive import read_warc
from archive.outcome import Verdict
from archive.page import header
from archive.records import Exchange, Failure
from crawler.lists import Ask
from crawler.probe.found import key_of
from crawler.spiders.answers import open_body
from crawler.spiders.survey import Got

MOST_HOPS = 5
NOT_IN_FILE = "not in the file"


class Replay:
    """The answers of one WARC file, the latest of each address and method."""

    def __init__(self, file: Path) -> None:
        """Read the whole file. Raises: OSError without it; ValueError if it holds no exchange."""
        self._kept: dict[tuple[str, str], Exchange | Failure] = {}
        for record in read_warc(file):
            if isinstance(record, Exchange):
                self._kept[record.method, key_of(record.url)] = record
            elif isinstance(record, Failure):
                self._kept.setdefault(("GET", key_of(record.url)), record)
        if not self._kept:
            raise ValueError(f"{file} holds no answer of a server; is it a WARC file?")

    def holds(self, url: str, method: str = "GET") -> bool:
        """Whether the file has an answer for an address, or the record that none came."""
        return (method, key_of(url)) in self._kept

    async def ask(self, ask: Ask) -> Got:
        """The answer of the file, redirects followed inside it."""
        url = ask.url
        for _ in range(MOST_HOPS):
            kept = self._kept.get((ask.method, key_of(url)))
            if kept is None:
                return Got(url=url, verdict=Verdict("unreachable", None, NOT_IN_FILE))
            if isinstance(kept, Failure):
                return Got(url=url, verdict=Verdict(kept.outcome, None, kept.detail))
            target = header(kept.headers, "Location") if 300 <= kept.status < 400 else None
            if target is None or not self.holds(urljoin(kept.url, target)):
                answer = open_body(kept.url, kept.body, kept.headers, status=kept.status)
                return Got(url=answer.url, verdict=answer.verdict, page=answer.page or answer.data)
            url = urljoin(kept.url, target)
        return Got(url=url, verdict=Verdict("unreachable", None, f"more than {MOST_HOPS} redirects"))
