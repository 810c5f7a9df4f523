"""Readers that others made, each behind one function: a sample in, a prediction out.

They are the extra `[bench]`. What is not installed, or does not run on this Python and lxml, is named with its error
and left out. Readers that take text get it decoded by us, outside the clock: their own guesses at GBK are not what is
compared. Readers that give HTML have it made into lines here, inside the clock.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version

import lxml.html
from trafilatura import bare_extraction

Prediction = dict[str, object]
# fmt: off
_BLOCKS = frozenset((
    "p", "div", "td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section", "article", "dd", "dt",
    "blockquote", "pre",
))
# fmt: on


@dataclass(frozen=True)
class Sample:
    """One article page of the set; `html` is its text, decoded as we decode it."""

    id: str
    url: str
    body: bytes
    html: str


Reader = Callable[[Sample], Prediction]


def load_peers() -> tuple[dict[str, Reader], dict[str, str]]:
    """The peers that run here, by the name of their distribution; and why the others do not."""
    found: dict[str, Reader] = {}
    errors: dict[str, str] = {}
    for name, load in PEERS.items():
        try:
            found[name] = load()
        except Exception as error:  # noqa: BLE001 (a peer's import may fail in any way)
            errors[name] = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
    return found, errors


def version_of(name: str) -> str:
    """The installed version of a distribution."""
    return version(name)


def read_trafilatura(sample: Sample) -> Prediction:
    """The bytes through trafilatura's default, with its metadata."""
    found = bare_extraction(sample.body, url=sample.url, with_metadata=True)
    if found is None or isinstance(found, dict):
        return nothing()
    return {**nothing(), "title": found.title, "published": found.date, "source": found.sitename, "text": found.text}


def nothing() -> Prediction:
    """What a reader gives that finds nothing."""
    return {"title": None, "published": None, "source": None, "text": ""}


def lines_of(html: str) -> str:
    """The text of an HTML fragment, a line a block."""
    if not html.strip():
        return ""
    tree = lxml.html.fromstring(html)
    for element in tree.iter():
        if element.tag in _BLOCKS:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
        elif element.tag == "br":
            element.tail = f"\n{element.tail or ''}"
    return re.sub(r"\s*\n\s*", "\n", tree.text_content()).strip()


def _load_readability() -> Reader:
    from readability import Document

    def read(sample: Sample) -> Prediction:
        document = Document(sample.html, url=sample.url)
        return {**nothing(), "title": document.short_title(), "text": lines_of(document.summary(html_partial=True))}

    return read


def _load_magic_html() -> Reader:
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()

    def read(sample: Sample) -> Prediction:
        found = extractor.extract(sample.html, base_url=sample.url)
        return {**nothing(), "title": found["title"], "text": lines_of(found["html"] or "")}

    return read


def _load_newspaper4k() -> Reader:
    import jieba  # newspaper4k asks for it when it sees the first Chinese page
    from newspaper import Article

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()

    def read(sample: Sample) -> Prediction:
        article = Article(sample.url, language="zh", fetch_images=False)
        article.download(input_html=sample.html)
        article.parse()
        day = article.publish_date.isoformat(sep=" ") if article.publish_date else None
        return {**nothing(), "title": article.title, "published": day, "text": article.text}

    return read


def _load_gne() -> Reader:
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def read(sample: Sample) -> Prediction:
        found = extractor.extract(sample.html)
        return {**nothing(), "title": found["title"], "published": found["publish_time"], "text": found["content"]}

    return read


PEERS: Mapping[str, Callable[[], Reader]] = {
    "readability-lxml": _load_readability,
    "magic-html": _load_magic_html,
    "newspaper4k": _load_newspaper4k,
    "gne": _load_gne,
}
