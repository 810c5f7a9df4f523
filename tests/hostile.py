"""What people and programs type into a search box that was never meant for it, and a server to type it into."""

from __future__ import annotations

import http.client
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from archive.browse.serve import start

LONGEST: Final = 1500
"""Characters of one query: an address that is longer is refused before it is read."""

QUERIES: Final = (
    # operators and quotes of FTS5, and halves of them
    *("", " ", '"', '""', '"""', "'", "''", "*", "**", "低保*", "*低保", '"低保', '低保"', '"低保" "', "^"),
    *("^低保", "-", "--"),
    *("-低保", "+", "AND", "OR", "NOT", "NEAR", "低保 AND", "OR 低保", "NOT NOT", "NEAR("),
    *("NEAR(低保 养老, 2)", "低保 NEAR/2 养老"),
    *("title:", "title:低保", "notices_fts:低保", "{title text}: 低保", "- title:低保", ":", "::", "|", "||"),
    *("低保|"),
    *("(", ")", "()", "((低保", "低保))", "(" * 1500, ")" * 1500, "(低保 OR " * 150),
    # SQL, markup, templates, paths
    *("'; drop table notices; --", "' or 1=1 --", "1); select 1; (", "%", "_", "%%%", "\\", "\\\\", "/", "//"),
    *("../../etc/passwd"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{% raw %}", "${7*7}", "&lt;"),
    *("&", "#", "?", "=&=&"),
    # characters that are no letters
    *("\0", "低\0保", "\x01\x02", "\ud800", "低\udfff保", "\u202e低保", "\u200b", "\u200d" * 300, "\ufeff低保"),
    *("\ue000", "\ue000\ue001"),
    *("\u0301" * 400, "é" * 500, "👨‍👩‍👧", "🇨🇳", "𠮷", "𪚥" * 300, "\U0010ffff", "\uffff", "㈠①Ⅳ"),
    *("ﷺ" * 100, "ＡＢＣ１２３"),
    # very much of it
    *("低" * 1500, "低 " * 700, "低保 " * 500, "a" * 1500, "1 " * 700, '" ' * 700, "-" * 1500, "* " * 700),
    *("低保OR" * 300, "\n" * 500, "\t低保\r\n"),
)  # fmt: skip

_PIECES: Final = (
    *("低保", "养老", "民", "〔2021〕15号", "2021年", "C++", "e-mail", "NEAR(", " AND ", " OR ", " NOT ", "-"),
    *("*", '"', "'", "(", ")"),
    *(":", "^", "{", "}", "|", "\\", "/", "%", "_", " ", "　", "\t", "\n", "\0", "\ud800", "\u202e", "\ue000"),
    *("😀", "𠮷", "́", ";", "--"),
    *("<b>", "&amp;", "title:", "text :", "0", "１", "a", "É", "ß", "ﬁ", "㎏", "\ufffd"),
)  # fmt: skip
_OTHERS: Final = (
    "agency",
    "province",
    "city",
    "source",
    "type",
    "year",
    "since",
    "until",
    "role",
    "sort",
    "page",
    "lang",
    "files",
    "x[]",
)


def fuzzed(count: int, seed: int) -> Iterator[str]:
    """Queries made of such pieces, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        many = chance.choice((1, 2, 3, 5, 8, 13, 60))
        pieces = chance.choices(_PIECES, k=many)
        pieces += [chr(chance.randrange(1, 0x110000)) for _ in range(chance.randrange(3))]
        chance.shuffle(pieces)
        yield "".join(pieces)[:LONGEST]


def addresses(queries: Iterator[str] | tuple[str, ...], seed: int) -> Iterator[str]:
    """Addresses of searches for them: alone, and every third time in a filter beside an ordinary word."""
    chance = random.Random(seed)
    for number, query in enumerate(queries):
        yield f"/search?q={spelt(query)}"
        if number % 3 == 0:
            yield f"/search?q={spelt('低保')}&{chance.choice(_OTHERS)}={spelt(query)}"


def spelt(text: str) -> str:
    """Text as part of an address, lone surrogates as the bytes a careless program sends."""
    return quote(text[:LONGEST].encode("utf-8", "surrogatepass"), safe="")


class Asker:
    """A connection that is kept open; gives status and body of each answer."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self._connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)

    def get(self, path: str) -> tuple[int, bytes]:
        self._connection.request("GET", path)
        try:
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except TimeoutError as error:
            raise TimeoutError(f"no answer to {path[:300]}") from error

    def close(self) -> None:
        self._connection.close()


@contextmanager
def asked(path: Path) -> Iterator[Asker]:
    """Serve an archive in one process and ask it over HTTP."""
    address, process = start(path)
    asker = Asker(address)
    try:
        yield asker
    finally:
        asker.close()
        process.communicate(timeout=30)
