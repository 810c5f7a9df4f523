"""How a source stands against its own habit: a pure function of what is on record, and of now.

The states, the gravest first; of several that hold the first is told.

- `blocked`: its last crawl was stopped there. What else looks wrong may be the block's doing.
- `moved`: its pages went away together; nothing is removed until a person has looked.
- `broken`: the last walk of a channel failed, or it never showed an entry; or pages of late say half as much as those
  before them; or those of a new source say nothing.
- `shrunk`: a list shows less than half of what it showed within a year, or of what it states that it has.
- `stale`: no good walk for three turns of its schedule, and three days at least.
- `quiet`: walked well, but nothing new for much longer than usual. No fault, so it asks for nobody's look.
- `ok`. A source that was never walked, or left the catalogue, is not unhealthy either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from archive.dates import BEIJING
from archive.history import FIELDS, FILL_LEAST, WHOLE, Fill, History, cadence, newest_on

State = Literal["ok", "quiet", "stale", "shrunk", "moved", "blocked", "broken"]
UNHEALTHY: tuple[State, ...] = ("blocked", "moved", "broken", "shrunk", "stale")

STALE_TURNS = 3
"""Two missed turns may be a power cut and a holiday; a third is a habit."""
STALE_LEAST = timedelta(days=3)
"""A weekend: a list that is due every hour is not stale on Saturday."""
SHRUNK_SHARE = 0.5
"""A list loses some entries to tidying; half of them only to a fault, or to a new site."""
SHRUNK_LEAST = 5
"""Entries that a list must have shown: of fewer, half is chance."""
SHRUNK_MEMORY = timedelta(days=365)
"""What a list showed before counts for so long, so that a second look at a shrunken list does not clear it."""
FILL_SHARE = 0.5
"""A redesign loses a field on all new pages; a mixture of two designs on half of them."""
UNREAD_SHARE = 0.2
"""Of a new source's pages, those with a text: some columns are of pictures, but hardly four pages in five."""
QUIET_GAPS = 5
"""Gaps between days with items spread widely (holidays, meetings); five times the median is rare."""
QUIET_LEAST = timedelta(days=30)
"""The longest public holidays with the weeks around them."""
BLOCKED_SHARE = 0.5
BLOCKED_LEAST = 3
"""Requests of a crawl of which that share was blocked: one page behind a shield is no block."""


class Reason(NamedTuple):
    """A reason in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A state, why, and since when that can be said."""

    state: State
    why: Reason
    since: datetime | None = None


def judge(past: History, now: datetime) -> Finding:
    """Tell how a source stands."""
    if not past.is_in_catalogue:
        return Finding(state="ok", why=Reason("已不在目录中", "no longer in the catalogue"))
    for check in (_blocked, _moved, _broken, _shrunk, _stale, _quiet):
        found = check(past, now)
        if found is not None:
            return found
    if not any(channel.walks for channel in past.channels):
        return Finding(state="ok", why=Reason("尚未采集其栏目", "its lists have not been walked yet"))
    return Finding(state="ok", why=Reason("", ""))


def _blocked(past: History, now: datetime) -> Finding | None:  # noqa: ARG001 (one signature for all checks)
    for doubt in past.doubts:
        if doubt.kind == "blocked":
            why = Reason(f"上次采集被拦截：{doubt.detail}", f"the site stopped the crawl: {doubt.detail}")
            return Finding(state="blocked", why=why, since=doubt.raised_at)
    if past.asked >= BLOCKED_LEAST and past.blocked >= BLOCKED_SHARE * past.asked:
        why = Reason(
            f"上次 {past.asked} 次请求中 {past.blocked} 次被拦截",
            f"{past.blocked} of the last crawl's {past.asked} requests were blocked",
        )
        return Finding(state="blocked", why=why, since=past.last_crawl_at)
    return None


def _moved(past: History, now: datetime) -> Finding | None:  # noqa: ARG001
    for doubt in past.doubts:
        if doubt.kind == "source_moved":
            why = Reason(f"网页成批消失：{doubt.detail}", f"many of its pages vanished at once: {doubt.detail}")
            return Finding(state="moved", why=why, since=doubt.raised_at)
    return None


def _broken(past: History, now: datetime) -> Finding | None:  # noqa: ARG001
    failed = [channel for channel in past.channels if channel.walks and channel.walks[0].how == "failed"]
    if failed:
        last = failed[0].walks[0]
        rest = len(failed) - 1
        detail = last.detail or "its list page did not come"
        why = Reason(
            f"栏目“{failed[0].name}”未能读取：{last.detail or '列表页未取得'}"
            + (f"；另有 {rest} 个栏目" if rest else ""),
            f"the list {failed[0].name} could not be walked: {detail}" + (f"; and {rest} more" if rest else ""),
        )
        return Finding(state="broken", why=why, since=last.ended_at)
    for channel in past.channels:
        ended = next((walk for walk in channel.walks if walk.how == "end"), None)
        if ended is not None and not any(walk.entries or walk.total for walk in channel.walks):
            why = Reason(f"栏目“{channel.name}”一条也没有列出过", f"the list {channel.name} has never shown an entry")
            return Finding(state="broken", why=why, since=ended.ended_at)
    if past.fill.pages < FILL_LEAST:
        return None
    if past.fill_before.pages < FILL_LEAST:
        return _never_read(past.fill, past.last_crawl_at)
    for name in FIELDS:
        before, share = past.fill_before.share(name) or 0.0, past.fill.share(name) or 0.0
        if before >= FILL_SHARE and share <= FILL_SHARE * before:
            why = Reason(
                f"{_FIELD_ZH[name]}的读出率由 {before:.0%} 降到 {share:.0%}",
                f"{name} is read from {share:.0%} of the last {past.fill.pages} pages, from {before:.0%} before",
            )
            return Finding(state="broken", why=why, since=past.last_crawl_at)
    return None


def _never_read(fill: Fill, since: datetime | None) -> Finding | None:
    """A new source has no habit, but pages that say nothing are no articles."""
    if (fill.share("text") or 0.0) > UNREAD_SHARE:
        return None
    read = fill.filled.get("text", 0)
    why = Reason(
        f"列表所指的 {fill.pages} 个网页中只有 {read} 个读出正文",
        f"of the {fill.pages} pages that its lists lead to, {read} could be read",
    )
    return Finding(state="broken", why=why, since=since)


def _shrunk(past: History, now: datetime) -> Finding | None:
    for channel in past.channels:
        whole = [walk for walk in channel.walks if walk.how == "end"]
        if not whole:
            continue
        last, *earlier = whole
        before = max((walk.entries for walk in earlier if now - walk.ended_at <= SHRUNK_MEMORY), default=0)
        if _is_less(last.entries, last.total or 0):
            why = Reason(
                f"栏目“{channel.name}”自称有 {last.total} 条，翻到底只列出 {last.entries} 条",
                f"the list {channel.name} states {last.total} entries, but shows {last.entries} to its end",
            )
            return Finding(state="shrunk", why=why, since=last.ended_at)
        if _is_less(last.entries, before):
            why = Reason(
                f"栏目“{channel.name}”只列出 {last.entries} 条，此前 {before} 条",
                f"the list {channel.name} shows {last.entries} where it showed {before} entries",
            )
            return Finding(state="shrunk", why=why, since=last.ended_at)
    return None


def _is_less(entries: int, before: int) -> bool:
    return entries == 0 < before or (before >= SHRUNK_LEAST and entries < SHRUNK_SHARE * before)


def _stale(past: History, now: datetime) -> Finding | None:
    for channel in past.channels:
        good = next((walk.ended_at for walk in channel.walks if walk.how in WHOLE), None)
        allowed = max(STALE_TURNS * channel.every, STALE_LEAST)
        since = (good or channel.known_since) + allowed
        if since < now:
            days = (now - (good or channel.known_since)).days
            why = Reason(
                f"栏目“{channel.name}”已 {days} 天没有完整走查",
                f"the list {channel.name} has had no good walk for {days} days",
            )
            return Finding(state="stale", why=why, since=since)
    return None


def _quiet(past: History, now: datetime) -> Finding | None:
    usual, newest = cadence(past), newest_on(past, now)
    if usual is None or newest is None or not past.channels:
        return None
    silence = now.astimezone(BEIJING).date() - newest
    if silence > max(QUIET_GAPS * timedelta(days=usual), QUIET_LEAST):
        why = Reason(
            f"已 {silence.days} 天没有新内容，通常每 {usual:g} 天一次",
            f"nothing new for {silence.days} days, where {usual:g} is usual",
        )
        return Finding(state="quiet", why=why)
    return None


_FIELD_ZH = {"title": "标题", "date": "日期", "agency": "机关", "text": "正文"}
