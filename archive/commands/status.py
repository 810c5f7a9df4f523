"""`minzheng status`: what the archive holds, how each source stands, and whether a person should look."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import (
    NEEDS_A_LOOK,
    as_json,
    at_option,
    clip,
    moment,
    print_json,
    print_table,
    reading,
    size,
)

if TYPE_CHECKING:
    from archive.commands.sizes import Sizes
    from archive.standing import SourceHealth, Standing
    from archive.store.state import CrawlState

_SHOWN = 5
"""Issues that are named below the sources."""
_TALLY = ("asked", "stored", "failed", "refused")


@click.command()
@at_option
@as_json
@click.pass_context
def status(ctx: click.Context, *, at: str | None, as_json: bool) -> None:
    """Show counts, sizes and how each source stands.

    A source is ok, quiet, stale, shrunk, moved, blocked or broken, by its own habit. Exit code 3 while an unhealthy
    state or an open issue is there that nobody has put off (`minzheng issues ack`, `minzheng sources pause`). Doubts
    about single pages (no_article, off_topic_link, unreadable) are counted and listed, but make no code 3.
    """
    from archive.commands.sizes import measure
    from archive.standing import standing
    from archive.store.state import crawl_states, outcome_counts, row_counts

    now = moment(at)
    with reading(ctx.obj) as (archive, db):
        counts, outcomes = row_counts(db), outcome_counts(db)
        crawls = crawl_states(db, limit=5)
        found = standing(db, now, archive.rulings())
        changed = archive.tracing_changed()
    sizes = measure(archive.path, now)
    if as_json:
        print_json(
            {
                "archive": str(archive.path),
                "counts": counts,
                "bytes": {**asdict(sizes), "months_left": sizes.months_left},
                "outcomes": outcomes,
                "crawls": crawls,
                "sources": [{**asdict(one), "needs_look": one.needs_look} for one in found.sources],
                "issues": [{**asdict(one), "needs_look": True} for one in found.issues if one.needs_look],
                "needs_look": found.needs_look,
                "tracing_changed": changed is not None,
            }
        )
    else:
        click.echo(f"Archive {archive.path}: {_say_sizes(sizes)}")
        click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
        click.echo("captures by outcome: " + (", ".join(f"{name} {n}" for name, n in outcomes.items()) or "none"))
        _print_crawls(crawls)
        _print_sources(found)
    if changed is not None:
        click.echo(changed, err=True)
    if found.needs_look:
        ctx.exit(NEEDS_A_LOOK)


def _say_sizes(sizes: Sizes) -> str:
    said = f"warc {size(sizes.warc)}, notices.db {size(sizes.database)}, free {size(sizes.free)}"
    if sizes.a_month is None:
        return f"{said}; too young to say how fast it grows"
    left = sizes.months_left
    return f"{said}; {size(sizes.a_month)} a month" + (f", {left:,.0f} months left" if left is not None else "")


def _print_crawls(crawls: list[CrawlState]) -> None:
    if crawls:
        click.echo()
    print_table(
        [
            (c["id"], c["kind"], c["state"], c["vantage"] or "", *(_shown(dict(c)[name]) for name in _TALLY))
            for c in crawls
        ],
        ["crawl", "kind", "state", "vantage", *_TALLY],
    )


def _print_sources(found: Standing) -> None:
    from archive.labels import HEALTH

    if found.sources:
        click.echo()
    print_table(
        [
            (
                one.key,
                clip(one.agency, 24),
                str(HEALTH[one.state]),
                _shown(one.last_good_on),
                f"{one.new}/{one.changed}/{one.gone}" if one.crawl else "",
                _shown(one.newest_on),
                f"{one.cadence:g} d" if one.cadence is not None else "",
                f"{one.stored}/{one.stated}" if one.stated is not None else "",
                one.copies or "",
                one.open_issues or "",
            )
            for one in found.sources
        ],
        ["source", "agency", "state", "last good", "new/changed/gone", "newest", "usual gap", "stored/stated", "copies",
         "issues"],
    )  # fmt: skip
    for one in found.sources:
        if one.held or (one.why and one.state != "quiet"):  # the table says what quiet means: newest, usual gap
            click.echo(_say_why(one))
    look = [one for one in found.issues if one.needs_look]
    doubts = sum(one.state == "open" and one.held is None for one in found.issues) - len(look)
    if doubts:
        click.echo(f"Doubts about single pages: {doubts}; `minzheng issues` lists them.", err=True)
    if look:
        click.echo(f"Needs a look ({len(look)} in all, `minzheng issues`):", err=True)
        for issue in look[:_SHOWN]:
            click.echo(f"  {issue.id}  {issue.kind}  {clip(issue.source or issue.subject, 40)}", err=True)


def _say_why(source: SourceHealth) -> str:
    from archive.health import UNHEALTHY
    from archive.labels import HEALTH

    said = f"{source.key}: {HEALTH[source.state]}" + (f" — {clip(source.why, 160)}" if source.why else "")
    if source.state in UNHEALTHY:
        said += f" [{source.issue}]"
    if source.held:
        said += f" ({source.held} until {source.until or 'ever'}: {source.said})"
    return said


def _shown(value: object) -> str:
    return "" if value is None else str(value)
