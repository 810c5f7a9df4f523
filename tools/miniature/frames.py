"""Article pages as each CMS writes them: the text of a notice in the templates of `pages/`.

A place in a template is `$name`. A line with a place that has nothing to show is left out of the page.
"""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from miniature.texts import Text

_PAGES = Path(__file__).parent / "pages"
_PLACE = re.compile(r"\$(?:\{(\w+)\}|([a-z_]+))")
_NBSP = "&nbsp;" * 4


def article(frame: str, text: Text, column: str, **places: str) -> str:
    """The page of a text by the template `frame`; `places` fill what the text does not say."""
    indent = _NBSP if frame == "hanweb" else "　　"
    return fill(
        frame,
        title=text.title,
        agency=text.agency,
        column=column,
        number=text.number or "",
        index=text.index,
        published_on=f"{text.published_on}",
        written_on=f"{text.written_on}",
        written_in_words=in_words(text.written_on),
        rendered_on=f"{text.published_on + timedelta(days=9)}",
        paragraphs=paragraphs(text, indent),
        lines="<br><br>　　".join(text.paragraphs),
        disclosure=fill("disclosure", **_facts(text)) if text.number else "",
        detail=_detail(text),
        **{"source": text.agency, "site": text.agency, "head": "", "foot": "", **places},
    )


def fill(name: str, **places: str) -> str:
    """A template with its places filled. Raises: KeyError for a place that nothing is given for."""
    lines = (_PAGES / f"{name}.html").read_text("utf-8").splitlines()
    kept = [line for line in lines if all(places[one or two] for one, two in _PLACE.findall(line))]
    return "\n".join(_PLACE.sub(lambda place: places[place[1] or place[2]], line) for line in kept) + "\n"


def paragraphs(text: Text, indent: str = "　　") -> str:
    """The text as `<p>` lines, signed by its agency where it is a document."""
    lines = "\n".join(f"<p>{indent}{html.escape(line)}</p>" for line in text.paragraphs)
    if text.subject == "动态":
        return lines
    return f'{lines}\n<p align="right">{text.agency}</p>\n<p align="right">{in_words(text.written_on)}</p>'


def in_words(day: date) -> str:
    """2021年9月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def seconds(day: date) -> int:
    """Ten in the morning of a day in Beijing, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, 2, tzinfo=UTC).timestamp())


def _facts(text: Text) -> dict[str, str]:
    return {
        "title": text.title,
        "agency": text.agency,
        "index": text.index,
        "number": text.number or "",
        "written_in_words": in_words(text.written_on),
        "published_on": f"{text.published_on}",
    }


def _detail(text: Text) -> str:
    """The document as gkmlpt writes it into its script."""
    detail = {
        "id": 3210004,
        "title": text.title,
        "identifier": text.index,
        "document_number": text.number or "",
        "publisher": text.agency,
        "date": seconds(text.written_on),
        "display_publish_time": seconds(text.published_on),
        "is_expired": 0,
        "is_abolished": 0,
        "content": paragraphs(text).replace('align="right"', 'style="text-align:right"'),
    }
    return json.dumps(detail, ensure_ascii=False).replace("<", "\\u003C").replace(">", "\\u003E")
