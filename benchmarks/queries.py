"""How long the canned queries take on an archive: without a condition, and with each that they ask for.

usage: python benchmarks/queries.py DIR

DIR holds a `notices.db`, as benchmarks/archive_of.py makes it; it is only read. Every query is run twice with each set
of conditions and the better time counts; printed are milliseconds of CPU and of the clock, and how many rows it gives.
The exit code is 1 if one of them comes near the time limit that `minzheng serve` gives a query.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import time
from pathlib import Path

from tabulate import tabulate

from archive.browse.serve import SETTINGS
from archive.browse.statements import Query, canned_queries
from archive.store.search import register

CONDITIONS: dict[str, str] = {
    "q": "养老服务",
    "province": "湖北",
    "agency": "市民政局",
    "from_year": "2020",
    "site": "民生",
    "edit_class": "amount",
    "lost": "withdrawn",
    "kind": "repeals",
    "document_type": "通知",
}
ROWS = 1000
"""What Datasette shows of a query."""
LIMIT = SETTINGS["sql_time_limit_ms"] / 2


def main() -> None:
    """Run every query and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    database = parser.parse_args().folder / "notices.db"
    conn = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    register(conn)
    (notices,) = conn.execute("select count(*) from notices").fetchone()
    print(f"{platform.machine()}, load {os.getloadavg()[0]:.1f}, SQLite {sqlite3.sqlite_version}, {notices:,} notices")
    found = [
        (query.name, told, *best(conn, query, given)) for query in canned_queries() for told, given in conditions(query)
    ]
    print(tabulate(found, headers=("query", "condition", "CPU ms", "ms", "rows"), floatfmt=".0f"))
    slow = [row for row in found if row[2] > LIMIT]
    sys.exit(1 if slow else 0)


def conditions(query: Query) -> list[tuple[str, dict[str, str]]]:
    """No condition, then each that the query asks for."""
    mine = {name: value for name, value in CONDITIONS.items() if name in query.parameters}
    return [("", {}), *((f"{name}={value}", {name: value}) for name, value in mine.items())]


def best(conn: sqlite3.Connection, query: Query, given: dict[str, str]) -> tuple[float, float, int]:
    """Milliseconds of CPU and of the clock in the better of two runs, and the rows that Datasette would show."""
    parameters = dict.fromkeys(query.parameters, "") | given
    runs = []
    for _ in range(2):
        cpu, clock = time.process_time(), time.perf_counter()
        rows = len(conn.execute(query.sql, parameters).fetchmany(ROWS))
        runs.append(((time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000, rows))
    return min(runs)


if __name__ == "__main__":
    main()
