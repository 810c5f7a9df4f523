"""What an ok page is, told from its shape: an article, a list, a home page, or none of them.

A wrong article makes a false notice, a wrong list loses one; so a short notice needs a sign that it is one document
(a title with its byline, tags, a disclosure table), and a page of dated links needs none to be a list.
"""

from __future__ import annotations

import re
from typing import Final

from archive.records import Kind
from archive.shape import Shape

_ARTICLE_URL: Final = re.compile(
    r"/t\d{6,8}_?\d*[^/]*\.s?html?$|/art/\d{4}/|/content\.html$|content_\d+|/post_\d+|/[0-9a-f]{32}\.s?html$|/info/\d+/\d+"
)
_HOME_PATH: Final = re.compile(r"^[a-z]+://[^/]+/?(?:(?:index|default|home|main)\.\w+)?$", re.IGNORECASE)

_PROSE_ARTICLE: Final = 110  # of one container; lists of the evaluation set stay under 60, articles begin at 140
_ROWS: Final = 5
_CELLS: Final = 2  # of a disclosure table
_LINKS: Final = 20  # beside a sentence under its title; a page of a topic has more
_LABELS: Final = 4  # of one byline; the rows of a list have more


def tell_kind(url: str, shape: Shape) -> Kind:
    """Tell an article from a list, a home page and what is neither."""
    is_document = shape.titled or shape.prose >= _PROSE_ARTICLE or is_article_address(url)
    is_labelled = is_document and 1 <= shape.bylines <= _LABELS
    headed = shape.headed or is_labelled or _has_table(shape)
    something = bool(shape.prose or shape.files or shape.pictures) or shape.text - shape.linked > 30
    if _HOME_PATH.match(url) and not headed:
        return "home"
    if shape.parallel >= _ROWS and shape.prose < 3 * _PROSE_ARTICLE and not headed and not _is_told(url, shape):
        return "list"
    if headed and something:
        return "article"  # however many links stand around it
    if _is_table_of_links(shape):
        return "list"
    if shape.prose >= _PROSE_ARTICLE:
        return "article"
    if something and _is_labelled(url, shape):
        return "article"
    if shape.dated >= 2 and shape.dated * 2 >= shape.links and not shape.prose:
        return "list"  # a short one
    return "list" if shape.dated >= _ROWS or (shape.links >= 3 and shape.linked * 2 > shape.text) else "other"


def _has_table(shape: Shape) -> bool:
    """Tell whether a title and a disclosure table stand on a page, and not the head of a table of documents."""
    return shape.titled and shape.cells >= _CELLS and (not shape.dated or shape.parallel >= _ROWS)


def _is_told(url: str, shape: Shape) -> bool:
    """Tell whether a title, tags or the address say of sentences in one container that they are an article."""
    return shape.prose >= _PROSE_ARTICLE and (shape.titled or shape.article_tags or is_article_address(url))


def is_article_address(url: str) -> bool:
    """Whether a known system gives such an address to articles, and to nothing else."""
    return _ARTICLE_URL.search(url) is not None


def _is_table_of_links(shape: Shape) -> bool:
    """Dated links weigh more than all else: under an introduction of the channel, or whatever the tags say."""
    if shape.linked * 2 <= shape.text:
        return False
    labelled = shape.article_tags or shape.bylines > 0
    if shape.dated >= _ROWS and not labelled and shape.prose < 3 * _PROSE_ARTICLE:
        return True
    return shape.dated >= 2 * _ROWS and not shape.bylines and shape.prose < 60


def _is_labelled(url: str, shape: Shape) -> bool:
    """Tags, a few labels, a disclosure table, an address or a title say that a short page is one document."""
    rows = shape.dated >= _ROWS
    if shape.article_tags or (1 <= shape.bylines <= _LABELS and not rows):
        return True
    if shape.cells >= _CELLS and not shape.dated:
        return True
    if is_article_address(url) and (shape.bylines or not rows):
        return shape.titled or bool(shape.prose or shape.files or shape.pictures)
    return (
        shape.titled
        and shape.prose > 0
        and not shape.dated
        and (shape.linked * 2 <= shape.text or (shape.led and shape.links < _LINKS))
    )
