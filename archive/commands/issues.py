"""`minzheng issues`: what a person should look at, and putting it off."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.commands.terminal import (
    LIST,
    Day,
    ListUnlessNamed,
    as_json,
    at_option,
    clip,
    day_of,
    end,
    moment,
    print_json,
    print_table,
    reading,
)
from archive.commands.who import user_name

if TYPE_CHECKING:
    from archive.standing import StandingIssue


@click.group(cls=ListUnlessNamed)
def issues() -> None:
    """List the open issues, or put them off.

    `minzheng issues [KEY] [--all] [--at DAY] [--json]` lists. KEY is a source, for its issues only, or the id of one
    issue. An issue closes by itself when its cause is gone and opens again when it comes back; `issues ack` puts one
    off.
    """


@issues.command(LIST, hidden=True)
@click.argument("key", required=False)
@click.option("--all", "everything", is_flag=True, help="Closed ones, too.")
@at_option
@as_json
@click.pass_obj
def list_issues(folder: Path, key: str | None, *, everything: bool, at: str | None, as_json: bool) -> None:
    """List the open issues: first those that need a look, then doubts about single pages, then what is put off.

    KEY is a source, for its issues only, or the id of one issue, closed or not.
    """
    from archive.store.reading import source_keys

    with reading(folder) as (_, db):
        known = _standing_issues(folder, at)
        found = [one for one in known if (everything or one.state == "open") and (key is None or one.source == key)]
        if key is not None and not found:
            found = [one for one in known if one.id == key]
        if key is not None and not found and key not in source_keys(db):
            end(f"{key!r} is neither a source of this archive nor an issue; `minzheng status` names the sources", 2)
    if as_json:
        print_json([{**asdict(one), "needs_look": one.needs_look} for one in found])
        return
    if key is not None and [one.id for one in found] == [key]:
        _print_one(found[0])
        return
    print_table(
        [
            (
                one.id,
                day_of(one.last_raised_at),
                one.kind,
                one.source or "",
                clip(one.subject, 52),
                clip(one.detail, 52),
                _held(one),
            )
            for one in found
        ],
        ["id", "raised", "kind", "source", "about", "what", "put off"],
    )
    standing = sum(one.state == "open" for one in found)
    off = sum(one.state == "open" and one.held is not None for one in found)
    click.echo(f"Open issues: {standing}" + (f", {off} of them put off." if off else "."), err=True)
    if standing > off:
        click.echo("`minzheng issues ID` shows one whole; `minzheng issues ack ID` puts it off.", err=True)


@issues.command("ack")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--until", type=Day(), help="The last day on which it holds; without one for ever.")
@click.option("--why", required=True, help="Your reason; it is kept with the ruling.")
@click.option("--who", default=user_name, help="Whose ruling it is.", show_default="user name")
@at_option
@click.pass_obj
def ack(folder: Path, ids: tuple[str, ...], *, until: str | None, why: str, who: str, at: str | None) -> None:
    """Put issues off until a day, with a reason.

    They are listed still, but `minzheng status` no longer ends with code 3 for them; after the day it does again. ID is
    what `minzheng issues` and `minzheng status` print; the state of a source has one, too.
    """
    from archive.commands.write import catch_up, existing
    from archive.dates import BEIJING
    from archive.records import Decision

    if until is not None and until < (today := moment(at).astimezone(BEIJING).date().isoformat()):
        raise click.UsageError(f"--until {until} is past (it is {today}); give the last day on which it is to hold.")
    with existing(folder, "minzheng issues ack") as archive:
        known = {one.id: one for one in _standing_issues(folder, at)}
        unknown = [name for name in ids if name not in known]
        if unknown:
            end(f"No issue {', '.join(unknown)} in {folder}; `minzheng issues --all` lists them", 2)
        for issue in (known[name] for name in dict.fromkeys(ids)):
            archive.rule(
                Decision(
                    at=datetime.now(UTC),
                    who=who,
                    what="ack",
                    urls=(issue.subject,),
                    about=issue.kind,
                    until=date.fromisoformat(until) if until else None,
                    why=why,
                )
            )
            click.echo(f"{issue.id} {issue.kind} {issue.subject}: put off {f'until {until}' if until else 'for ever'}")
        catch_up(archive)


def _standing_issues(folder: Path, at: str | None) -> tuple[StandingIssue, ...]:
    from archive.standing import standing

    with reading(folder) as (archive, db):
        return standing(db, moment(at), archive.rulings()).issues


def _print_one(issue: StandingIssue) -> None:
    for name in issue.__slots__:
        value = getattr(issue, name)
        if value is not None:
            click.echo(f"{name}: {value}")
    if issue.crawl is not None:
        click.echo(f"its exchanges: minzheng export --issue {issue.id} {issue.id}.warc.gz")


def _held(issue: StandingIssue) -> str:
    if issue.state == "closed":
        return f"closed {day_of(issue.closed_at) if issue.closed_at else ''}"
    if issue.held is None:
        return ""
    return f"{issue.held} until {issue.until or 'ever'}: {clip(issue.said, 30)}"
