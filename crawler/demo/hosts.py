"""The hosts of the miniature web: a folder of pages per host, loaded into memory so that tests may change it.

`sites/<host>/<path>` is what `http://<host>/<path>` answers; a path that ends in `/` is its `index.html`.
Text is stored in UTF-8. What is special about a host stands in its `site.toml`:

    charset = "gbk"                             # text bodies are sent in it
    content_type = "text/html"                  # header of HTML pages; "text/html" unless said

    [[answer]]                                  # paths that are not simply a file
    path = "/a.html"
    status = 302
    headers = { Location = "/b.html" }
    file = "blocked.html"                       # its body; empty without one
    query = { page = "2" }                      # only where the address, or a POST's form, has these pairs;
    form = { currpage = "2" }                   # the first answer of the file that fits is given
    method = "POST"                             # only to requests of this kind

    [[endless]]                                 # every address under a path, made when it is asked
    under = "/rili/"
    ends = ".html"                              # only those that end so
    make = "calendar"                           # see crawler/demo/endless.py
    file = "_answers/month.html"                # its template

Files under `_answers/` are given by such answers only.
"""

from __future__ import annotations

import mimetypes
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NotRequired, TypedDict
from urllib.parse import parse_qsl, urlsplit

from archive.records import Headers
from crawler.demo.endless import fill

_SETTINGS = "site.toml"
_HIDDEN = "/_answers/"
_TEXT = ("text/", "application/json", "application/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one address answers; `Content-Length` is added when it is sent, unless a header says that it is chunked."""

    status: int = 200
    headers: Headers = ()
    body: bytes = b""


_NO_HOST = Answer(status=502, headers=(("Content-Type", "text/plain"),), body=b"no such host\n")
_DOWN = Answer(status=504, headers=(("Content-Type", "text/plain"),), body=b"the host does not answer\n")
_NO_PAGE = Answer(status=404, headers=(("Content-Type", "text/html"),), body=b"<h1>404 Not Found</h1>\n")


class Sites:
    """All hosts of a folder, and what has been changed since it was loaded; the folder itself is never written."""

    def __init__(self, folder: Path) -> None:
        self._hosts = {path.name: _Host.load(path) for path in sorted(folder.iterdir()) if path.is_dir()}
        self._down: set[str] = set()
        self.pause = 0.0
        """Seconds before each answer."""

    def answer(self, url: str, method: str = "GET", form: str = "") -> Answer:
        """What `url` answers: 502 for an unknown host, 504 for one taken down, 404 for an unknown path.

        `form` is the body of a POST, as pairs.
        """
        name, path = _split(url)
        if name in self._down:
            return _DOWN
        host = self._hosts.get(name)
        if host is None:
            return _NO_HOST
        return host.choose(path, method, form) or _NO_PAGE

    def put(self, url: str, body: str | bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer `url` with this from now on; text is sent in the host's charset, and an unknown host is made."""
        name, path = _split(url)
        host = self._hosts.setdefault(name, _Host())
        host.set(path, host.encode(body), status, headers)

    def edit(self, url: str, old: str, new: str) -> None:
        """Replace `old` in the page at `url`. Raises: KeyError without such a page, ValueError without `old` in it."""
        name, path = _split(url)
        host = self._hosts[name]
        answer = host.answers[path]
        text = answer.body.decode(host.charset)
        if old not in text:
            raise ValueError(f"{url}: the page has no {old!r}; look at what it serves")
        body = host.encode(text.replace(old, new))
        host.answers[path] = Answer(status=answer.status, headers=answer.headers, body=body)

    def remove(self, url: str) -> None:
        """Let `url` answer 404. Raises: KeyError without such a page."""
        name, path = _split(url)
        del self._hosts[name].answers[path]

    def take_down(self, host: str) -> None:
        """Let every address of `host` answer 504 until `bring_up`."""
        self._down.add(host)

    def bring_up(self, host: str) -> None:
        """Undo `take_down`."""
        self._down.discard(host)

    def __iter__(self) -> Iterator[str]:
        """Every address that has an answer of its own, sorted, in http."""
        return iter(sorted(f"http://{name}{path}" for name, host in self._hosts.items() for path in host.answers))


@dataclass(slots=True)
class _Host:
    charset: str = "utf-8"
    content_type: str = "text/html"
    answers: dict[str, Answer] = field(default_factory=dict)
    rules: list[_Rule] = field(default_factory=list)
    endless: list[_Endless] = field(default_factory=list)

    @classmethod
    def load(cls, folder: Path) -> _Host:
        settings = _read_settings(folder / _SETTINGS)
        host = cls(settings.get("charset", "utf-8"), settings.get("content_type", "text/html"))
        for file in sorted(folder.rglob("*")):
            path = "/" + file.relative_to(folder).as_posix()
            if file.is_file() and path != f"/{_SETTINGS}" and not path.startswith(_HIDDEN):
                host.set(path, host.read(file))
        for special in settings.get("answer", []):
            name = special.get("file")
            body = host.read(folder / name) if name else b""
            answer = host.make(name or special["path"], body, special.get("status", 200), special.get("headers"))
            if special.keys() & {"query", "form", "method"}:
                host.rules.append(_Rule(special, answer))
            else:
                host.answers[_page(special["path"])] = answer
        for endless in settings.get("endless", []):
            template = (folder / endless["file"]).read_text("utf-8")
            host.endless.append({**endless, "file": template})
        return host

    def choose(self, path: str, method: str, form: str) -> Answer | None:
        """The answer of this very query, of the first rule that fits, of the bare path, or one made for the address."""
        bare, _, query = path.partition("?")
        if query and path in self.answers:
            return self.answers[path]
        for rule in self.rules:
            if rule.fits(bare, query, method, form):
                return rule.answer
        if bare in self.answers:
            return self.answers[bare]
        for endless in self.endless:
            if path.startswith(endless["under"]) and path.endswith(endless.get("ends", "")):
                return self.make("page.html", self.encode(fill(endless["file"], endless["make"], path)))
        return None

    def set(self, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.answers[_page(path)] = self.make(path, body, status, headers)

    def make(self, name: str, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        sent = {"Content-Type": self.type_of(name), **(headers or {})}
        return Answer(status=status, headers=tuple(sent.items()), body=body)

    def type_of(self, path: str) -> str:
        kind = mimetypes.guess_type(path)[0] or "text/html"
        return self.content_type if kind == "text/html" else kind

    def read(self, file: Path) -> bytes:
        body = file.read_bytes()
        return self.encode(body.decode()) if self.type_of(file.name).startswith(_TEXT) else body

    def encode(self, body: str | bytes) -> bytes:
        return body if isinstance(body, bytes) else body.encode(self.charset)


class _Special(TypedDict):
    path: str
    status: NotRequired[int]
    headers: NotRequired[dict[str, str]]
    file: NotRequired[str]
    query: NotRequired[dict[str, str]]
    form: NotRequired[dict[str, str]]
    method: NotRequired[str]


class _Endless(TypedDict):
    under: str
    ends: NotRequired[str]
    make: str
    file: str
    """Its template: the name in the file, the text once loaded."""


class _Settings(TypedDict, total=False):
    charset: str
    content_type: str
    answer: list[_Special]
    endless: list[_Endless]


@dataclass(frozen=True, slots=True)
class _Rule:
    special: _Special
    answer: Answer

    def fits(self, path: str, query: str, method: str, form: str) -> bool:
        wanted = self.special
        return (
            wanted["path"] == path
            and wanted.get("method", method) == method
            and wanted.get("query", {}).items() <= dict(parse_qsl(query, keep_blank_values=True)).items()
            and wanted.get("form", {}).items() <= dict(parse_qsl(form, keep_blank_values=True)).items()
        )


def _read_settings(file: Path) -> _Settings:
    if not file.exists():
        return {}
    settings: _Settings = tomllib.loads(file.read_text("utf-8"))  # type: ignore[assignment]  # our own files
    return settings


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.hostname or "", _page(parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _page(path: str) -> str:
    return path + "index.html" if path.endswith("/") else path
