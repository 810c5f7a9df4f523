"""What a crawl writes down for a person, and how much of it is news to them."""

from __future__ import annotations

import logging
from datetime import datetime

from archive.archive import Archive
from archive.dates import BEIJING
from crawler.capture import Recording
from crawler.lists import Ask

logger = logging.getLogger(__name__)


class Issues:
    """Raises the issues of one crawl. `new` counts those that nobody has acknowledged, nor paused their source."""

    def __init__(self, recording: Recording, archive: Archive, *, now: datetime) -> None:
        today = now.astimezone(BEIJING).date()
        self._recording = recording
        self._acked = archive.acked(today)
        self._paused = archive.paused(today)
        self.new = 0

    def put(self, kind: str, subject: str, detail: str, *, ask: Ask | None) -> None:
        """Write down an issue; `ask` is what led to it."""
        channel = ask.channel if ask else None
        source = channel.source if channel else None
        logger.warning("%s %s: %s", kind, subject, detail)
        self._recording.issue(kind, subject, detail, source=source, channel=channel.url if channel else None)
        if (kind, subject) not in self._acked and source not in self._paused:
            self.new += 1
