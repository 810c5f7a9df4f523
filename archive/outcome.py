"""What came back for a request, and what an ok page is.

A page that is not the page (block, challenge, soft 404, stub, shell) is told here and never becomes a notice.
The phrases and marks are those seen on government sites up to 2026 (block products, challenges, deleted items).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from archive.kinds import tell_kind
from archive.page import content_type, header
from archive.records import Headers, Kind, Outcome, Page
from archive.shape import Shape, measure

_BLOCK_PHRASES: Final = (
    ("对网站造成安全威胁", "site firewall"),
    ("疑似黑客攻击", "创宇盾"),
    ("创宇盾拦截", "创宇盾"),
    ("当前的访问行为存在异常", "网宿"),
    ("访问行为异常", "site firewall"),
    ("已被云防护拦截", "奇安信"),
    ("网站防火墙", "site firewall"),
    ("网站安全狗", "安全狗"),
    ("玄武盾拦截", "玄武盾"),
    ("被防火墙拦截", "site firewall"),
    ("请求已被拦截", "site firewall"),
    ("访问被拦截", "site firewall"),
    ("访问被阻断", "site firewall"),
    ("您的访问被拒绝", "site firewall"),
    ("您的请求带有不合法参数", "安全狗"),
    ("errors.aliyun.com", "阿里云盾"),
    ("potential threats to the server", "阿里云盾"),
    ("waf.tencent-cloud.com", "腾讯云"),
    ("Request blocked", "site firewall"),
    ("Access Denied", "site firewall"),
    ("访问过于频繁", "rate limit"),
    ("访问频率过高", "rate limit"),
    ("操作过于频繁", "rate limit"),
)
_REFUSALS: Final = tuple(item for item in _BLOCK_PHRASES if re.search("拦截|阻断|威胁|攻击|拒绝", item[0]))
"""Phrases that no notice has in its title."""
_CHALLENGE_MARKS: Final = (
    ("wzws_cid", "wzws"),
    ("__jsl_clearance", "加速乐"),
    ("acw_sc__v2", "阿里云盾"),
    ("$_ts=window", "瑞数"),
    ("$_ts.cd", "瑞数"),
    ("请开启JavaScript并刷新", "script challenge"),
    ("正在进行安全检测", "script challenge"),
    ("浏览器安全检查", "script challenge"),
    ("Just a moment...", "script challenge"),
)
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
_SHIELDS: Final = {405: "阿里云盾", 418: "华为云", 461: "site firewall", 493: "奇安信", 429: "rate limit"}
_CHALLENGES: Final = {412: "瑞数", 521: "加速乐"}
_LONG: Final = 1000  # characters of text past which a page is not a block page
_STUB: Final = 40
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
        return Verdict("not_modified" if status == 304 else "moved", None, header(headers, "Location"))
    if status >= 400:
        return _judge_refusal(status, headers, page)
    if page is None:
        return _judge_file(headers, url, size)
    shape = measure(page)
    kind = tell_kind(url, shape)
    verdict = _find_impostor(page, shape)
    if verdict is not None:
        return verdict
    if _FILE_URL.search(url) and kind != "article":
        return Verdict("wrong_type", None, f"HTML at the address of a file: {url.rsplit('/', 1)[-1]}")
    return Verdict("ok", kind)


def _judge_refusal(status: int, headers: Headers, page: Page | None) -> Verdict:
    html = page.html if page is not None else ""
    told = _find_mark(html, _CHALLENGE_MARKS)
    if status in _CHALLENGES or told is not None:
        return Verdict("challenge", None, f"{told or _CHALLENGES[status]} (HTTP {status})")
    told = _find_mark(html, _BLOCK_PHRASES)
    if any("GeoBL" in value for _, value in headers) or status == 451:
        return Verdict("geo", None, f"HTTP {status}")
    if told is not None or status in _SHIELDS or status in (401, 403):
        product = told or _SHIELDS.get(status)
        return Verdict("blocked", None, f"{product} (HTTP {status})" if product else f"HTTP {status}")
    if status in (404, 410):
        return Verdict("gone", None, f"HTTP {status}")
    return Verdict("unreachable", None, f"HTTP {status}")


def _judge_file(headers: Headers, url: str, size: int) -> Verdict:
    media_type = content_type(headers) or ""
    if size == 0:
        return Verdict("stub", None, "empty body")
    if _FILE_TYPES.match(media_type) or _FILE_URL.search(url):
        return Verdict("ok", "file")
    if "html" in media_type:
        return Verdict("wrong_type", None, f"declared {media_type}, but is not HTML")
    return Verdict("ok", "other")


def _find_impostor(page: Page, shape: Shape) -> Verdict | None:
    """Find what a page is when it came with 200 but is not the page."""
    if shape.text < _LONG and not shape.article_tags:
        product = _find_mark(page.html, _CHALLENGE_MARKS)
        if product is not None and shape.text < 300:
            return Verdict("challenge", None, product)
        product = _find_mark("\n".join(page.tree.xpath(_SHOWN)), _BLOCK_PHRASES)
        refused = product is not None and _find_mark(_heading(page), _REFUSALS) is not None
        if product is not None and (shape.bylines == 0 or refused) and shape.links < 5:
            return Verdict("blocked", None, product)
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


def _find_mark(text: str, marks: tuple[tuple[str, str], ...]) -> str | None:
    return next((product for mark, product in marks if mark in text), None)


def _heading(page: Page) -> str:
    """The page's `<title>` and its headings, a line each, but for the titles of documents (关于…文件失效的决定)."""
    lines = (" ".join(element.itertext()).strip() for element in page.tree.iter("title", "h1", "h2"))
    return "\n".join(line for line in lines if "关于" not in line)
