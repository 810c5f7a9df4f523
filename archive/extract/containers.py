"""The class names, ids and elements in which content systems are known to put an article; none names a site."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

# Class names and ids of article containers by content system; old ones stay for ever. Compared without case.
# fmt: off
CONTAINERS: Final = frozenset((
    # TRS WCM, 海云
    "trs_editor", "trs_ueditor", "trs_editor_view", "trs_paper_default", "trs_web", "view", "zoom", "article-con",
    "pages_content", "content2", "xl-article", "ofdneed", "article-box", "main_content", "zwxl-article", "cas_content",
    # Hanweb
    "artile_zw", "contdesc", "wz_con_content", "main-txt", "bt_content", "article_content", "art_content",
    # 开普 UCAP
    "ucap-content", "ucapcontent",
    # NFCMS, gkmlpt
    "zoomcon", "article-content", "tyxxy_main", "news_cont_d_wrap", "articlebox",
    # 博达, SiteFactory and other systems
    "v_news_content", "vsb_content", "vsb_content_2", "vsb_content_4", "ivs_content", "news_content", "newscontent",
    "articlecontent", "article-body", "articlebody", "article_body", "content_text", "detail-content", "detail_content",
    "founder-content", "con_text", "info_content", "detailcontent", "js_content", "contentbody", "content_body",
))
# fmt: on
_NAMES: Final = 600  # characters of class and id that are looked at; those seen are kept
ELEMENTS: Final = ("ucapcontent", "founder-content")


def known_name(element: HtmlElement) -> str | None:
    """Give the name by which an element is known as an article's container; None if it is not."""
    if element.tag in ELEMENTS:
        return str(element.tag)
    own, classes = element.get("id"), element.get("class")
    if own is None and classes is None:
        return None
    return _find_name(f"{own or ''} {classes or ''}"[:_NAMES])


@lru_cache(maxsize=8192)
def _find_name(names: str) -> str | None:
    return next((name for name in names.split() if name.lower() in CONTAINERS), None)
