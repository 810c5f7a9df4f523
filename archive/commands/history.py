"""`minzheng history`: what happened to a notice over all its copies, and its dates side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from archive.commands.terminal import Words, as_json, moment_of, print_json, reading, resolve
from archive.labels import DATE_DOUBTS, EDITS, EVENTS, FIELDS, ROLES, STATES, place_words, words_for

if TYPE_CHECKING:
    from archive.edits.timeline import DateDoubt
    from archive.records import FirstListed, Revision
    from archive.store import Database
    from archive.store.reading import ShownCopy
    from archive.store.timeline import ShownCapture


class Event(TypedDict):
    """One thing that happened to a copy; `what` is first_seen, revised, missing, gone, blocked, returned or moved."""

    at: datetime
    what: str
    copy: str
    number: int | None
    """Of `revised`: which state of the copy it made."""
    classes: Sequence[str]
    headline: str | None
    to: str | None
    """Of `moved`: url key of the copy that the address leads to."""
    capture: ShownCapture | None
    """What shows it."""


class Dates(TypedDict):
    """The dates of one copy side by side, with where each was read; days that nobody printed are None."""

    copy: str
    written_on: Mapping[str, object] | None
    published_on: Mapping[str, object] | None
    listed: Sequence[FirstListed]
    captured_at: datetime
    capture: ShownCapture | None
    doubts: Sequence[DateDoubt]


@click.command()
@click.argument("notice", metavar="ID-OR-URL", type=Words())
@as_json
@click.pass_obj
def history(folder: Path, notice: str, *, as_json: bool) -> None:
    """Show what happened to a notice since it was first captured.

    First seen, edited, withdrawn, returned, moved: over all its copies, in the order of time.
    Then the dates that each copy prints beside those on which it was listed and captured, and which of them the
    archive shows to be otherwise.
    """
    from archive.store.dataset import one_notice
    from archive.store.reading import shown_copies
    from archive.store.revisions import states_of

    with reading(folder) as (archive, db):
        found = one_notice(db, resolve(archive, notice))
        copies = shown_copies(db, found["id"])
        states = {copy["url_key"]: states_of(db, copy["url_key"]) for copy in copies}
        now_at = {copy["url_key"]: _now_at(copy, copies) for copy in copies}
        events = [event for key in states for event in _events(db, key, states[key], now_at[key])]
        dates = [_dates(db, key, states[key]) for key in states if states[key]]
    events.sort(key=lambda event: (event["at"], event["copy"]))
    if as_json:
        print_json({"id": found["id"], "title": found["title"], "timeline": events, "dates": dates})
        return
    click.echo(f"{found['title'] or '(no title)'}\n编号 id: {found['id']}")
    names = {copy["url_key"]: f"[{number}]" for number, copy in enumerate(copies, 1)}
    for copy in copies:
        state = "" if copy["state"] == "live" else f" ({words_for(STATES, copy['state'])})"
        click.echo(f"{names[copy['url_key']]} {words_for(ROLES, copy['role'])}: {copy['url']}{state}")
    click.echo("\n经过 Timeline（北京时间 Beijing time）")
    for event in events:
        for line in _event_lines(event, names):
            click.echo(line)
    click.echo("\n日期 Dates")
    for one in dates:
        click.echo(f"{names[one['copy']]} {states[one['copy']][-1].reading.url}")
        for line in _date_lines(one):
            click.echo(line)


def _now_at(copy: ShownCopy, copies: Sequence[ShownCopy]) -> str | None:
    """Url key of the copy that shows a page which its source moved; None where it did not move."""
    if copy["state"] != "moved":
        return None
    live = [one for one in copies if one["source"] == copy["source"] and one["state"] == "live"]
    return live[0]["url_key"] if live else None


def _events(db: Database, key: str, states: Sequence[Revision], now_at: str | None) -> Iterator[Event]:
    from archive.edits.timeline import turns
    from archive.store.fates import looks_of
    from archive.store.timeline import capture_at, moves_of
    from archive.store.times import read_instant

    for state in states:
        yield Event(
            at=state.seen_from,
            what="first_seen" if state.number == 1 else "revised",
            copy=key,
            number=state.number,
            classes=state.classes,
            headline=state.headline or None,
            to=None,
            capture=capture_at(db, key, state.seen_from),
        )
    is_told = False
    for look, turn in turns(looks_of(db, key)):
        if now_at is not None and turn in ("missing", "gone"):  # it was not withdrawn: it is elsewhere
            if not is_told:
                yield _turn(look.at, "moved", key, capture_at(db, key, look.at), now_at)
            is_told = True
            continue
        yield _turn(look.at, turn, key, capture_at(db, key, look.at))
    for to, capture in moves_of(db, key):
        yield _turn(read_instant(capture["fetched_at"]), "moved", key, capture, to)


def _turn(at: datetime, what: str, key: str, capture: ShownCapture | None, to: str | None = None) -> Event:
    return Event(at=at, what=what, copy=key, number=None, classes=(), headline=None, to=to, capture=capture)


def _dates(db: Database, key: str, states: Sequence[Revision]) -> Dates:
    from archive.edits.timeline import doubt_dates
    from archive.store.timeline import first_capture, first_listings

    listings = first_listings(db, key)
    return Dates(
        copy=key,
        written_on=_printed(states[-1], "written"),
        published_on=_printed(states[-1], "published"),
        listed=listings,
        captured_at=states[0].seen_from,
        capture=first_capture(db, key),
        doubts=doubt_dates(states, listings),
    )


def _printed(state: Revision, name: str) -> Mapping[str, object] | None:
    """A day of the latest state, as printed, and where it was read."""
    said = state.reading
    day = getattr(said, f"{name}_on")
    read = said.evidence.get(f"{name}_on")
    return {"day": day, "raw": getattr(said, f"{name}_raw"), "read": read} if day is not None else None


def _event_lines(event: Event, names: Mapping[str, str]) -> Iterator[str]:
    told = str(words_for(EVENTS, event["what"]))
    if event["what"] == "revised":
        classes = "、".join(str(words_for(EDITS, name)) for name in event["classes"])
        told = f"第 {event['number']} 版 revision {event['number']}: {classes}"
    if event["to"]:
        told += f" → {names.get(event['to'], event['to'])}"
    yield f"{moment_of(event['at'])}  {names[event['copy']]} {told}"
    if event["headline"]:
        yield f"{'':18}{event['headline']}"
    capture = event["capture"]
    if capture is not None and event["what"] not in ("first_seen", "revised"):
        status = f"HTTP {capture['status']}" if capture["status"] else capture["outcome"]
        yield f"{'':18}{status} · {capture['warc_file']} @ {capture['warc_offset']}"


def _date_lines(dates: Dates) -> Iterator[str]:
    for field, told in (("written_on", dates["written_on"]), ("published_on", dates["published_on"])):
        if told is None:
            yield f"    {FIELDS[field]}: 未注明 not printed"
            continue
        raw = f"（{told['raw']}）" if told["raw"] else ""
        yield f"    {FIELDS[field]}: {told['day']}{raw} [{place_words(str(told['read'] or ''))}]"
    for listing in dates["listed"]:
        printed = f"{listing.listed_on or listing.date_raw or '无日期 no day'}"
        where = f"{listing.name or ''} {listing.channel}".strip()
        yield f"    列表首见 First in a list: {printed} [{where}, {moment_of(listing.listed_at)}]"
    capture = dates["capture"]
    where = f" [{capture['warc_file']} @ {capture['warc_offset']}]" if capture else ""
    yield f"    首次采集 First captured: {moment_of(dates['captured_at'])}{where}"
    for doubt in dates["doubts"]:
        yield f"    ! {_doubt(doubt)}"


def _doubt(doubt: DateDoubt) -> str:
    words = DATE_DOUBTS[doubt.kind]
    if doubt.kind == "moved_back" and not doubt.has_same_text:
        words = DATE_DOUBTS["moved_back_with_text"]
    facts = {
        "zh": FIELDS[doubt.field].zh,
        "en": FIELDS[doubt.field].en,
        "day": doubt.day,
        "other": doubt.other,
        "at": moment_of(doubt.at),
        "channel": doubt.channel,
    }
    return str(words).format_map(facts)
