"""Invented hosts for those of a page: the same one for the same host, each under `.example`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
_IN_ADDRESS: Final = re.compile(
    rf"(?:(?<![\w)\]];)(?<!\w)//|%2[fF]%2[fF]|\\/\\/|@)((?:{_LABEL}\.)+{_LABEL})(?![A-Za-z0-9_-]|\s*\()", re.ASCII
)
_ALONE: Final = re.compile(
    rf"(?<![A-Za-z0-9_.@/-])((?:{_LABEL}\.)+(?:com|cn|net|org|gov|edu|hk|tw|mo|example))(?![A-Za-z0-9_-]|\.[A-Za-z]|\()",
    re.IGNORECASE,
)
# a name behind `//` or `@` that ends so is a file's or a style's: `//list.shtml`, `@import.css`
_FILES: Final = frozenset(
    [
        "html",
        "htm",
        "shtml",
        "jhtml",
        "xhtml",
        "js",
        "css",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "svg",
        "ico",
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "php",
        "jsp",
        "asp",
        "aspx",
        "xml",
        "json",
        "txt",
        "zip",
    ]
)
_KEPT: Final = ("www.", "m.", "wap.", "3g.")
_SOUNDS: Final = (
    *("qing", "shan", "shui", "lin", "yun", "feng", "song", "zhu", "mei", "he", "hu", "jiang", "xi", "tao", "mu"),
    *("shi", "qiao", "ting", "lou", "chun", "qiu", "bai", "hong", "lan", "ping", "an", "hai", "dao", "tan", "quan"),
)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?=[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.example\b)")


def hosts_of(text: str) -> set[str]:
    """Every host that a page's source names, in lower case: in addresses, in mail addresses, and by itself."""
    named = {name.lower() for name in _IN_ADDRESS.findall(text) if _is_host(name)}
    return named | {name.lower() for name in _ALONE.findall(text)}


def rename_hosts(source: str, url: str) -> tuple[str, str]:
    """A page's source and its address with every host invented, and the names in mail addresses with them."""
    renamed = _invent(sorted(hosts_of(source) | hosts_of(url)))
    return _MAIL.sub("mail@", _replace(source, renamed)), _replace(url, renamed)


def _is_host(name: str) -> bool:
    last = name.rpartition(".")[2].lower()
    if last.isdigit():
        return re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", name) is not None
    return last not in _FILES and len(last) > 1


def _invent(hosts: Iterable[str]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for host in hosts:
        lead = next((lead for lead in _KEPT if host.startswith(lead)), "")
        name = host.removeprefix(lead)
        salt = 0
        while (found := f"{lead}{_name(name, salt)}.example") in given.values() or found == host:
            salt += 1
        given[host] = found
    return given


def _name(host: str, salt: int) -> str:
    digest = hashlib.sha256(f"{salt} {host}".encode()).digest()
    return "".join(_SOUNDS[byte % len(_SOUNDS)] for byte in digest[:3])


def _replace(text: str, renamed: Mapping[str, str]) -> str:
    if not renamed:
        return text
    names = "|".join(re.escape(host) for host in sorted(renamed, key=len, reverse=True))
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{names})(?![A-Za-z0-9])", re.IGNORECASE)
    return pattern.sub(lambda match: renamed[match[0].lower()], text)
