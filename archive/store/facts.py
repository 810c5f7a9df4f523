"""What a release can be asked about itself: counts, spans, gaps and references of one frozen database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlite_utils import Database

from archive.licences import LICENCES, Licence, licence
from archive.store.rows import ask
from archive.store.tables import Table

Months = tuple[str, str]
"""The first and the last of months without a gap between them: `2026-01`."""


@dataclass(slots=True, kw_only=True)
class Gaps:
    """How far the lists of one source were seen, in months of its channels: a channel seen in a month counts one."""

    source: str
    agency: str
    channels: int = 0
    complete: int = 0
    partial: int = 0
    unobserved: int = 0
    spans: list[Months] = field(default_factory=list)
    """The months in which some channel is not complete, in order."""

    @property
    def missing(self) -> int:
        """Months of channels that are not complete."""
        return self.partial + self.unobserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the split: its notices, and the families that they are of."""

    split: str
    notices: int
    families: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one source says of using its texts, and where."""

    source: str
    agency: str
    terms: str
    url: str | None


def table_counts(db: Database, tables: Iterable[Table]) -> dict[str, int]:
    """How many rows each table has, by its name, in the order given."""
    return {table.name: int(db.execute(f"select count(*) from {table.name}").fetchone()[0]) for table in tables}  # noqa: S608 (names of ours)


def value_counts(db: Database, table: str, column: str) -> dict[str, int]:
    """How many rows have each value of a column, by the value; rows without one are left out."""
    sql = f'select "{column}", count(*) from {table} where "{column}" is not null group by 1 order by 1'  # noqa: S608 (names of ours)
    return {str(value): count for value, count in db.execute(sql).fetchall()}


def capture_span(db: Database) -> tuple[str, str] | None:
    """The instants of the first and the last capture; None where there is none."""
    first, last = db.execute("select min(fetched_at), max(fetched_at) from captures").fetchone()
    return (first, last) if first else None


def gaps_of_sources(db: Database) -> list[Gaps]:
    """What is known of the coverage of each source, by its key."""
    found: dict[str, Gaps] = {}
    for row in ask(db, "select key, agency from sources order by key"):
        found[row["key"]] = Gaps(source=row["key"], agency=row["agency"])
    for row in ask(db, "select source, count(distinct channel) as channels from coverage group by source"):
        found[row["source"]].channels = row["channels"]
    open_months: dict[str, list[str]] = {}
    for row in ask(db, _MONTHS):
        gaps = found[row["source"]]
        gaps.complete += row["complete"]
        gaps.partial += row["partial"]
        gaps.unobserved += row["unobserved"]
        if row["partial"] or row["unobserved"]:
            open_months.setdefault(row["source"], []).append(row["month"])
    for source, months in open_months.items():
        found[source].spans = list(_spans(months))
    return list(found.values())


def parts_of_split(db: Database) -> list[Part]:
    """The parts into which the notices are split, by name; empty where the database has no splits."""
    if not db.table("splits").exists():
        return []
    return [Part(**row) for row in ask(db, _PARTS)]


def strata_of_sample(db: Database) -> dict[str, int]:
    """The strata of a sample, and of how many notices each was drawn; empty where there is no sample."""
    if not db.table("sample").exists():
        return {}
    return dict(db.execute("select distinct stratum, stratum_notices from sample order by stratum").fetchall())


def licence_counts(db: Database) -> dict[Licence, int]:
    """How many notices have each licence; those that none has are here, too."""
    counts = dict.fromkeys(LICENCES, 0)
    for row in ask(db, _RIGHTS):
        count = row.pop("notices")
        counts[licence(**row)] += count
    return counts


def sources_with_terms(db: Database) -> list[Terms]:
    """What sources say of using their texts, by their keys; those that say nothing are left out."""
    sql = "select key as source, agency, terms, terms_url as url from sources where terms is not null order by key"
    return [Terms(**row) for row in ask(db, sql)]


def held_references(db: Database, tables: Sequence[Table]) -> list[tuple[Table, str, tuple[str, str]]]:
    """The references between tables that every row keeps: table, column, and the table and column it is found in.

    A choice of notices may cut some: a source's division stays, the notice that one cites may be left out.
    """
    names = {table.name for table in tables}
    return [
        (table, column, target)
        for table in tables
        for column, target in table.points_to.items()
        if target[0] in names and not _strays(db, table, column, target)
    ]


def values_by_key(db: Database, table: str) -> dict[str, str]:
    """A table of keys and values as a mapping, in the order of the keys; those without a value are left out."""
    sql = f"select key, value from {table} where value is not null order by key"  # noqa: S608 (a name of ours)
    return dict(db.execute(sql).fetchall())


def _spans(months: Iterable[str]) -> Iterator[Months]:
    """Months in order → the stretches that they make."""
    for _, stretch in groupby(enumerate(months), lambda placed: _number(placed[1]) - placed[0]):
        found = [month for _, month in stretch]
        yield found[0], found[-1]


def _number(month: str) -> int:
    """Months counted without a gap over the years."""
    year, number = month.split("-")
    return int(year) * 12 + int(number)


def _strays(db: Database, table: Table, column: str, target: tuple[str, str]) -> bool:
    """Whether some row names what is not there."""
    sql = f"""select 1 from (select "{column}" as named from {table.origin or table.name}) as found
        where named is not null and not exists (select 1 from {target[0]} where "{target[1]}" = named) limit 1"""  # noqa: S608 (names of ours)
    return db.execute(sql).fetchone() is not None


_MONTHS = """
    select source, month, sum(state = 'complete') as complete, sum(state = 'partial') as partial,
           sum(state = 'unobserved') as unobserved
    from coverage group by source, month order by source, month
"""

# all notices that are told alike at once
_RIGHTS = """
    select coalesce(kind, 'unknown') as kind, document_type, max(document_number) as document_number,
           max(terms) as terms, count(*) as notices
    from notices left join sources on sources.key = notices.source
    group by coalesce(kind, 'unknown'), document_type, document_number is null, terms is null
"""
_PARTS = (
    "select split, count(*) as notices, count(distinct family) as families from splits group by split order by split"
)
