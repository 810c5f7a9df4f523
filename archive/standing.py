"""How everything stands at an instant: sources by their health, issues, and what people have put off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from archive.dates import BEIJING
from archive.decisions import holding
from archive.health import UNHEALTHY, Finding, State, judge
from archive.history import FIELDS, History, cadence, newest_on, stated
from archive.records import Decision
from archive.store import Database
from archive.store.health import histories
from archive.store.issues import issue_id
from archive.store.state import IssueRow, all_issues, copy_counts
from archive.store.times import instant

DOUBTS = ("field_conflict", "no_article", "off_topic_link", "unreadable")
"""Kinds of issue about one page among thousands. They are listed, but call nobody: where pages of a source read badly
as a rule, its state says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source stands, and by what. `new`, `changed`, `gone` and the share of blocks are its last crawl's."""

    key: str
    agency: str
    kind: str
    home: str
    state: State
    why: str
    why_zh: str
    issue: str
    """Id by which an unhealthy state can be acknowledged."""
    crawl: str | None
    crawl_at: datetime | None
    last_good_at: datetime | None
    new: int
    changed: int
    gone: int
    newest_on: date | None
    cadence: float | None
    """Days between two days with items, as a rule."""
    stated: int | None
    stored: int
    """Entries held readable, of the channels that state a total."""
    fill: Mapping[str, float | None]
    fill_before: Mapping[str, float | None]
    blocked: float | None
    """Share of the last crawl's requests; None of no request."""
    open_issues: int
    copies: int
    until: date | None = None
    """The last day of the pause or acknowledgement that holds now; None for ever, or for none."""
    said: str | None = None
    """Why it is paused or its state acknowledged."""
    held: Literal["paused", "acked"] | None = None

    @property
    def last_good_on(self) -> date | None:
        """The day of it, in Beijing."""
        return self.last_good_at.astimezone(BEIJING).date() if self.last_good_at else None

    @property
    def needs_look(self) -> bool:
        """An unhealthy state that nobody has put off."""
        return self.state in UNHEALTHY and self.held is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIssue:
    """One issue as it stands now, the states of sources among them (kind `source_<state>`)."""

    id: str
    kind: str
    source: str | None
    subject: str
    detail: str
    raised_at: str
    last_raised_at: str
    state: str
    closed_at: str | None = None
    channel: str | None = None
    crawl: str | None = None
    until: date | None = None
    said: str | None = None
    held: Literal["paused", "acked"] | None = None

    @property
    def needs_look(self) -> bool:
        """It is open, more than a doubt about one page, and nobody has put it off."""
        return self.state == "open" and self.held is None and self.kind not in DOUBTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All sources by key, and all issues.

    Issues that need a look come first, then doubts about pages, then what is put off; each lot newest first.
    """

    sources: tuple[SourceHealth, ...]
    issues: tuple[StandingIssue, ...]

    @property
    def needs_look(self) -> bool:
        """Whether anything does."""
        return any(one.needs_look for one in self.sources) or any(one.needs_look for one in self.issues)


def standing(db: Database, now: datetime, decisions: Sequence[Decision]) -> Standing:
    """How everything stands at an instant; `decisions` are all rulings there are."""
    today = now.astimezone(BEIJING).date()
    acked = {(one.about or "", one.urls[0]): one for one in holding(decisions, "ack", today)}
    paused = {one.about or "": one for one in holding(decisions, "pause", today)}
    issues = [_issue(row, acked, paused) for row in all_issues(db)]
    counts = Counter(one.source for one in issues if one.state == "open")
    copies = copy_counts(db)
    sources: list[SourceHealth] = []
    for past in histories(db):
        if not past.channels and not copies.get(past.key) and not counts[past.key]:
            continue  # only its name is known
        found = judge(past, now)
        source = _health(past, found, now, acked, paused, open_issues=counts[past.key], copies=copies.get(past.key, 0))
        sources.append(source)
        if found.state in UNHEALTHY and all(one.id != source.issue or one.state != "open" for one in issues):
            issues = [one for one in issues if one.id != source.issue]
            issues.append(_state_issue(source, found, now))
    issues.sort(key=lambda one: one.id)
    issues.sort(key=lambda one: one.last_raised_at, reverse=True)
    issues.sort(key=lambda one: (not one.needs_look, one.held is not None, one.state == "closed"))
    return Standing(sources=tuple(sources), issues=tuple(issues))


def _issue(row: IssueRow, acked: Mapping[tuple[str, str], Decision], paused: Mapping[str, Decision]) -> StandingIssue:
    ack, pause = acked.get((row["kind"], row["subject"])), paused.get(row["source"] or "")
    said = ack or pause
    return StandingIssue(
        id=row["id"],
        kind=row["kind"],
        source=row["source"],
        subject=row["subject"],
        detail=row["detail"],
        raised_at=row["raised_at"],
        last_raised_at=row["last_raised_at"] or row["raised_at"],
        state=row["state"],
        closed_at=row["closed_at"],
        channel=row["channel"],
        crawl=row["crawl"],
        until=said.until if said else None,
        said=said.why if said else None,
        held="acked" if ack else "paused" if pause else None,
    )


def _state_issue(source: SourceHealth, found: Finding, now: datetime) -> StandingIssue:
    since = instant(found.since or now)
    return StandingIssue(
        id=source.issue,
        kind=f"source_{source.state}",
        source=source.key,
        subject=source.home,
        detail=source.why,
        raised_at=since,
        last_raised_at=since,
        state="open",
        crawl=source.crawl,
        until=source.until,
        said=source.said,
        held=source.held,
    )


def _health(
    past: History,
    found: Finding,
    now: datetime,
    acked: Mapping[tuple[str, str], Decision],
    paused: Mapping[str, Decision],
    *,
    open_issues: int,
    copies: int,
) -> SourceHealth:
    kind = f"source_{found.state}"
    ack, pause = acked.get((kind, past.home)), paused.get(past.key)
    said = pause or ack
    return SourceHealth(
        key=past.key,
        agency=past.agency,
        kind=past.kind,
        home=past.home,
        state=found.state,
        why=found.why.en,
        why_zh=found.why.zh,
        issue=issue_id(kind, past.home),
        crawl=past.last_crawl,
        crawl_at=past.last_crawl_at,
        last_good_at=past.last_good_at,
        new=past.new,
        changed=past.changed,
        gone=past.gone,
        newest_on=newest_on(past, now),
        cadence=cadence(past),
        stated=stated(past),
        stored=past.stored,
        fill={name: past.fill.share(name) for name in FIELDS},
        fill_before={name: past.fill_before.share(name) for name in FIELDS},
        blocked=past.blocked / past.asked if past.asked else None,
        open_issues=open_issues,
        copies=copies,
        until=said.until if said else None,
        said=said.why if said else None,
        held="paused" if pause else "acked" if ack else None,
    )
