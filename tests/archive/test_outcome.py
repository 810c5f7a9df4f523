"""What came back: by status, by media type, and by what a page with 200 really is."""

from __future__ import annotations

import pytest

from archive.outcome import Verdict, judge
from archive.page import open_page
from archive.records import Headers, Outcome, Page

URL = "http://mzj.shili.example/tzgg/202101/t20210105_1.html"
HTML: Headers = (("Content-Type", "text/html"),)


def _page(html: str, url: str = URL) -> Page:
    return open_page(url, html.encode(), HTML)


def _judge(html: str, url: str = URL, status: int = 200) -> Verdict:
    page = _page(html, url)
    return judge(status, HTML, url, page, page.size)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((301, "moved"), (302, "moved"), (307, "moved"), (304, "not_modified"), (404, "gone"), (410, "gone")),
        *((401, "blocked"), (403, "blocked"), (405, "blocked"), (418, "blocked"), (429, "blocked"), (461, "blocked")),
        *(
            (493, "blocked"),
            (412, "challenge"),
            (521, "challenge"),
            (451, "geo"),
            (500, "unreachable"),
            (502, "unreachable"),
        ),
        *((503, "unreachable"), (400, "unreachable")),
    ],
)
def test_a_status_says_what_came_back_and_has_no_kind(status: int, outcome: Outcome) -> None:
    verdict = judge(status, HTML, URL, None, 0)

    assert (outcome, None) == (verdict.outcome, verdict.kind)


def test_a_redirect_is_told_with_its_target() -> None:
    assert "/new/" == judge(302, (("location", "/new/"),), URL, None, 0).detail


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        (404, "当前访问疑似黑客攻击，已被创宇盾拦截", "blocked"),
        (503, "您当前的访问行为存在异常", "blocked"),
        (403, "<script>document.cookie='__jsl_clearance=1'</script>", "challenge"),
    ],
)
def test_a_firewall_is_heard_before_the_status(status: int, text: str, outcome: Outcome) -> None:
    assert outcome == _judge(f"<p>{text}</p>", status=status).outcome


@pytest.mark.parametrize(
    ("media_type", "url", "verdict"),
    [
        ("application/pdf", URL, ("ok", "file")),
        ("application/octet-stream", URL, ("ok", "file")),
        ("application/vnd.ms-excel", URL, ("ok", "file")),
        ("text/plain", "http://mzj.shili.example/a.docx", ("ok", "file")),
        ("application/json", URL, ("ok", "other")),
        ("text/html", URL, ("wrong_type", None)),
    ],
)
def test_what_is_not_html_is_told_by_its_type(media_type: str, url: str, verdict: tuple[str, str | None]) -> None:
    told = judge(200, (("Content-Type", media_type),), url, None, 100)

    assert verdict == (told.outcome, told.kind)


def test_an_empty_body_is_a_stub() -> None:
    assert "stub" == judge(200, HTML, URL, None, 0).outcome


def test_a_page_at_the_address_of_a_file_is_of_the_wrong_type() -> None:
    assert (
        "wrong_type"
        == _judge("<p>文件列表</p><a href='/a'>第一个</a><a href='/b'>第二个</a>", "http://x.example/a.pdf").outcome
    )


@pytest.mark.parametrize(
    "html",
    [
        "x",
        "<html><body>13 bytes</body></html>",
        "<div id='app'></div><script src='/app.js'></script>",
        "<datastore></datastore>",
    ],
)
def test_a_page_with_nothing_in_it_is_a_stub(html: str) -> None:
    assert "stub" == _judge(html).outcome


@pytest.mark.parametrize(
    "text",
    [
        "您访问的页面不存在",
        "对不起，该信息已被删除",
        "找不到您要访问的页面",
        "页面已失效",
        "404 Not Found",
        "您查看的文章不存在",
    ],
)
def test_a_sentence_of_regret_is_a_soft_404(text: str) -> None:
    assert "soft_404" == _judge(f"<title>提示</title><div><p>{text}</p></div>").outcome


def test_a_decision_that_files_are_void_is_no_soft_404() -> None:
    html = """<title>关于宣布部分文件失效的决定</title><h1>关于宣布部分文件失效的决定</h1>
    <p>经清理，《示例办法》等三件文件自即日起失效，请遵照执行。</p>"""

    assert "ok" == _judge(html).outcome


def test_a_notice_about_firewalls_and_lost_pages_is_a_notice() -> None:
    html = """<h1>关于加强网站安全管理的通知</h1><p>发布时间：2021-01-05　来源：示例市民政局</p>
    <p>近期多个单位的网站出现“您访问的页面不存在”的提示，有的链接已失效，群众反映强烈，现就有关要求通知如下。</p>
    <p>一、立即排查失效链接；二、访问被拦截的，及时联系技术单位，调整网站防火墙的策略，保障群众正常访问。</p>
    <p>三、建立每日巡查制度，发现页面已被删除但链接仍在的，当日处理，并把处理结果报市政务公开办公室。</p>"""

    assert ("ok", "article") == (_judge(html).outcome, _judge(html).kind)


def test_a_short_notice_is_told_by_its_byline() -> None:
    html = "<h1>停电通知</h1><p>发布时间：2021-01-05　来源：办公室</p><p>因检修，本局明日停电一天，请相互转告。</p>"

    assert "article" == _judge(html).kind


def test_a_home_page_is_home() -> None:
    assert (
        "home"
        == _judge("<h1>示例市民政局</h1><a href='/tzgg/'>通知公告</a><a href='/xw/'>新闻</a>", "http://x.example/").kind
    )
