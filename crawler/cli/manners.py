"""How a source is treated, in words: who asks, how slowly, when, over what, and what is left alone for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pace import JITTER, LONGEST_DELAY, LONGEST_WAIT, Pace, name_of

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.config import Config
    from crawler.frontier.hosts import Hosts
    from crawler.lists import Site


def manners_of(site: Site, config: Config, hosts: Hosts, *, now: datetime) -> dict[str, str]:
    """What holds for a source in the next crawl, by a short name; a host that nothing is remembered of is not named."""
    pace = Pace.of([site], least=config.delay)
    names = sorted({name_of(address) for address in site.source.addresses})
    slots = sorted({pace.slot(address) for address in site.source.addresses})
    slowest = max((pace.delay(slot) for slot in slots), default=config.delay)
    night = config.night
    left = [
        f"{name} until {one.until:%Y-%m-%d %H:%M} UTC ({one.why})"
        for name, one in hosts.known().items()
        if name in names and one.until > now
    ]
    reached = [
        f"{host}: {one.scheme} over {one.transport} since {one.at:%Y-%m-%d}"
        for name in names
        for host in (name, f"www.{name}")
        for one in hosts.reached(host)
    ]
    return {
        "agent": config.user_agent + ("" if config.contact else " (a crawl wants a contact first)"),
        "robots": f"obeyed; Crawl-delay up to {LONGEST_DELAY:g} s, Retry-After up to {LONGEST_WAIT:g} s",
        "delay": f"{slowest:g} s from the end of an answer, by chance up to {JITTER:.0%} more",
        "turn": f"one connection: *.{site.platform}" if site.platform else f"one connection each: {', '.join(slots)}",
        "night": f"{night[0]:%H:%M}-{night[1]:%H:%M} Asia/Shanghai" if night else "asked at any time",
        "reached": "; ".join(reached) or "not asked yet, or long ago",
        "left alone": "; ".join(left) or "no host",
    }
