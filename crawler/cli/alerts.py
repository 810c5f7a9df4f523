"""Telling somebody: a heartbeat for each crawl, and one JSON document when the state of sources has changed.

Neither ever fails a crawl: what cannot be told is logged, and a change of state is told the next time.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from archive.archive import Archive, ArchiveError

if TYPE_CHECKING:
    from archive.archive import SourceHealth
    from crawler.run import CrawlResult

logger = logging.getLogger(__name__)

TOLD = "told.json"
"""File in the archive with the states that were told last."""
TIMEOUT = 10.0
"""Seconds that one message may take."""
_RAN_TO_ITS_END = (0, 3)
_FINE = ("ok", "quiet")


class Heartbeat:
    """Pings of one crawl, the way healthchecks services take them: `URL/start`, then `URL` or `URL/fail`.

    Code 3 is a success: the crawl ran to its end; what needs a look, `minzheng status` and the webhook tell.
    """

    def __init__(self, url: str | None) -> None:
        """Ping below `url`; without one nothing is ever sent."""
        self._url = url.rstrip("/") if url else None

    def start(self) -> None:
        """Say that the crawl begins."""
        self._ping("/start")

    def end(self, exit_code: int) -> None:
        """Say how it ended."""
        self._ping("" if exit_code in _RAN_TO_ITS_END else "/fail")

    def _ping(self, path: str) -> None:
        if self._url is not None:
            _send(self._url + path, None)


def unwell_after(folder: Path, result: CrawlResult) -> tuple[SourceHealth, ...]:
    """The sources that this crawl walked whose state needs a look: a list may shrink without any request failing."""
    try:
        with Archive.open(folder) as archive:
            return tuple(
                one for one in archive.health(datetime.now(UTC)) if one.needs_look and one.crawl == result.crawl
            )
    except ArchiveError as problem:
        logger.warning("No state of sources to tell: %s", problem)
        return ()


def tell_changes(folder: Path, webhook: str | None, *, now: datetime | None = None) -> bool:
    """Post the sources whose state is another than was told last. True when something was told.

    A source that was never told of counts as ok. `quiet` is no fault and is told like `ok`.
    """
    if webhook is None:
        return False
    now = now or datetime.now(UTC)
    try:
        with Archive.open(folder) as archive:
            sources = archive.health(now)
    except ArchiveError as problem:
        logger.warning("No state of sources to tell: %s", problem)
        return False
    told = _read_told(folder / TOLD)
    changed = [one for one in sources if _plain(told.get(one.key, "ok")) != _plain(one.state)]
    states = {one.key: str(one.state) for one in sources}
    if changed:
        message = {
            "archive": str(folder.resolve()),
            "at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "changes": [_as_change(one, told.get(one.key, "ok")) for one in changed],
            "states": states,
        }
        if not _send(webhook, json.dumps(message, ensure_ascii=False).encode()):
            return False
    _write_told(folder / TOLD, states)
    return bool(changed)


def _plain(state: str) -> str:
    return "ok" if state in _FINE else state


def _as_change(source: SourceHealth, before: str) -> dict[str, object]:
    return {
        "source": source.key,
        "agency": source.agency,
        "home": source.home,
        "from": before,
        "to": source.state,
        "why": source.why,
        "issue": source.issue if source.state not in _FINE else None,
        "put_off": source.held,
    }


def _send(url: str, document: bytes | None) -> bool:
    """Get an address, or post a JSON document to it; False, with a line in the log, when that did not arrive."""
    headers = {"Content-Type": "application/json; charset=utf-8"} if document is not None else {}
    try:
        request = urllib.request.Request(url, data=document, headers=headers)  # noqa: S310 (checked in the next line)
        if request.type not in ("http", "https"):
            logger.warning("%s is no http or https address: nothing was told", url)
            return False
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310 (checked above)
            return True
    except (OSError, HTTPException, ValueError) as problem:  # URLError is an OSError
        logger.warning("%s was not told: %s", url, problem)
        return False


def _read_told(file: Path) -> Mapping[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["states"]
        return {str(key): str(state) for key, state in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as problem:
        logger.warning("%s cannot be read (%r); every unhealthy source is told anew", file, problem)
        return {}


def _write_told(file: Path, states: Mapping[str, str]) -> None:
    part = file.with_name(file.name + ".part")
    try:
        part.write_text(json.dumps({"states": states}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        part.replace(file)
    except OSError as problem:
        logger.warning("%s cannot be written: %s", file, problem)
