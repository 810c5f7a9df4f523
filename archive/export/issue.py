"""The exchanges that an Issue is about, as one WARC file: members are copied as they are, so digests still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from archive.records import Channel, Crawl, CrawlEnd, Failure, Issue, Listed, Note, Place, Source, Walked
from archive.store import Database
from archive.store.exports import AnswerRow, IssueRow, answers_about, answers_of, channel_keys, full_answer
from archive.store.takedowns import addresses_left_out
from archive.urls import host, url_key
from archive.warc import noting_crawl, warc_files
from archive.warc.copying import copy_members, write_whole
from archive.warc.notes import NOTE_TYPE, decode_note
from archive.warc.reading import Record, read_records

ARTICLES = 3
"""Answers for entries of a channel that go along with its list, so that a check can read their fields."""
_BARS = ("blocked", "challenge", "geo")


class NothingToExport(ValueError):  # noqa: N818  # it is no error of the program
    """An issue without exchanges; the message says what it is about and what to send instead."""


def export_issue(db: Database, root: Path, issue: IssueRow, target: Path) -> int:
    """Write the exchanges and notes of an issue to `target`, whole or not at all; gives how many exchanges it has.

    `root` is the archive's folder of WARC files. The file has, of the crawl that raised the issue last: the answers
    for its subject with the redirects to and from it, the list pages of its channel and a few of their articles, what
    its host said to robots.txt and when it refused; and the notes about them. Of what was taken down it has no more
    than a list page says.
    Raises: NothingToExport, OSError.
    """
    if issue.kind in ("damaged_warc", "stray_file"):
        raise NothingToExport(f"issue {issue.id} is about the file {issue.subject}; send that file itself")
    left_out = addresses_left_out(db)
    if issue.subject_key in left_out:
        raise NothingToExport(f"issue {issue.id} is about {issue.subject}, which was taken down: it is not given out")
    answers = answers_of(db, issue.crawl) if issue.crawl else []
    answers = [one for one in answers if left_out.isdisjoint((one.url_key, one.location_key or ""))]
    files = [(name, path) for name, path in warc_files(root) if issue.crawl and noting_crawl(name) == issue.crawl]
    files = files or [(name, root / name) for name in sorted({answer.warc_file for answer in answers})]
    channels = _channels(db, issue)
    notes = [found for _, path in files for found in _notes(path)]
    lists = {_key(note.list_url) for _, note in notes if isinstance(note, Listed) and note.channel in channels}
    chosen = _choose(answers, issue, lists | set(channels.values()), notes, channels)
    if issue.subject_key and not any(answer.url_key == issue.subject_key for answer in chosen):
        chosen += answers_about(db, issue.subject_key)[:1]
    chosen += [whole for answer in chosen if answer.revisit and (whole := full_answer(db, answer)) is not None]
    about = {answer.url_key for answer in chosen}
    places = [
        place for place, note in notes if _belongs(note, issue, channels, about) and _address(note) not in left_out
    ]
    if not chosen and not any(isinstance(note, Failure) for place, note in notes if place in places):
        raise NothingToExport(f"issue {issue.id} ({issue.kind}) is about {issue.subject}, of which no exchange is kept")
    kept = {place.record_id: place for place in (*places, *map(_place, chosen))}
    sources = {root / place.warc_file for place in kept.values()} | {path for _, path in files[:1]}
    copied = (
        member for path in sorted(sources) for _, member in copy_members(path, lambda one: one.place.record_id in kept)
    )
    write_whole(target, copied)
    return len({answer.record_id for answer in chosen})


def _channels(db: Database, issue: IssueRow) -> dict[str, str]:
    """Url → url key of the channels that the issue is about: its own, or all of its source where it names none."""
    known = channel_keys(db, issue.source) if issue.source else {}
    own = {url: key for url, key in known.items() if url == issue.channel or key == issue.subject_key}
    if own or issue.channel:
        return own or {str(issue.channel): _key(str(issue.channel))}
    return {} if issue.subject_key else known


def _choose(
    answers: list[AnswerRow],
    issue: IssueRow,
    lists: set[str],
    notes: Iterable[tuple[Place, Note]],
    channels: dict[str, str],
) -> list[AnswerRow]:
    keys = lists | ({issue.subject_key} if issue.subject_key else set())
    listed = {_key(note.entry.url): None for _, note in notes if isinstance(note, Listed) and note.channel in channels}
    articles = [answer.url_key for answer in answers if answer.url_key in listed and answer.kind in ("article", "file")]
    keys.update(articles[:ARTICLES])
    hosts = {host(f"http://{key}") for key in keys}
    keys.update(f"{name}/robots.txt" for name in hosts)
    for _ in range(6):  # redirects to and from what is chosen
        keys |= {answer.location_key for answer in answers if answer.url_key in keys and answer.location_key}
        keys |= {answer.url_key for answer in answers if answer.location_key in keys}
    bars = [answer for answer in answers if answer.outcome in _BARS and host(f"http://{answer.url_key}") in hosts]
    wanted = [answer for answer in answers if answer.url_key in keys]
    return [*wanted, *(bar for bar in bars[:ARTICLES] if bar not in wanted)]


def _belongs(note: Note, issue: IssueRow, channels: dict[str, str], about: set[str]) -> bool:
    match note:
        case Crawl() | CrawlEnd():
            return True
        case Source():
            return note.key == issue.source
        case Channel():
            return note.source == issue.source
        case Walked():
            return note.source == issue.source and (not channels or note.channel in channels)
        case Listed():
            return note.channel in channels or _key(note.entry.url) in about
        case Issue():
            return (note.kind, note.subject) == (issue.kind, issue.subject)
        case Failure():
            key = _key(note.url)
            return key in about or key == issue.subject_key or key in channels.values()


def _address(note: Note) -> str | None:
    """The url key of the page that a note is about; None for the others."""
    match note:
        case Listed():
            return _key(note.entry.url)
        case Failure():
            return _key(note.url)
    return None


def _notes(path: Path) -> Iterator[tuple[Place, Note]]:
    for record in read_records(path):
        if isinstance(record, Record) and record.kind == "metadata" and record.header("Content-Type") == NOTE_TYPE:
            with suppress(ValueError):
                yield record.place, decode_note(record.block)


def _place(answer: AnswerRow) -> Place:
    return Place(warc_file=answer.warc_file, offset=answer.offset, end=answer.end, record_id=answer.record_id)


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:
        return url
