"""Article, list, home or none: short notices among many links, lists with much else on them."""

from __future__ import annotations

import pytest

from archive.outcome import judge
from archive.page import open_page

HTML = (("Content-Type", "text/html"),)
NOTICE = "http://mzj.shili.example/tzgg/202111/t20211105_12.html"
CHANNEL = "http://mzj.shili.example/tzgg/"
HOME = "http://mzj.shili.example/"
SHOW = "http://mzj.shili.example/show.asp?id=33"
TITLE = "<h1>关于暂停登记的通知</h1>"
BYLINE = "<div>发布时间：2021-11-05　来源：示例市民政局</div>"
SENTENCE = "<p>因系统升级，本周六暂停婚姻登记服务，请相互转告。</p>"
TABLE = "<tr><td>索引号</td><td>0152-1</td></tr><tr><td>成文日期</td><td>2021-11-05</td></tr>"
TAGS = "<meta name='ArticleTitle' content='关于暂停登记的通知'>"


def _rows(count: int, row: str) -> str:
    return "".join(row.replace("{n}", str(number)) for number in range(count))


ROW = "<li><a href='/x/{n}.html'>关于开展第{n}次工作检查的通知</a><span>2021-11-05</span></li>"
UNDATED = "<li><a href='/x/{n}.html'>关于开展第{n}次工作检查的通知</a></li>"
DATE_FIRST = "<tr><td>2021-11-05</td><td><a href='/x/{n}.html'>关于开展第{n}次工作检查的通知</a></td></tr>"
MORE = "<div><h3>关于开展第{n}次工作检查的通知</h3><i>2021-11-05</i><a href='/x/{n}.html'>查看详情</a></div>"
LABELLED = (
    "<div><a href='/{n}'>关于开展第{n}次检查的通知</a><p>发文字号：示民发〔2021〕{n}号　成文日期：2021-11-05</p></div>"
)


@pytest.mark.parametrize(
    ("kind", "url", "body"),
    [
        ("article", SHOW, TITLE + BYLINE + SENTENCE + _rows(80, ROW)),
        ("article", SHOW, TITLE + "<p>2021-11-05 10:00</p>" + SENTENCE + _rows(80, UNDATED)),
        ("article", SHOW, TAGS + TITLE + SENTENCE + _rows(20, ROW)),
        ("article", NOTICE, "<a href='/'>首页</a><a href='/a/'>概况</a>" + TITLE + SENTENCE),
        ("article", SHOW, f"<table>{TABLE}</table>{TITLE}{SENTENCE}"),
        ("article", SHOW, f"{TITLE}<i>2021-11-05</i><p>附件：<a href='a.doc'>名单</a></p>"),
        ("article", SHOW, f"{TITLE}{BYLINE}<video src='/a.mp4'></video>"),
        ("article", SHOW, TAGS + TITLE + "<embed src='/a.pdf'>"),
        ("article", SHOW, f"{TITLE}<i>来源：</i><a href='/'>示例日报社</a><i>2021-11-05</i>{SENTENCE}"),
        ("list", CHANNEL, _rows(20, ROW)),
        ("list", CHANNEL, _rows(3, ROW)),
        ("list", CHANNEL, "<h2>示例市行政处罚公告</h2>" + _rows(9, ROW)),
        ("list", CHANNEL, f"<h2>示例市行政处罚公告</h2><table>{_rows(9, DATE_FIRST)}</table>"),
        ("other", CHANNEL, "<h2>示例市行政处罚公告</h2>" + _rows(9, MORE)),
        ("list", CHANNEL, _rows(15, LABELLED)),
        ("list", CHANNEL, "<h1>示例市民政局</h1><i>2021年11月5日 星期五</i>" + _rows(20, ROW)),
        ("home", HOME, f"<h1>示例市民政局</h1><i>2021年11月5日</i>{_rows(20, ROW)}{SENTENCE * 20}"),
        ("article", HOME, TITLE + BYLINE + SENTENCE),
    ],
    ids=[
        *("a sentence beside dated links", "a sentence and a lone time beside links", "tags that name the heading"),
        *("a sentence at the address of an article", "a disclosure table", "only a file", "only a video"),
        *("only an embedded file", "a source that is a link", "dated links", "three dated links"),
        *("a long name of a channel", "days before links", "days between titles and links", "labels in every row"),
        *("a clock in the head", "a home page with a long text", "one document at the root"),
    ],
)
def test_a_page_is_told_by_what_stands_together(kind: str, url: str, body: str) -> None:
    window = "关于暂停登记的通知_示例市民政局" if TITLE in body else "示例市民政局"
    html = f"<html><head><title>{window}</title></head><body>{body}</body></html>"
    page = open_page(url, html.encode(), HTML)

    assert kind == judge(200, HTML, url, page, page.size).kind
