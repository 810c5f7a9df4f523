"""Tables `raisings` and `issues`: each time something asked for a person's look, and how that stands now.

A raising is kept as it was noted. An issue's row is folded from all raisings of one kind about one thing and from
what the archive has seen since: it closes when its cause is gone and opens again when it is raised after that.
Both are functions of sets, so they do not depend on the order in which records arrive.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlite_utils import Database

from archive.records import Issue
from archive.store.rows import ask
from archive.store.spellings import spellings_of
from archive.store.times import instant, read_instant
from archive.urls import owner, url_key

Row = Mapping[str, str | None]

OFF_TOPIC = "off_topic_link"
"""A page names an original whose text is another."""

_NO_ARTICLE = {
    "other": "a list shows it as an entry, but the page reads as no article, list or file",
    "article": "a list shows it as an entry, but it is a further page of an article whose first page is not held",
}
_OF_HOSTS = ("blocked", "host_silent")
_STAMP = re.compile(r"\d{8}T\d{6}Z")


class _End(NamedTuple):
    """Something that shows a cause to be gone: it ends what was raised before `begun`."""

    begun: str
    at: str
    crawl: str


def issue_id(kind: str, subject: str) -> str:
    """8 base32 characters that stay the same for one kind of doubt about one thing."""
    digest = hashlib.sha256(f"{kind}\n{subject}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:8]


def put_issue(db: Database, issue: Issue, crawl: str | None) -> None:
    """Keep one raising; kept twice it is one. `fold_issues` says how the issue then stands."""
    db.execute(
        "insert into raisings (issue, kind, subject, subject_key, source, channel, detail, crawl, raised_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set"
        " source = coalesce(min(source, excluded.source), source, excluded.source),"
        " channel = coalesce(min(channel, excluded.channel), channel, excluded.channel),"
        " crawl = coalesce(min(crawl, excluded.crawl), crawl, excluded.crawl)",
        [
            issue_id(issue.kind, issue.subject),
            issue.kind,
            issue.subject,
            subject_key(issue.kind, issue.subject),
            issue.source,
            issue.channel,
            issue.detail,
            crawl,
            instant(issue.raised_at),
        ],
    )


def subject_key(kind: str, subject: str) -> str | None:
    """The url key of what an issue is about; None where that is no address. Of a host it is the home page."""
    try:
        return url_key(f"http://{subject}/" if kind in _OF_HOSTS and "/" not in subject else subject)
    except ValueError:
        return None


def drop_issues(db: Database, kind: str, subjects: Iterable[str]) -> None:
    """Forget what was raised of one kind about these things, before they are judged anew."""
    for subject in subjects:
        db.execute("delete from raisings where issue = ?", [issue_id(kind, subject)])


def drop_doubts(db: Database, key: str) -> None:
    """Forget what settling doubted of a copy that is none any more: nobody will judge it anew."""
    db.execute("delete from raisings where kind = ? and subject_key = ?", [OFF_TOPIC, key])


def drop_unread(db: Database, key: str) -> None:
    """Forget that article captures of this address could not be read, before they are read anew."""
    db.execute(
        "delete from raisings where kind = 'unreadable' and subject_key = ?1 and raised_at in"
        " (select fetched_at from captures where url_key = ?1 and kind = 'article')",
        [key],
    )


def drop_judged(db: Database, key: str) -> None:
    """Forget that records of this address could not be read, before they are judged anew."""
    db.execute(
        "delete from raisings where kind = 'unreadable' and subject_key = ?1 and raised_at in"
        " (select fetched_at from captures where url_key = ?1)",
        [key],
    )


def judge_entries(db: Database) -> None:
    """Raise an issue for each address that a list shows as an entry and that, when asked, reads as no article.

    So is one for a further page of a split article whose first page is not held: its text is no copy's.
    """
    db.execute("delete from raisings where kind = 'no_article'")
    listed = (
        "select url_key, captures.url, captures.detail, captures.kind, captures.crawl, captures.fetched_at, record_id,"
        " listed_at, entries.source as source, channel"
    )
    rows = ask(
        db,
        f"{listed} from captures join entries using (url_key) left join copies using (url_key)"  # noqa: S608 (ours)
        " where captures.kind = 'other' and copies.url_key is null union all"
        f" {listed} from entries left join copies using (url_key) join captures using (url_key)"
        " where copies.url_key is null and captures.kind = 'article' and state_digest is not null"
        " and not exists (select 1 from parts where parts.url_key = captures.url_key)"
        " order by 1, fetched_at, record_id, listed_at, source, channel",
    )
    for _, found in groupby(list(rows), key=itemgetter("url_key")):
        row = next(found)
        detail = row["detail"] or _NO_ARTICLE[row["kind"]]
        at = read_instant(row["fetched_at"])
        issue = Issue(kind="no_article", subject=row["url"], detail=detail, raised_at=at, source=row["source"])
        put_issue(db, issue, row["crawl"])


def judge_files(db: Database, strays: Mapping[str, datetime]) -> None:
    """Raise an issue for each file under `warc/` that has no name of ours and is not read; with when it was written."""
    db.execute("delete from raisings where kind = 'stray_file'")
    detail = "lies under warc/ but was neither crawled nor taken in, and is not read; `minzheng ingest` takes it in"
    for name, written_at in strays.items():
        issue = Issue(kind="stray_file", subject=name, detail=detail, raised_at=_stamped(name) or written_at)
        put_issue(db, issue, None)


def fold_issues(db: Database, addresses: Mapping[str, str]) -> None:
    """Say anew how every issue stands. `addresses` tells whose an address is where the raising does not."""
    _date_damage(db)
    said = _acks(db)
    raised = ask(db, "select * from raisings order by issue, raised_at, detail, crawl")
    rows = [_fold(db, list(group), addresses, said) for _, group in groupby(list(raised), key=itemgetter("issue"))]
    db.execute("delete from issues")
    db.table("issues").insert_all(rows, pk="id")


def _fold(
    db: Database, raised: list[Row], addresses: Mapping[str, str], said: Mapping[tuple[str, str], Row]
) -> dict[str, str | None]:
    last = raised[-1]
    kind, subject, last_at = str(last["kind"]), str(last["subject"]), str(last["raised_at"])
    here = {one["crawl"] for one in raised}
    ends = [end for end in _ends(db, kind, last, addresses) if end.crawl not in here]
    after = max((end.begun for end in ends if end.begun <= last_at), default="")
    closed_at = min((end.at for end in ends if end.begun > last_at), default=None)
    source = last["source"] or (owner(last["subject_key"], addresses) if last["subject_key"] else None)
    ack = said.get((kind, subject), {})
    return {
        "id": last["issue"],
        "kind": kind,
        "source": source,
        "subject": subject,
        "channel": last["channel"],
        "detail": last["detail"],
        "crawl": last["crawl"],
        "raised_at": min(str(one["raised_at"]) for one in raised if str(one["raised_at"]) >= after),
        "last_raised_at": last_at,
        "state": "open" if closed_at is None else "closed",
        "closed_at": closed_at,
        "until": ack.get("until"),
        "why": ack.get("why"),
    }


def _ends(db: Database, kind: str, last: Row, addresses: Iterable[str]) -> Iterator[_End]:
    """What shows the cause to be gone. A crawl that raised the issue itself shows nothing of the kind."""
    home = last["subject_key"]
    if kind in _OF_HOSTS and home and (last["channel"] is None or any(one.startswith(home) for one in addresses)):
        # a list on another host may be walked wholly while this one is left alone; a stranger's host is nobody's loss
        found = db.execute(_ANSWERED, [home])
    elif kind == "source_too_large":
        sql = "select min(started_at), max(ended_at), crawl from walks where source = ? group by crawl"
        found = db.execute(sql, [last["source"]])
    elif last["channel"] is not None and last["source"] is not None:
        spelt = json.dumps(spellings_of(db, last["source"], last["channel"]))
        found = db.execute(_WALKED_OR_DROPPED, [last["source"], spelt])
    elif kind == "source_moved":
        sql = """select closed_at, closed_at, closed_by from source_moves join sources on sources.key = source
            where home = ? and closed_at is not null"""
        found = db.execute(sql, [last["subject"]])
    elif kind == "unreadable":
        sql = """select fetched_at, fetched_at, crawl from captures where url_key = ? and outcome = 'ok'
            and kind <> 'other' and (kind <> 'article' or state_digest is not null)"""
        found = db.execute(sql, [last["subject_key"]])
    elif kind == "crawler_error" or kind.startswith("list_"):
        found = db.execute(
            "select fetched_at, fetched_at, crawl from captures where url_key = ? and outcome = 'ok'",
            [last["subject_key"]],
        )
    else:
        return  # judged anew at every settling: it is there or it is not
    for begun, at, crawl in found:
        yield _End(begun, at, crawl)


_ANSWERED = """
    select min(fetched_at), min(fetched_at), crawl from captures
    where url_key >= ?1 and url_key < ?1 || char(1114111)
      and (outcome = 'not_modified' or (outcome = 'ok' and kind <> 'other'))
    group by crawl
"""

_WALKED_OR_DROPPED = """
    with spelt as (select value from json_each(?2))
    select started_at, ended_at, crawl from walks
    where source = ?1 and channel in spelt and how in ('end', 'edge', 'unchanged')
    union all
    select started_at, started_at, id from crawls
    where id not glob 'ingest-*' and id in (select crawl from walks where source = ?1)
      and started_at > (select max(noted_at) from channels where source = ?1 and url in spelt)
"""
"""A whole walk of the list, or a crawl of its source whose catalogue no longer had it.

What was taken in without the name of its crawl is dated by the taking in, which tells nothing of a catalogue.
"""


def _acks(db: Database) -> dict[tuple[str, str], Row]:
    """What people said last about issues, by kind and subject."""
    rows = ask(
        db,
        "select about, json_extract(urls, '$[0]') as subject, until, why, retired_at from decisions"
        " where what = 'ack' order by line",
    )
    latest = {(row["about"], row["subject"]): row for row in rows}
    return {about: row for about, row in latest.items() if row["retired_at"] is None}


def _date_damage(db: Database) -> None:
    """Date damaged places by the crawl whose file they are in: nobody knows when the damage was done."""
    rows = ask(
        db,
        "select distinct issue, raised_at, raisings.crawl, subject, started_at from raisings"
        " left join crawls on crawls.id = raisings.crawl where raisings.kind = 'damaged_warc'",
    )
    for row in list(rows):
        named = _stamped(row["crawl"] or "") or _stamped(row["subject"])
        at = instant(named) if named is not None else row["started_at"]
        if at is not None and at != row["raised_at"]:
            db.execute("update or replace raisings set raised_at = ? where issue = ?", [at, row["issue"]])


def _stamped(name: str) -> datetime | None:
    """When the crawl began whose file this is, as the name says."""
    found = _STAMP.search(name)
    try:
        return datetime.strptime(found[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
