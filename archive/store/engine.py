"""What this Python's SQLite is: its version, the fault that some versions have, and whether it can search."""

from __future__ import annotations

import sqlite3

Version = tuple[int, int, int]

_WAL_MENDED: tuple[Version, ...] = ((3, 44, 6), (3, 50, 7))
"""Older lines that got the repair of 3.51.3."""


def version() -> Version:
    """Give the version of the SQLite library in use."""
    major, minor, patch = sqlite3.sqlite_version_info
    return major, minor, patch


def has_wal_race(seen: Version) -> bool:
    """Tell whether this SQLite may damage a database when two connections reset its write-ahead log at once.

    Source: sqlite.org/wal.html, "the WAL-reset bug"; 3.7.0 to 3.51.2, mended in 3.51.3, 3.50.7 and 3.44.6.
    """
    mended = any(seen[:2] == fixed[:2] and seen >= fixed for fixed in _WAL_MENDED)
    return (3, 7, 0) <= seen < (3, 51, 3) and not mended


def has_fts5() -> bool:
    """Tell whether this SQLite has the full-text index that search needs."""
    conn = sqlite3.connect(":memory:")
    try:
        conn.execute("create virtual table words using fts5(text)")
    except sqlite3.OperationalError:
        return False
    finally:
        conn.close()
    return True
