"""Addresses: the form to fetch, the key to identify by, and what follows from a key.

`fetch_url` cleans what was found and leaves it requestable: scheme, `www.`, port and path case stay, and what is
left of the query stays byte for byte, for it follows the page's charset. `url_key` folds the fetch form to the one
spelling of all addresses that are the same page. Both are idempotent, and `url_key(fetch_url(u)) == url_key(u)`.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from archive.url_text import cut_address, cut_link, find_urls, is_other_scheme, trim_end, visible

__all__ = [
    "address",
    "fetch_url",
    "find_urls",
    "host",
    "is_site_root",
    "key_mark",
    "notice_id",
    "owner",
    "twin",
    "url_key",
]

MAX_LENGTH = 8192

_NO_ALIASES: Mapping[str, str] = MappingProxyType({})


def fetch_url(raw: str, base: str = "", charset: str = "utf-8") -> str:
    """The address to ask for, from a link or from text that holds one.

    `charset` is the page's: raw non-ASCII in the query is encoded with it, in the path always as UTF-8. User names
    and passwords, anchors, session ids and the marks of sharing (`utm_*`, `from=singlemessage` …) are left out;
    a fragment that is a route (`#/…`) stays.

    Raises: ValueError on what is no http(s) address: another scheme, an anchor, no host, a port out of range,
    text without one, or a relative link without `base`.
    """
    if len(raw) > MAX_LENGTH:
        raise ValueError(f"no address: longer than {MAX_LENGTH} characters: {raw[:80]!r}…")
    if is_other_scheme(raw):
        raise ValueError(f"no web address: {raw[:80]!r}")
    scheme, rest = cut_link(raw) if base else cut_address(raw)
    if rest:
        url = f"{scheme or _scheme(base) or 'http'}://{rest}"
    elif base:
        url = _join(fetch_url(base), visible(raw))
    else:
        raise ValueError(f"no web address: {raw[:80]!r}")
    url = _AMPERSAND.sub("&", url)
    while (cleaned := _clean(url, charset)) != url:  # cleaning may lay bare what is to be cleaned; it only shortens
        url = cleaned
    return url


def url_key(raw: str, base: str = "", aliases: Mapping[str, str] = _NO_ALIASES) -> str:
    """The one spelling we identify a page by: no scheme, no `www.`, mobile host or default page, parameters sorted.

    `aliases` maps a retired host to its successor, both without `www.`. A home page is `host/`; any other path
    without query or route has no slash at its end.

    Raises: ValueError as `fetch_url`.
    """
    return _key_of(raw) if not base and not aliases else _fold_key(raw, base, aliases)


def _fold_key(raw: str, base: str, aliases: Mapping[str, str]) -> str:
    parts = _split(fetch_url(raw, base))
    name = _site_name(parts.host)
    for _ in aliases:
        if name not in aliases:
            break
        name = _site_name(aliases[name].lower())
    path = _END_BLANK.sub("", _escapes(parts.path))
    path = _MOBILE_PATH.sub("", path) or "/"
    path = _MOBILE_PAGE.sub(r"\1", _DEFAULT_PAGE.sub("/", path)).replace("/mpost_", "/post_")
    query = _sorted_query(path, parts.query)
    route = f"#{_escapes(parts.fragment)}" if parts.fragment else ""
    if not query and not route and path != "/":
        path = path.rstrip("/")
    return f"{name}{parts.port}{path}{query}{route}"


@lru_cache(maxsize=4096)  # the key of one page is asked for several times while it is taken in
def _key_of(raw: str) -> str:
    return _fold_key(raw, "", _NO_ALIASES)


def notice_id(key: str) -> str:
    """The id of the notice whose original, or best copy, has this url key: 12 base32 characters of its SHA-256."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode().lower()[:12]


def key_mark(key: str) -> int:
    """46 bits of a url key's SHA-256: its short form where millions of rows name it."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") >> 2


def host(url: str) -> str:
    """The host of a url or a url key: lower case, without port; an IPv6 address in its brackets."""
    start = url.find("://") + 3 if "://" in url.partition("?")[0] else 0
    authority = re.split(r"[/?#]", url[start:], maxsplit=1)[0].rpartition("@")[2].lower()
    return authority.partition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]


def is_home(key: str) -> bool:
    """Whether a url key is that of a whole host: no page of it, and so no notice's."""
    return key.rstrip("/") == host(key)


def address(url: str) -> str:
    """The prefix that a source's addresses are kept as: `mzj.cq.gov.cn/`, `gongqing.gov.cn/mzj/`."""
    return re.split(r"[?#]", url_key(url), maxsplit=1)[0].rstrip("/") + "/"


def owner(key: str, addresses: Mapping[str, str]) -> str | None:
    """The source whose address holds a url key: of several prefixes the longest; None when no one claims it."""
    prefix = re.split(r"[?#]", key, maxsplit=1)[0].rstrip("/")
    while prefix:
        if (found := addresses.get(prefix + "/")) is not None:
            return found
        prefix = prefix.rpartition("/")[0]
    return None


def twin(url: str) -> str:
    """The same address with the other scheme: https for http, http for https."""
    scheme, sep, rest = url.partition("://")
    if not sep or scheme not in {"http", "https"}:
        raise ValueError(f"no address in fetch form: {url[:80]!r}")
    return f"{'http' if scheme == 'https' else 'https'}://{rest}"


def is_site_root(key: str) -> bool:
    """The url key is a host's home page."""
    return key.endswith("/") and key.count("/") == 1 and not re.search(r"[?#]", key)


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: str
    """With its colon; empty for the scheme's own."""
    path: str
    query: str
    fragment: str


_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:.*@)?(\[[^\]]*\]|[^:\[\]]*)(?::(\d*))?", re.DOTALL | re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?", re.ASCII)
_AMPERSAND = re.compile(r"&(?:(?:amp|#0*38|#x0*26);)+", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;?#]*", re.IGNORECASE)
# enorth lists carry their column in a path with two slashes (`/system/count//0115005/…`); so do addresses in a path
_TWO_SLASHES = re.compile(r"(?<!:)(?<!/system/count)/{2,}")

_DEFAULT_PAGE = re.compile(r"/(?:index|default)\.(?:[sx]?html?|jhtml|php|aspx?|jspx?|do|action)$", re.IGNORECASE)
_MOBILE_HOST = re.compile(r"(?:www|m|wap|3g)\.(?=[^.]+\.)")
_MOBILE_PATH = re.compile(r"^/m(?=/|$)")
_MOBILE_PAGE = re.compile(r"_wap(\.[sx]?html?)$")
_END_BLANK = re.compile(r"(?:%20|%C2%A0|%E3%80%80|%E2%80%8B)+$")
_PAGED_IN_BROWSER = re.compile(r"/col/col\d+(?:/|/index\.html)?$")

# what sharing adds, told by name and by the shape of the value: `ref=12`, `v=3` select content
_SHARED = re.compile(
    r"utm_\w+=.*|spm=[\w-]+(?:\.[\w-]+){2,}|from=(?:singlemessage|timeline|groupmessage)|isappinstalled=[01]|_=1\d{9,12}"
    r"|(?:fbclid|gclid|msclkid|bd_vid|share_token|nsukey)=[\w.%-]{8,}|tdsourcetag=s_\w+|ivk_sa=\d+\w|hms[rt]=.*|hmpl=.*"
    r"|(?:jsessionid|phpsessid)=[\w.!-]{8,}",
    re.IGNORECASE | re.ASCII,
)
# what a page adds to dodge a cache or to dress itself; it may be needed to ask, not to identify
_NOISE = re.compile(
    r"(?:r|rand|random|rnd)=(?:0?\.\d+|1\d{12})|(?:_?t|ts|time|timestamp)=1\d{12}|xxgkhide=\d|[^=]*\$\$time\$\$.*|.*=\$\$time\$\$",
    re.IGNORECASE | re.ASCII,
)


def _clean(url: str, charset: str) -> str:
    scheme, name, port, path, query, fragment = _split(url)
    path = _escapes(_quoted(path.replace("\\", "/"), "utf-8", "/'"))
    path = _resolve(_TWO_SLASHES.sub("/", _SESSION.sub("", path)) or "/")
    query = _without(_SHARED, query)
    query = _quoted(query, charset, "/?")
    fragment = _quoted(fragment, "utf-8", "/?'") if re.match(r"!?/.|!.", fragment) and fragment != "!/" else ""
    query = f"?{query}" if query else ""
    fragment = f"#{fragment}" if fragment else ""
    return f"{scheme}://{name}{port}" + trim_end(f"{path}{query}{fragment}")


def _split(url: str) -> _Parts:
    match = _URL.fullmatch(url)
    authority = match and _AUTHORITY.fullmatch(match[2].replace("\\", "/").partition("/")[0])
    if match is None or authority is None:
        raise ValueError(f"no web address: {url[:80]!r}")
    scheme, _, path, query, fragment = (group or "" for group in match.groups())
    if "\\" in match[2]:
        path = "/" + match[2].replace("\\", "/").partition("/")[2] + path
    number = int(authority[2] or _DEFAULT_PORTS[scheme])
    if not 0 < number < 65536:
        raise ValueError(f"no web address: port {authority[2]} of {url[:80]!r}")
    port = "" if number == _DEFAULT_PORTS[scheme] else f":{number}"
    return _Parts(scheme, _host_name(authority[1]), port, path or "/", query, fragment)


def _host_name(raw: str) -> str:
    """A host in ASCII and lower case, by IDNA 2003 (whose tables are frozen in Python)."""
    try:
        if raw.startswith("["):
            return f"[{ipaddress.IPv6Address(raw[1:-1])}]"
        name = unquote_to_bytes(raw).decode() if "%" in raw else raw
        name = name[:254].rstrip(".。").encode("idna").decode("ascii").lower()
    except ValueError as error:
        raise ValueError(f"no web address: host {raw[:80]!r}: {error}") from error
    if (
        len(name) > 253
        or not all(_LABEL.fullmatch(label) for label in name.split("."))
        or ("." not in name and not raw.isascii())
    ):
        raise ValueError(f"no web address: host {raw[:80]!r}")
    return name


def _join(base: str, link: str) -> str:
    """A relative link set against a fetch form; a link to the page itself is none."""
    link = re.sub(r"[\t\r\n]+", "", link)
    if not link or (link.startswith("#") and not re.match(r"#!?/.", link)):
        raise ValueError(f"no address of another page: {link[:80]!r}")
    if re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", link, re.IGNORECASE):
        raise ValueError(f"no web address: {link[:80]!r}")
    parts = _split(base)
    site = f"{parts.scheme}://{parts.host}{parts.port}"
    if link[0] in "/\\":
        return site + link
    if link[0] == "#":
        return f"{site}{parts.path}{'?' + parts.query if parts.query else ''}{link}"
    folder = parts.path if link[0] == "?" else parts.path.rpartition("/")[0] + "/"
    return f"{site}{folder}{link}"


def _scheme(base: str) -> str:
    return fetch_url(base).partition(":")[0] if base else ""


def _quoted(text: str, charset: str, keep: str) -> str:
    """Percent-encode what no URL may hold (as w3lib does before it sends); escapes stay as they are."""
    if not text.isascii():
        codec = _codec(charset)
        # as browsers do, what a charset lacks goes as a character reference
        text = "".join(c if c.isascii() else quote(c.encode(codec, "xmlcharrefreplace"), safe="") for c in text)
    return quote(text, safe=f"%{keep}:@!$&()*+,;=~")


def _codec(charset: str) -> str:
    """Python's name for a page's charset; pages in UTF-16 ask in UTF-8, `gb2312` means GBK."""
    try:
        name = codecs.lookup(charset).name
    except LookupError as error:
        raise ValueError(f"unknown charset {charset!r}") from error
    return "gbk" if name == "gb2312" else "utf-8" if name.startswith("utf") else name


def _escapes(text: str) -> str:
    """Escapes of unreserved characters decoded, the others in upper case; the bytes stay what they are."""
    while (plain := _ESCAPE.sub(_escape, text)) != text:
        text = plain
    return text


def _escape(match: re.Match[str]) -> str:
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else match[0].upper()


def _without(noise: re.Pattern[str], query: str) -> str:
    """A query without the parameters that match; a second `?` parts parameters too, as sharing appends them."""
    pieces = re.split(r"([&?])", query)
    kept = [
        f"{sep}{piece}"
        for sep, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True)
        if not noise.fullmatch(piece)
    ]
    return query if len(kept) == len(pieces[::2]) else "".join(kept).lstrip("&?")


def _sorted_query(path: str, query: str) -> str:
    query = _without(_NOISE, _escapes(query))
    parameters = [piece for piece in query.split("&") if piece]
    if _PAGED_IN_BROWSER.search(path) and {piece.partition("=")[0] for piece in parameters} == {"uid", "pageNum"}:
        return ""
    return "?" + "&".join(sorted(parameters, key=lambda piece: piece.partition("=")[0])) if parameters else ""


def _site_name(name: str) -> str:
    """A host without `www.` and mobile prefixes."""
    while prefix := _MOBILE_HOST.match(name):
        name = name[prefix.end() :]
    return name


def _resolve(path: str) -> str:
    """A path without `.` and `..`; what climbs above the root stays at the root."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
