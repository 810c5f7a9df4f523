"""Which addresses may be asked: only http(s), and no special address in any spelling or behind any name.

Two walls. `GuardMiddleware` looks at every request (redirects and robots.txt come by again) and at what its name
resolves to. `GuardedResolver` refuses special answers to whoever asks in this process, so that a name which changes its
answer in between gets no further. A proxy that the user configured is exempt and resolves names itself: behind one,
only the text of an address can be looked at. Scrapy's aiohttp handler does not use the resolver; it must stay off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network
from typing import Self, cast
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from archive.records import Outcome

_SCHEMES = ("http", "https")
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})
_NAMES = ("localhost", "localdomain", "local", "internal", "home.arpa")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")

_SPECIAL = [
    (ip_network(network), why)
    for why, networks in {
        "unspecified": "0.0.0.0/8 ::/128",
        "loopback": "127.0.0.0/8 ::1/128",
        "private": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10",
        "link-local": "169.254.0.0/16 fe80::/10",
        "carrier-grade NAT": "100.64.0.0/10",
        "protocol assignment": "192.0.0.0/24 192.88.99.0/24 2001::/23",
        "documentation": "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20",
        "benchmarking": "198.18.0.0/15",
        "multicast": "224.0.0.0/4 ff00::/8",
        "reserved": "240.0.0.0/4",
    }.items()
    for network in networks.split()
]
"""IANA's special-purpose registries, 2025; what they call global is left out."""
_GLOBAL = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


class Refused(IgnoreRequest):
    """A request that must not be sent. The message says which address and why."""

    outcome: Outcome = "refused"


class SpecialAnswer(DNSLookupError):  # noqa: N818  it says what came, as Scrapy's own exceptions do
    """A name that resolves to a special address."""


def special_address(host: str) -> str | None:
    """Why a host must not be asked (`loopback`, `private` …); None for any other name or address.

    Takes what a URL may have between its slashes, port aside: full-width digits and dots, numbers as inet_aton reads
    them (`127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1`), IPv6 with an IPv4 address inside. No name is looked up.
    """
    name = _plain(host)
    if not name:
        return "empty"
    if any(name == special or name.endswith(f".{special}") for special in _NAMES):
        return "name of this machine or network"
    if ":" in name:
        return _special_v6(name)
    parts = name.split(".")
    if all(_NUMBER.fullmatch(part) for part in parts):
        return _special_numbers(parts)
    return None


def refusal(url: str) -> str | None:
    """Why a URL must not be asked; None if it may be. Only http(s), no special address, one reading of its host."""
    if _AMBIGUOUS.search(url):
        return "an address with blanks, control characters or backslashes, which programs read differently"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"no address ({error})"
    if parts.scheme not in _SCHEMES:
        return f"the scheme {parts.scheme!r}; only http and https are asked"
    if why := special_address(host or ""):
        return f"{host!r} is special: {why}"
    return None


def allowed(url: str) -> bool:
    """Whether a URL may be asked, as far as its text tells."""
    return refusal(url) is None


class GuardMiddleware:
    """Raises `Refused` for what must not be asked. Stands before robots, which would ask the host for its rules."""

    def __init__(self, proxies: dict[str, str]) -> None:
        self._proxies = proxies

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy; reads the same proxies that Scrapy uses."""
        return cls(getproxies() if crawler.settings.getbool("HTTPPROXY_ENABLED") else {})

    async def process_request(self, request: Request) -> None:
        """Look at the address, and at what its name resolves to unless a proxy will resolve it."""
        if why := refusal(request.url):
            raise Refused(f"{request.url} is not asked: {why}")
        parts = urlsplit(request.url)
        if not self._is_proxied(request, parts):
            await _refuse_special_answer(parts.hostname or "")

    def _is_proxied(self, request: Request, parts: SplitResult) -> bool:
        if "proxy" in request.meta:
            if request.meta["proxy"] is not None:
                _exempt(request.meta["proxy"])
                return True
            return False
        return parts.scheme in self._proxies and not proxy_bypass(parts.hostname or "")


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4, cached) that fails with `SpecialAnswer` on a special address."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        proxies = getproxies()
        self._exempt = {_host_of(proxies[scheme]) for scheme in _SCHEMES if scheme in proxies}

    def exempt(self, host: str) -> None:
        """Let a host through whatever it resolves to: a proxy that the user configured."""
        self._exempt.add(host)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  Twisted's name
        """The address of a name. Every answer is looked at, cached ones too."""
        answer = super().getHostByName(name, timeout)
        return answer if name in self._exempt else answer.addCallback(_check_answer, name)


def _check_answer(address: str, name: str) -> str:
    if why := special_address(address):
        raise SpecialAnswer(f"{name} resolves to {address}, which is special: {why}")
    return address


async def _refuse_special_answer(host: str) -> None:
    from twisted.internet import reactor  # its import installs a reactor, so it waits until Scrapy has chosen one

    try:
        address = await maybe_deferred_to_future(cast("ReactorBase", reactor).resolve(host))
        _check_answer(address, host)
    except SpecialAnswer as error:
        raise Refused(f"not asked: {error}") from error
    except DNSLookupError as error:
        raise CannotResolveHostError(str(error)) from error


def _exempt(proxy: str) -> None:
    from twisted.internet import reactor  # see above

    resolver = cast("ReactorBase", reactor).resolver
    if isinstance(resolver, GuardedResolver):
        resolver.exempt(_host_of(proxy))


def _host_of(proxy: str) -> str:
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}").hostname or ""


def _plain(host: str) -> str:
    """One spelling of a host: no user, brackets, zone, percent codes, full-width or invisible characters, final dot."""
    name = unicodedata.normalize("NFKC", unquote(host).rpartition("@")[2]).translate(_DOTS)
    name = "".join(mark for mark in name if unicodedata.category(mark) != "Cf").strip().lower()
    return name.removeprefix("[").removesuffix("]").partition("%")[0].rstrip(".")


def _special_numbers(parts: list[str]) -> str | None:
    """Numbers as inet_aton reads them, and as programs do that ignore a leading zero: either may be special."""
    readings = {_read_numbers(parts, octal=True), _read_numbers(parts, octal=False)}
    if None in readings and len(readings) == 1:
        return "a number that is no address"
    return next((why for address in readings if address is not None and (why := _network_of(address))), None)


def _read_numbers(parts: list[str], *, octal: bool) -> IPv4Address | None:
    try:
        *heads, last = [_read_number(part, octal=octal) for part in parts]
    except ValueError:
        return None
    if len(parts) > 4 or any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return None
    return IPv4Address(sum(head << 8 * (3 - place) for place, head in enumerate(heads)) + last)


def _read_number(part: str, *, octal: bool) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if octal and part.startswith("0") else 10)


def _special_v6(name: str) -> str | None:
    try:
        address = IPv6Address(name)
    except ValueError:
        return "no IPv6 address"
    if why := _network_of(address):
        return why
    inside = _inside(address)
    if inside is not None:
        return _network_of(inside)
    return None if address in _GLOBAL else "not a global address"


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, compatible, NAT64, 6to4."""
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _network_of(address: IPv4Address | IPv6Address) -> str | None:
    return next((why for network, why in _SPECIAL if address in network), None)
