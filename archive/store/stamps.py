"""Table `stamped_hosts`: sites that date a repost with the day on which it is fetched; their dates say nothing."""

from __future__ import annotations

from sqlite_utils import Database

_LEAST = 20
"""Pages of a host from which on its habit can be told."""
_NEARLY_ALL = 0.9
"""Share of them that print the very day on which we first saw them. A portal read daily has older pages, too."""


def judge_stamps(db: Database) -> list[str]:
    """Tell anew which hosts those are. Gives the copies, by url key, of hosts that are of these now or no longer.

    A bureau is believed: its page of today is of today.
    """
    before = {host for (host,) in db.execute("select host from stamped_hosts")}
    db.execute("delete from stamped_hosts")
    db.execute(_JUDGE, [_LEAST, _NEARLY_ALL])
    changed = before ^ {host for (host,) in db.execute("select host from stamped_hosts")}
    return [key for host in sorted(changed) for key in _of_host(db, host)]


def is_stamped(db: Database, key: str) -> bool:
    """Whether the date of a page at a url key says nothing: its host, with the port, is of these."""
    return db.execute("select 1 from stamped_hosts where host = ?", [key.partition("/")[0]]).fetchone() is not None


def _of_host(db: Database, host: str) -> list[str]:
    rows = db.execute(
        "select url_key from copies where url_key >= ?1 || '/' and url_key < ?1 || '0' or url_key = ?1", [host]
    )
    return [key for (key,) in rows]


_JUDGE = """
    insert into stamped_hosts (host, pages, same_day)
    select substr(url_key, 1, instr(url_key || '/', '/') - 1) as host, count(*),
      sum(published_on = date(first_seen_at, '+8 hours')) as same_day
    from copies left join sources on sources.key = copies.source
    where coalesce(sources.kind, 'unknown') <> 'bureau' and published_on is not null
    group by host having count(*) >= ?1 and same_day >= ?2 * count(*)
"""
