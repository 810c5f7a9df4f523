"""What the archive asks for: originals that copies name and nobody has captured, and further pages of split texts.

An original that did not come is asked for again, ever more rarely: it stays wanted for ever, and its host is not
bothered by every crawl.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.records import Want
from archive.store.copies import wanted_parts
from archive.store.nearby import kind_of_page
from archive.store.times import read_instant
from archive.urls import url_key

WAITS = (0, 1, 2, 4, 8, 16, 30)
"""Days to wait after so many crawls that asked in vain: none after the first, a month after the seventh and on."""
_EARLY = timedelta(hours=4)
"""How much sooner a wait may end: daily crawls do not begin on the minute."""


def wanted(db: Database, now: datetime) -> list[Want]:
    """Originals by url key, then parts by url key. A file that was captured is no longer asked for.

    Originals that did not come lately are left out until their wait is over.
    """
    rows = db.query(
        "select original_url, best_copy from notices where original_captured = 0 and original_url is not null"
    )
    wants = [
        Want(url=row["original_url"], url_key=url_key(row["original_url"]), kind="original", because=row["best_copy"])
        for row in list(rows)
    ]
    originals = [want for want in wants if kind_of_page(db, want.url_key) is None and _is_due(db, want, now)]
    return [*sorted(originals, key=lambda want: want.url_key), *wanted_parts(db)]


def _is_due(db: Database, want: Want, now: datetime) -> bool:
    """Whether an original may be asked for (again): its captures, of whatever outcome, were in vain."""
    query = "select count(distinct crawl) as crawls, max(fetched_at) as last from captures where url_key = ?"
    row = next(db.query(query, [want.url_key]))
    if not row["crawls"]:
        return True
    days = WAITS[min(row["crawls"], len(WAITS)) - 1]
    return days == 0 or now >= read_instant(row["last"]) + timedelta(days=days) - _EARLY
