"""What came back for a request, and what an ok page is.

A page that is not the page (block, challenge, soft 404, stub, shell) is told here and never becomes a notice.
What tells a block or a challenge stands in archive/shields.py; when it may count is judged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from archive.kinds import is_article_address, tell_kind
from archive.page import content_type, header
from archive.records import Headers, Kind, Outcome, Page
from archive.shape import Shape, measure
from archive.shields import block_in, challenge_in, is_refusal, shield_of_redirect, shield_of_refusal

_GONE_PHRASES: Final = re.compile(
    r"(?:页面|网页|文件|资源|信息|文章|内容|栏目|链接|地址)(?:已经?|可能)?(?:不存在|被?删除|已?失效|找不到|无法找到|未找到|已下线|不见了|走丢了)"
    r"|(?:找不到|未找到|无法找到|没有找到|不存在)(?:您|你|该)?(?:要|所)?(?:访问|请求|查看|浏览|查找)?的?(?:页面|网页|文件|资源|信息|文章)"
    r"|(?:访问|请求|查看)的(?:页面|网页|文件|资源|信息|文章|内容)(?:已|不|暂|可能|被)"
    r"|(?:^|\D)404\s*(?:错误|页面|[-_–|]|not\s+found|error|出错|$)|not\s+found",
    re.IGNORECASE,
)
_SHELL: Final = re.compile(
    r"<div[^>]{1,200}id=[\"']?(?:app|root|__next|__nuxt)[\"']?[^>]*>\s*</div>|doesn't work properly without JavaScript",
    re.IGNORECASE,
)
_SCRIPT_REDIRECT: Final = re.compile(
    r"(?:location(?:\.href)?\s*=\s*|location\.(?:replace|assign)\(\s*)[\"']([^\"']+)[\"']"
    r"|<meta[^>]{1,200}http-equiv=[\"']?refresh[\"']?[^>]{0,200}content=[\"']?\s*\d+\s*;\s*url=([^\"'>\s]+)",
    re.IGNORECASE,
)
_FILE_TYPES: Final = re.compile(
    r"^(?:application/(?:pdf|msword|vnd\.|zip|x-(?:rar|7z|zip)|rtf|ofd|wps|octet-stream|force-download|x-msdownload|x-download)"
    r"|image/|audio/|video/)"
)
_FILE_URL: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z)(?:[?#]|$)", re.IGNORECASE)
_LONG: Final = 1000  # characters of text past which a page is not a block page
_STUB: Final = 40
_INDEX_LINKS: Final = 15
_INDEX_BOXES: Final = 3
_SHOWN: Final = "//text()[not(parent::script or parent::style)]"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came back, what an ok page is (None for every other outcome), and the mark that showed it."""

    outcome: Outcome
    kind: Kind | None
    detail: str | None = None


def judge(status: int, headers: Headers, url: str, page: Page | None, size: int) -> Verdict:
    """Judge one response; `page` is None when the body is not HTML, `size` counts the bytes of the decoded body."""
    if 300 <= status < 400:
        return _judge_redirect(status, headers, url)
    if status >= 400:
        return _judge_refusal(status, headers, page)
    if page is None:
        return _judge_file(headers, url, size)
    shape = measure(page)
    kind = tell_kind(url, shape)
    verdict = _find_impostor(page, shape, kind)
    if verdict is not None:
        return verdict
    if _FILE_URL.search(url) and kind != "article":
        return Verdict("wrong_type", None, f"HTML at the address of a file: {url.rsplit('/', 1)[-1]}")
    return Verdict("ok", kind)


def _judge_redirect(status: int, headers: Headers, url: str) -> Verdict:
    if status == 304:
        return Verdict("not_modified", None)
    shield = shield_of_redirect(status, headers, url)
    if shield is not None:
        return Verdict(shield.outcome, None, f"{shield.product} (HTTP {status})")
    return Verdict("moved", None, header(headers, "Location"))


def _judge_refusal(status: int, headers: Headers, page: Page | None) -> Verdict:
    shield = shield_of_refusal(status, headers, page.html if page is not None else "")
    if shield is not None:
        return Verdict(shield.outcome, None, f"{shield.product} (HTTP {status})")
    if status in (401, 403):
        return Verdict("blocked", None, f"HTTP {status}")
    return Verdict("gone" if status in (404, 410) else "unreachable", None, f"HTTP {status}")


def _judge_file(headers: Headers, url: str, size: int) -> Verdict:
    media_type = content_type(headers) or ""
    if size == 0:
        return Verdict("stub", None, "empty body")
    if _FILE_TYPES.match(media_type) or _FILE_URL.search(url):
        return Verdict("ok", "file")
    if "html" in media_type:
        return Verdict("wrong_type", None, f"declared {media_type}, but is not HTML")
    return Verdict("ok", "other")


def _find_impostor(page: Page, shape: Shape, kind: Kind) -> Verdict | None:
    """Find what a page is when it came with 200 but is not the page."""
    if shape.text < _LONG and not shape.article_tags:
        shield = challenge_in(page.html)
        if shield is not None and shape.text < 300 and shape.bylines == 0:
            return Verdict(shield.outcome, None, shield.product)
        shield = block_in("\n".join(page.tree.xpath(_SHOWN)), html=page.html)
        refused = shield is not None and is_refusal(_heading(page))
        if shield is not None and (shape.bylines == 0 or refused) and shape.links < 5:
            return Verdict(shield.outcome, None, shield.product)
    if kind != "article" and is_article_address(page.url) and _is_index(page, shape):
        # one such page may be a deleted item as well, so it is told as a bare refusal is: several stop a host
        return Verdict("blocked", None, "HTTP 200: index in place of an article")
    gone = _find_gone(page, shape)
    if gone is not None:
        return Verdict("soft_404", None, gone)
    if shape.text >= _STUB or shape.files or shape.links or len(page.tree.findall(".//a")) > 1:
        return None
    target = _SCRIPT_REDIRECT.search(page.html)
    if target is not None:
        return Verdict("moved", None, f"by script or refresh to {target[1] or target[2]}")
    if _SHELL.search(page.html):
        return Verdict("stub", None, "shell of a script application")
    if shape.pictures or shape.article_tags or shape.bylines or shape.headed:
        return None
    return Verdict("stub", None, f"{shape.text} characters of text in {page.size} bytes")


def _find_gone(page: Page, shape: Shape) -> str | None:
    if shape.prose >= 110 or shape.article_tags or shape.bylines > 1 or shape.dated >= 5:
        return None
    title = _GONE_PHRASES.search(_heading(page))
    if title is not None or shape.headed:
        return title[0] if title is not None else None
    for text in page.tree.itertext(
        tag=("div", "p", "span", "h1", "h2", "h3", "td", "strong", "b", "font", "body", "li", "em")
    ):
        found = _GONE_PHRASES.search(text) if len(text) < 200 and "关于" not in text else None
        if found is not None:
            return found[0]
    return None


def _is_index(page: Page, shape: Shape) -> bool:
    """Tell the index page of a site: many links, several boxes that each lead to more, and nothing of a document."""
    if shape.links < _INDEX_LINKS or shape.bylines or shape.article_tags or shape.headed or shape.cells:
        return False
    more = ("".join(link.itertext()).strip(" \n\t>»+[]…") for link in page.tree.iter("a"))
    return sum(text in ("更多", "更多内容", "查看更多", "more", "MORE", "More") for text in more) >= _INDEX_BOXES


def _heading(page: Page) -> str:
    """The page's `<title>` and its headings, a line each, but for the titles of documents (关于…文件失效的决定)."""
    lines = (" ".join(element.itertext()).strip() for element in page.tree.iter("title", "h1", "h2"))
    return "\n".join(line for line in lines if "关于" not in line)
