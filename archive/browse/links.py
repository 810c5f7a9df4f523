"""Links that leave the archive: to http and https addresses only, telling the other side nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup

_SHOWN = 90


def is_web(url: str | None) -> bool:
    """Whether this is an http(s) address with a host and nothing but printable characters."""
    if not url or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def outward(url: str, text: str | None = None) -> Markup | None:
    """A link out, shown as `text` or as the address itself, long ones cut; None if this is no web address."""
    if not is_web(url):
        return None
    shown = text or (url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…")
    return Markup('<a class="out" href="{}" rel="noopener noreferrer nofollow">{}</a>').format(url, shown)


def at_internet_archive(url: str, fetched_at: str) -> str | None:
    """Where the Internet Archive shows a page as it was at an instant, if it has it; None if this is no web address.

    Nobody has looked whether it has: the address is only made.
    """
    stamp = "".join(character for character in fetched_at if character in "0123456789")[:14]
    return f"https://web.archive.org/web/{stamp}/{url}" if is_web(url) else None
