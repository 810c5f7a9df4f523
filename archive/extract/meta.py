"""Official meta tags (政府网站发展指引, 国办发〔2017〕47号) and the names other systems use for the same.

Source: facts of saved pages 2017–2026: names in any case, doubled, date separators of every kind, render times given
as publication times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from archive.extract.lines import one_line
from archive.records import Page

# First name that has a value wins.
_TITLE: Final = ("articletitle",)
_PUBLISHED: Final = (
    "pubdate",
    "publishdate",
    "firstpublishedtime",
    "article:published_time",
    "og:release_date",
    "og:published_time",
    "og:time",
    "publishtime",
    "publish_time",
    "datepublished",
    "date",
)
_SOURCE: Final = ("contentsource", "source")
_AUTHOR: Final = ("author",)
_SITE: Final = ("sitename", "og:site_name")
_CHANNEL: Final = ("columnname",)
_RENDERED: Final = re.compile(r"maketime|make_time|rendertime|generat|createtime|createdate|页面生成时间|builddate")
# Linked data says the same, whatever its shape around it (schema.org, and the form that search engines in China take).
_LINKED: Final = re.compile(r'"(datePublished|pubDate)"\s*:\s*"([^"]{8,40})"')
_SOURCE_LABEL: Final = re.compile(r"^(?:信息|文章|稿件)?来\s*源\s*[:：]\s*")


@dataclass(frozen=True, slots=True)
class Tag:
    """The value of one meta tag and the name it was given under, as printed."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Tags:
    """The meta tags of a page that say something about its article."""

    title: Tag | None
    published: Tag | None
    source: Tag | None
    author: Tag | None
    site: Tag | None
    channel: Tag | None
    dates: tuple[Tag, ...]
    """All that date the article, by trust; `published` is the first."""
    rendered: tuple[str, ...]
    """When the page was made, by tags that say so; a publication time equal to one of them is none."""


def read_tags(page: Page) -> Tags:
    """Read the meta tags wherever they stand; `<meta name="ContentStart">` markers have no value and say nothing."""
    found: dict[str, Tag] = {}
    rendered: list[str] = []
    for element in page.tree.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip()
        value = one_line(element.get("content") or "")
        if not name or not value:
            continue
        found.setdefault(name.lower(), Tag(name, value))
        if _RENDERED.search(name.lower()):
            rendered.append(value)
    for script in page.tree.iter("script"):
        linked = _LINKED.search(script.text or "") if "ld+json" in (script.get("type") or "") else None
        if linked is not None:
            found.setdefault("datepublished", Tag(f"ld+json:{linked[1]}", linked[2]))
    source = _first(found, _SOURCE)
    if source is not None:
        source = Tag(source.name, _SOURCE_LABEL.sub("", source.value))
    return Tags(
        title=_first(found, _TITLE),
        published=_first(found, _PUBLISHED),
        dates=tuple(found[name] for name in _PUBLISHED if name in found),
        source=source,
        author=_first(found, _AUTHOR),
        site=_first(found, _SITE),
        channel=_first(found, _CHANNEL),
        rendered=tuple(rendered),
    )


def _first(found: dict[str, Tag], names: tuple[str, ...]) -> Tag | None:
    return next((found[name] for name in names if name in found), None)
