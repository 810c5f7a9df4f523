"""Probing a site: from its home page to its lists, each with the family that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from archive.records import Channel, Page
from archive.urls import fetch_url, host, is_site_root
from crawler.families.columns import Column, find_columns, name_of
from crawler.families.telling import Told, tell_families
from crawler.lists import Ask, Listing, Site
from crawler.probe.found import Found, Probed, State, is_same, key_of
from crawler.probe.reading import see_list
from crawler.spiders.survey import Got, Road

MOST_ASKS = 30
"""Requests that one site is asked at most, robots.txt and redirects not counted."""
MOST_LISTS = 20

_STOPPED = ("blocked", "challenge", "geo")
_NO_LIST = ("gone", "soft_404", "stub", "moved", "wrong_type")
"""Outcomes that tell of an address that no list is there."""
_KNOWN = 9
"""Weight of a channel that the catalogue has: it is looked at first."""
_BY_SCRIPT = "by script or refresh to "


async def probe_site(site: Site, road: Road, *, most: int = MOST_ASKS, further: Iterable[str] = ()) -> Probed:
    """Look for the lists of a site: those the catalogue has, those its home page links, and one level deeper.

    `further` names pages to look through as well, like old columns that redirect.
    """
    probing, source, further = _Probing(site, road, most), site.source, list(further)
    home = await probing.find_home()
    url = home.url if home.is_ok else urljoin(further[0], "/") if further else source.home
    answers = home.is_ok or home.verdict.outcome in _NO_LIST
    if answers or further:
        await probing.look(home, further, url=url)
    lists = tuple(probing.found)
    state: State = "reachable"
    why = "" if home.is_ok else f"home page {home.words}"
    if not answers:
        state = "blocked" if home.verdict.outcome in _STOPPED else "unreachable"
    elif host(key_of(url)) != host(key_of(source.home)):
        state, why = "moved", f"to {url}"
    elif not lists:
        state, why = "no_list", "; ".join(filter(None, (why, probing.why_no_list())))
    return Probed(
        key=source.key,
        state=state,
        home=url,
        why=why,
        title=name_of(home.page) if home.page is not None else None,
        lists=lists,
        unsure=tuple(probing.unsure),
        asked=probing.asked,
    )


class _Probing:
    """One site being probed: what is still to look at, and what was found."""

    def __init__(self, site: Site, road: Road, most: int) -> None:
        self.site = site
        self.found: list[Found] = []
        self.unsure: list[str] = []
        self.asked = 0
        self._road = road
        self._most = most
        self._waiting: list[tuple[Column, int]] = []
        self._keys: set[str] = set()
        self._missed: list[str] = []
        self._method: Mapping[str, str] | None = None
        """How this site's dataproxy.jsp wants to be asked, once it is known."""

    async def ask(self, ask: Ask) -> Got:
        """Ask, and count; the survey of one list may pass the bound by what it leads to."""
        self.asked += 1
        return await self._road.ask(ask)

    async def find_home(self) -> Got:
        """The home page, wherever it is now: redirects followed, those by script too, and retired hosts tried."""
        source = self.site.source
        got = await self._ask_home(source.home)
        if got.is_ok or got.verdict.outcome in _STOPPED:
            return got
        others = [f"http://{prefix}" for prefix in source.addresses if host(prefix) != host(source.home)]
        root = [f"{urlsplit(source.home).scheme}://{urlsplit(source.home).netloc}/"]
        for url in [*(root if not is_site_root(key_of(source.home)) else []), *others][:3]:
            other = await self._ask_home(url)
            if other.is_ok:
                return other
        return got

    async def look(self, home: Got, further: Iterable[str], *, url: str) -> None:
        """Go through known channels, the columns of the home page, and those of the pages it leads to."""
        for channel in self.site.channels:
            self._add([Column(name=channel.name, url=channel.url, weight=_KNOWN)], depth=1)
        self._add([Column(name="", url=url, weight=_KNOWN - 1) for url in further], depth=1)
        if home.is_ok and home.page is not None:
            self._keys.add(key_of(url))
            if not is_site_root(key_of(url)):
                await self._keep_list(home, Column(name="", url=url, weight=2))
            self._add(find_columns(home.page, inside=url), depth=1)
        while self._waiting and self.asked < self._most and len(self.found) < MOST_LISTS:
            self._waiting.sort(key=lambda one: (-one[0].weight, one[1]))
            column, depth = self._waiting.pop(0)
            got = await self.ask(Ask(url=column.url, kind="list"))
            if not got.may_list or got.page is None:
                self._missed.append(f"{column.name or column.url}: {got.words}")
                if column.weight == _KNOWN and got.verdict.outcome not in _NO_LIST:
                    self.unsure.append(column.url)
                continue
            kept = await self._keep_list(got, column)
            if depth == 1:
                least = 3 if kept else 1
                deeper = find_columns(got.page, inside=url)
                self._add([one for one in deeper if one.weight >= least], depth=2)

    def why_no_list(self) -> str:
        """What was tried, in a few words."""
        if not self._missed:
            return "no link on the home page sounds like a column; is it drawn by script?"
        tried = (
            "the only column is no list" if len(self._missed) == 1 else f"none of {len(self._missed)} columns is a list"
        )
        return f"{tried} that is known here: {'; '.join(self._missed[:3])}"

    async def _ask_home(self, url: str) -> Got:
        got = await self.ask(Ask(url=url, kind="list"))
        for _ in range(2):
            detail = got.verdict.detail or ""
            if got.verdict.outcome != "moved" or not detail.startswith(_BY_SCRIPT):
                break
            try:
                target = fetch_url(detail.removeprefix(_BY_SCRIPT), got.url)
            except ValueError:
                break
            got = await self.ask(Ask(url=target, kind="list"))
        return got

    def _add(self, columns: Iterable[Column], *, depth: int) -> None:
        for column in columns:
            key = key_of(column.url)
            if key not in self._keys:
                self._keys.add(key)
                self._waiting.append((column, depth))

    async def _keep_list(self, got: Got, column: Column) -> bool:
        """Keep the page as a list if a family reads it; whether it is one."""
        told = await self._tell(got, column)
        if told is None:
            self._missed.append(f"{column.name or column.url}: {'no list' if got.is_ok else got.words}")
            return False
        known = next((one for one in self.site.channels if one.url == column.url), None)
        found = Found(
            name=column.name or (name_of(got.page) if got.page else None) or last_part(got.url),
            url=known.url if known and host(known.url) == host(got.url) else got.url,
            family=told.family,
            mark=told.mark,
            options=told.options,
            entries=told.listing.entries,
            next_url=told.listing.asks[0].url if told.listing.asks else None,
            pages=told.listing.pages,
            total=told.listing.total,
        )
        same = next((other for other in self.found if is_same(found, other)), None)
        if same is not None and found.has_pager and not same.has_pager:
            self.found.remove(same)  # a page of boxes, one of which is this list
            same = None
        if same is None:
            self.found.append(found)
        return True

    async def _tell(self, got: Got, column: Column) -> Told | None:
        """The first family that gives entries, asking what a page leads to."""
        page = got.page
        if page is None:
            return None
        known = next((one for one in self.site.channels if one.url == column.url), None)
        if known is not None and (own := await self._by_its_own(known, got)) is not None:
            return own
        for told in tell_families(page):
            if told.listing.entries:
                return await self._with_method(told, page) if _is_list(told, column) else None
            channel = _channel(told, page)
            self.asked += 1
            seen = await see_list(channel, self._road, first=told.listing.asks[0])
            if seen.listing is not None and seen.listing.entries:
                return replace(told, listing=seen.listing)
        return None

    async def _by_its_own(self, channel: Channel, got: Got) -> Told | None:
        """A known channel that its entry still reads, as the entry has it."""
        seen = await see_list(channel, _Kept(got, self))
        if seen.problem is not None or seen.listing is None:
            return None
        own = channel.options
        return Told(family=channel.family, mark="as the entry says", listing=seen.listing, options=own)

    async def _with_method(self, told: Told, page: Page) -> Told:
        """How the site's dataproxy.jsp answers: by POST as the page asks, or only by GET."""
        further = told.listing.asks[0] if told.listing.asks else None
        if told.family != "hanweb" or further is None or further.method != "POST":
            return told
        if self._method is None:
            self._method = {}
            self.asked += 1
            if not await self._answers(told, page, further):
                options = {**told.options, "method": "get"}
                by_get = Ask(url=further.url, kind="list", headers=(("Referer", page.url),))
                self.asked += 1
                if await self._answers(replace(told, options=options), page, by_get):
                    self._method = {"method": "get"}
        return replace(told, options={**told.options, **self._method})

    async def _answers(self, told: Told, page: Page, ask: Ask) -> bool:
        seen = await see_list(_channel(told, page), self._road, first=ask)
        return seen.problem is None


class _Kept:
    """A road whose first page is here already."""

    def __init__(self, got: Got, probing: _Probing) -> None:
        self._got: Got | None = got
        self._probing = probing

    async def ask(self, ask: Ask) -> Got:
        """The page that is here; further ones are asked."""
        got, self._got = self._got, None
        return got if got is not None else await self._probing.ask(ask)


def last_part(url: str) -> str:
    """The last part of an address's path that says something: `col10694` of `/col/col10694/index.html`."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    named = [part for part in parts if not part.startswith(("index.", "default."))]
    return (named[-1] if named else host(url)).rsplit(".", 1)[0] if named else host(url)


def _is_list(told: Told, column: Column) -> bool:
    """Whether what a family reads is a list of its own, and no page of boxes that each lead to one."""
    listing: Listing = told.listing
    if told.family != "auto" or listing.asks or listing.pages or column.weight >= _KNOWN - 1:
        return True
    dated = sum(entry.date_raw is not None for entry in listing.entries)
    return column.weight >= 2 and 2 * dated >= len(listing.entries)


def _channel(told: Told, page: Page) -> Channel:
    return Channel(source="", name="", url=page.url, family=told.family, options=told.options)
