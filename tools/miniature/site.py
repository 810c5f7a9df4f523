"""One host of the miniature web while it is written: its files, its special answers, and what a crawl must find."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from miniature.frames import article
from miniature.texts import Agency, Text, write

Shown = tuple[str, Text]
"""An address of a notice on its host, and what stands there."""


@dataclass(slots=True)
class Host:
    """A folder of `crawler/demo/sites/`. Paths begin with `/`; one that ends in `/` is its `index.html`."""

    name: str
    about: str
    """The comment at the head of its `site.toml`."""
    charset: str = ""
    files: dict[str, str | bytes] = field(default_factory=dict)
    answers: list[Mapping[str, object]] = field(default_factory=list)
    endless: list[Mapping[str, object]] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)
    """What stands at each address that a crawl must find."""
    notices: list[dict[str, object]] = field(default_factory=list)
    """Rows of `expected.json` for notices whose original is here."""
    lists: list[str] = field(default_factory=list)
    traps: dict[str, str] = field(default_factory=dict)
    """Address → outcome of what is no notice."""
    endings: dict[str, str] = field(default_factory=dict)
    """Address of a channel that is a trap → what stops its walk."""
    linked: dict[str, dict[str, object]] = field(default_factory=dict)
    """Address → what a crawl must find of a file that a notice links."""
    parts: dict[str, str] = field(default_factory=dict)
    """Address of a later part of a split notice → that of its first part."""

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return f"http://{self.name}{path}"

    def put(self, path: str, page: str | bytes) -> None:
        """A page or a file as it is; this host's text files are kept in UTF-8 whatever it sends."""
        self.files[path + "index.html" if path.endswith("/") else path] = page

    def list(self, path: str, page: str) -> None:
        """A list page, which a crawl must read."""
        self.put(path, page)
        self.lists.append(self.url(path))

    def answer(self, path: str, name: str, body: str | bytes, **conditions: object) -> None:
        """An answer of an API: `body`, kept under `name`, where the conditions of a request hold."""
        if body:
            self.files[f"/_answers/{name}"] = body
        self.answers.append({"path": path, **conditions, **({"file": f"_answers/{name}"} if body else {})})

    def notices_of(self, frame: str, column: str, shown: Sequence[Shown]) -> None:
        """The pages of notices, each an original of its own."""
        for path, text in shown:
            self.put(path, article(frame, text, column))
            self.expect(path, text)

    def expect(self, path: str, text: Text, **reposts: str) -> dict[str, object]:
        """Say that a crawl must find this notice here; `reposts` may be added to later."""
        row: dict[str, object] = {
            "title": text.title,
            "original": self.url(path),
            "captured": True,
            "published_on": f"{text.published_on}",
            "reposts": reposts,
        }
        self.texts[self.url(path)] = text
        self.notices.append(row)
        return row

    def link(self, path: str, *, of: str, name: str, body: bytes, read_as: str | None, says: str) -> None:
        """Say that the notice at `of` links this file; `says` stands in its text, or in the reason why it has none."""
        digest = hashlib.sha256(body).hexdigest()
        found = {"notice": self.url(of), "name": name, "sha256": digest, "read_as": read_as, "says": says}
        self.linked[self.url(path)] = found

    def save(self, sites: Path) -> None:
        """Write the folder anew."""
        (sites / self.name).mkdir(parents=True, exist_ok=True)
        for path, page in self.files.items():
            file = sites / self.name / path.removeprefix("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(page if isinstance(page, bytes) else page.encode())
        (sites / self.name / "site.toml").write_text(self._settings(), encoding="utf-8")

    def _settings(self) -> str:
        lines = [f"# {self.about}", "# Written by tools/make_miniature_web.py."]
        if self.charset:
            lines.append(f"charset = {json.dumps(self.charset)}")
        for kind, tables in (("answer", self.answers), ("endless", self.endless)):
            for table in tables:
                lines += ["", f"[[{kind}]]", *(f"{key} = {_value(value)}" for key, value in table.items())]
        return "\n".join(lines) + "\n"


def series(agency: Agency, *, count: int, topic: int, ends: str) -> list[Text]:
    """`count` notices of an agency, the newest first: one a topic, eleven days apart, back from the day `ends`."""
    last = date.fromisoformat(ends)
    return [write(agency, topic + n, last - timedelta(days=11 * n + n % 3)) for n in range(count)]


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {json.dumps(one, ensure_ascii=False)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
