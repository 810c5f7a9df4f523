"""`minzheng status`: what the archive holds and how each source stands."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.terminal import as_json, clip, print_json, print_table, reading, size


@click.command()
@as_json
@click.pass_obj
def status(folder: Path, *, as_json: bool) -> None:
    """Show counts, sizes and how each source stands.

    Open issues are counted here and listed by `minzheng issues`; the exit code stays 0, for a look is no run.
    """
    from archive.store.state import crawl_states, outcome_counts, row_counts, source_states

    with reading(folder) as (archive, db):
        counts, outcomes = row_counts(db), outcome_counts(db)
        sources, crawls = source_states(db), crawl_states(db, limit=5)
    bytes_held = {"warc": _bytes_under(archive.path / "warc"), "database": _bytes_of(archive.database)}
    if as_json:
        print_json(
            {
                "archive": str(archive.path),
                "counts": counts,
                "bytes": bytes_held,
                "outcomes": outcomes,
                "crawls": crawls,
                "sources": sources,
            }
        )
        return
    click.echo(f"Archive {archive.path}: warc {size(bytes_held['warc'])}, notices.db {size(bytes_held['database'])}")
    click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
    click.echo("captures by outcome: " + (", ".join(f"{name} {n}" for name, n in outcomes.items()) or "none"))
    if crawls or sources:
        click.echo()
    print_table(
        [
            (c["id"], c["kind"], c["state"], c["vantage"] or "", *(_count(dict(c)[name]) for name in _TALLY))
            for c in crawls
        ],
        ["crawl", "kind", "state", "vantage", *_TALLY],
    )
    if crawls and sources:
        click.echo()
    print_table(
        [
            (s["key"], clip(s["agency"], 24), s["copies"], s["newest_on"] or "", (s["last_seen_at"] or "")[:16],
             s["open_issues"] or "")
            for s in sources
        ],
        ["source", "agency", "copies", "newest", "last seen (UTC)", "issues"],
    )  # fmt: skip


_TALLY = ("asked", "stored", "failed", "refused")


def _count(value: object) -> str:
    return "" if value is None else str(value)


def _bytes_of(database: Path) -> int:
    return sum(file.stat().st_size for file in database.parent.glob(database.name + "*"))


def _bytes_under(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
