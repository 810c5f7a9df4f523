"""Many sites surveyed at once, those behind one host or shield one after the other."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable

from archive.urls import host, url_key
from crawler.lists import Site

AT_ONCE = 8


async def survey_sites(sites: Iterable[Site], survey: Callable[[Site], Awaitable[None]]) -> None:
    """Await `survey` for each site; of one host or platform never two at a time. What one raises ends all."""
    groups: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        groups[site.platform or host(url_key(site.source.home))].append(site)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one_group(group: list[Site]) -> None:
        async with turns:
            for site in group:
                await survey(site)

    async with asyncio.TaskGroup() as tasks:
        for group in groups.values():
            tasks.create_task(one_group(group))
