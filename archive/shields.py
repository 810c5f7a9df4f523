"""The shields of government sites as data: what each one's answer looks like, and how it is told from a notice.

A shield stands before a site and answers in its place. What is seen here is recorded and never got round. Whether a
mark may count is the judge's to say (archive/outcome.py), for a notice about network security quotes such phrases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urljoin

from archive.page import header
from archive.records import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Shield:
    """One product and what tells it. A status is enough by itself; where marks are given, any one is."""

    product: str
    outcome: Literal["blocked", "challenge", "geo"]
    learnt: str
    """Where it was learnt: a section of the project's notes on government sites, or a kind of site and the year."""
    statuses: tuple[int, ...] = ()
    """Given by this shield, and by a site itself never or hardly ever; of a redirect only together with its cookie."""
    script: tuple[str, ...] = ()
    """Parts of the page's source, scripts and addresses included."""
    body: tuple[str, ...] = ()
    """Parts of the text as people read it."""
    title: tuple[str, ...] = ()
    """Parts of its title and headings that no notice has there."""
    headers: tuple[str, ...] = ()
    """Parts of the value of any header; looked at where the status is no 2xx."""
    cookies: tuple[str, ...] = ()
    """Names of cookies by which a redirect of a shield is named; good pages and redirects set the same ones, too."""
    manner: Literal["itself", "index"] | None = None
    """What no mark tells: a redirect to its own address with a cookie, or the site's index in place of an article."""


SHIELDS: Final = (
    Shield(
        product="加速乐",
        outcome="challenge",
        learnt="§6.3: the industry ministry and a county, 521 with cookies",
        statuses=(521,),
        script=("__jsl_clearance",),
        cookies=("__jsluid_s", "__jsl_clearance_s"),
    ),
    Shield(
        product="瑞数",
        outcome="challenge",
        learnt="§6.3: the health commission and 湖北, 412 with an obfuscated script",
        statuses=(412,),
        script=("$_ts=window", "$_ts.cd"),
    ),
    Shield(
        product="wzws",
        outcome="challenge",
        learnt="§6.2 and §6.3: a script that sets wzws_cid, or 307 with it",
        statuses=(307,),
        script=("wzws_cid",),
        cookies=("wzws_cid",),
    ),
    Shield(
        product="阿里云盾",
        outcome="challenge",
        learnt="§6.3: 405 or 200 with a script that sets acw_sc__v2",
        script=("acw_sc__v2",),
    ),
    Shield(
        product="script challenge",
        outcome="challenge",
        learnt="§6.2: pages of several products that ask for a script to be run, 2026",
        script=("请开启JavaScript并刷新", "正在进行安全检测", "浏览器安全检查", "Just a moment..."),
    ),
    Shield(
        product="cookie redirect",
        outcome="challenge",
        learnt="§6.3: the justice ministry, 302 to itself with a cookie",
        manner="itself",
    ),
    Shield(
        product="创宇盾",
        outcome="blocked",
        learnt="§6.2: titles and texts of its block page",
        body=("疑似黑客攻击", "创宇盾拦截"),
        title=("疑似黑客攻击", "创宇盾拦截"),
    ),
    Shield(
        product="网宿",
        outcome="blocked",
        learnt="§6.2: text of its block page",
        body=("当前的访问行为存在异常",),
    ),
    Shield(
        product="奇安信",
        outcome="blocked",
        learnt="§6.2: status 493 and the text of its block page",
        statuses=(493,),
        body=("已被云防护拦截",),
        title=("已被云防护拦截",),
    ),
    Shield(
        product="安全狗",
        outcome="blocked",
        learnt="§6.2: name and text on its block page",
        body=("网站安全狗", "您的请求带有不合法参数"),
    ),
    Shield(
        product="玄武盾",
        outcome="blocked",
        learnt="§6.2: name on its block page",
        body=("玄武盾拦截",),
        title=("玄武盾拦截",),
    ),
    Shield(
        product="阿里云盾",
        outcome="blocked",
        learnt="§6.2: status 405, and the address that its page refers to",
        statuses=(405,),
        script=("errors.aliyun.com",),
        body=("potential threats to the server",),
    ),
    Shield(
        product="腾讯云",
        outcome="blocked",
        learnt="§6.2: 403 with a page that refers to its console",
        script=("waf.tencent-cloud.com",),
    ),
    Shield(product="华为云", outcome="blocked", learnt="§6.2: status 418", statuses=(418,)),
    Shield(
        product="rate limit",
        outcome="blocked",
        learnt="status 429 by its standard; texts of limiters with 200 and 403, 2026",
        statuses=(429,),
        body=("访问过于频繁", "访问频率过高", "操作过于频繁"),
    ),
    Shield(
        product="site firewall",
        outcome="blocked",
        learnt="§6.2: status 461, and phrases of shields without a name, with 200 and with 403",
        statuses=(461,),
        body=(
            *("对网站造成安全威胁", "访问行为异常", "网站防火墙", "被防火墙拦截", "请求已被拦截", "访问被拦截"),
            *("访问被阻断", "您的访问被拒绝", "Request blocked", "Access Denied"),
        ),
        title=(*("对网站造成安全威胁", "被防火墙拦截", "请求已被拦截", "访问被拦截", "访问被阻断", "您的访问被拒绝"),),
    ),
    Shield(
        product="country filter",
        outcome="geo",
        learnt="§6.2: 安徽 gives the reason GeoBL; 451 by its standard",
        statuses=(451,),
        headers=("GeoBL",),
    ),
    Shield(
        product="index in place of an article",
        outcome="blocked",
        learnt="§6.2: the securities regulator's limiter, 200 with its index page",
        manner="index",
    ),
)
"""Every shield we know. Of two that fit, the earlier one is named: challenges before blocks, names before none."""


def challenge_in(html: str) -> Shield | None:
    """The shield whose challenge a page's source is."""
    return next((one for one in SHIELDS if one.outcome == "challenge" and _any(one.script, html)), None)


def block_in(text: str, *, html: str) -> Shield | None:
    """The shield that speaks in a page's text, or that its source refers to."""
    blocks = [one for one in SHIELDS if one.outcome == "blocked"]
    return next((one for one in blocks if _any(one.body, text) or _any(one.script, html)), None)


def is_refusal(heading: str) -> bool:
    """Whether a title or heading is one that no notice has."""
    return any(_any(one.title, heading) for one in SHIELDS)


def shield_of_refusal(status: int, headers: Headers, html: str) -> Shield | None:
    """The shield behind a status of 400 or more: by its challenge, then its own status, its words and its headers."""
    told = challenge_in(html) or _by_status(status, "challenge")
    if told is not None:
        return told
    values = "\n".join(value for _, value in headers)
    fenced = next((one for one in SHIELDS if _any(one.headers, values)), None) or _by_status(status, "geo")
    return fenced or block_in(html, html=html) or _by_status(status, "blocked")


def shield_of_redirect(status: int, headers: Headers, url: str) -> Shield | None:
    """The shield behind a redirect: one that leads to itself with a cookie, or has a shield's status and its cookie."""
    cookies = [value.partition("=")[0].strip() for name, value in headers if name.lower() == "set-cookie"]
    named = next((one for one in SHIELDS if any(cookie in one.cookies for cookie in cookies)), None)
    if cookies and _leads_to_itself(headers, url):
        return named or next(one for one in SHIELDS if one.manner == "itself")
    return named if named is not None and status in named.statuses else None


def _leads_to_itself(headers: Headers, url: str) -> bool:
    try:
        return urljoin(url, header(headers, "Location") or "?") == url
    except ValueError:
        return False


def _by_status(status: int, outcome: str) -> Shield | None:
    return next((one for one in SHIELDS if one.outcome == outcome and status in one.statuses), None)


def _any(marks: Iterable[str], text: str) -> bool:
    return any(mark in text for mark in marks)
