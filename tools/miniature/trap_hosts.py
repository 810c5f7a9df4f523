"""Hosts that are hard to walk: pagers by form and base64, and a county with every trap that lists have."""

from __future__ import annotations

import base64
import hashlib

from miniature.agencies import MIJING, QINHAI
from miniature.frames import article
from miniature.lists import in_pages, items, list_page, row
from miniature.site import Host, Shown, series

_FOLDERS = ("rcap", "gsgg", "gzdt", "zcwj", "zxzx", "jyzn")
_NOT_THERE = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>迷津县民政局</title></head>
<body><div class="tip"><p>您访问的页面不存在或已被删除。</p><p><a href="/">返回首页</a></p></div></body>
</html>
"""
_CHALLENGE = """<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title></title></head>
<body>
<script>var wzws_cid="0f3a";setTimeout(function(){location.reload();},10);</script>
<noscript>请开启JavaScript并刷新该页。</noscript></body>
</html>
"""


def qinhai() -> Host:
    """Read by `auto`: pages whose numbers are base64, and pages that a script asks for with a form."""
    host = Host("mzj.qinhai.example", "A site of no family: page numbers in base64, and a form that a script posts.")
    texts = series(QINHAI, count=14, topic=4, ends="2023-07-21")
    coded = [base64.b64encode(f"{7304 - n}".encode()).decode() for n in range(7)]
    shown = [
        (
            f"/home/detail?code=NjAz&id={coded[n]}"
            if n < 7
            else f"/zwgk/gsgg/{text.published_on:%Y%m}/{5120 - n}.html",
            text,
        )
        for n, text in enumerate(texts)
    ]
    pages = in_pages(shown[:7], 3)
    for number, rows in enumerate(pages, start=1):
        turn = (
            f"""<a href="javascript:;" onclick="turnTo('{number + 1}')">下一页</a>"""
            if number < len(pages)
            else "下一页"
        )
        script = "<script>function turnTo(n){location.href = '/home/list?code=NjAz&page=' + Base64.encode(n);}</script>"
        pager = f'<div class="fenye">共7条 第{number}/{len(pages)}页 {turn}</div>\n{script}'
        body = list_page("通知公告", QINHAI.name, items(rows), pager)
        if number == 1:
            host.answer("/home/list", "list-1.html", body)
            host.lists.append(host.url("/home/list?code=NjAz"))
        else:
            page = base64.b64encode(f"{number}".encode()).decode()
            host.answer("/home/list", f"list-{number}.html", body, query={"page": page})
            host.lists.append(host.url(f"/home/list?code=NjAz&page={page}"))
    for number, rows in enumerate(in_pages(shown[7:], 3), start=1):
        script = "<script>function toPage(n){var f=document.forms['pageForm'];f.pageNo.value=n;f.submit();}</script>"
        form = (
            f'<form name="pageForm" method="post" action="/zwgk/gsgg/list.do"><input type="hidden" name="channelId" '
            f'value="12"><input type="hidden" name="pageNo" value="{number}"></form>'
        )
        turn = f'<a href="javascript:toPage({number + 1})">下一页</a>' if number < 3 else "下一页"
        body = list_page("公示公告", QINHAI.name, items(rows), f"{form}{turn}{script}")
        if number == 1:
            host.answer("/zwgk/gsgg/list.do", "form-1.html", body, method="GET")
            host.lists.append(host.url("/zwgk/gsgg/list.do"))
        else:
            host.answer("/zwgk/gsgg/list.do", f"form-{number}.html", body, method="POST",
                        form={"channelId": "12", "pageNo": f"{number}"})  # fmt: skip
    for path, text in shown:
        if "?" not in path:
            host.notices_of("byline", "公示公告", [(path, text)])
            continue
        name = f"detail-{path[-6:].rstrip('=')}.html"
        host.answer("/home/detail", name, article("byline", text, "通知公告"), query={"id": path.rpartition("id=")[2]})
        host.expect(path, text)
    return host


def mijing() -> Host:
    """A county whose lists are traps; behind each stand three notices that a crawl must get all the same."""
    host = Host("www.mijing.example", "Every trap that a list may be, with notices behind them.")
    texts = series(MIJING, count=18, topic=1, ends="2022-09-30")
    shown = [(f"/{_FOLDERS[n % 6]}/{text.published_on:%Y%m%d}/{6200 - n}.html", text) for n, text in enumerate(texts)]
    host.notices_of("byline", "政务公开", shown)
    behind = {folder: [one for one in shown if one[0].startswith(f"/{folder}/")] for folder in _FOLDERS}
    _calendar(host, behind["rcap"])
    _growth(host, behind["gsgg"])
    _dots(host, behind["gzdt"])
    _first_page_for_all(host, behind["zcwj"])
    _sessions(host, behind["zxzx"])
    _next_to_itself(host, behind["jyzn"])
    host.put("/robots.txt", "User-agent: *\nDisallow:/neibu/  #内部资料\n")
    return host


def _calendar(host: Host, shown: list[Shown]) -> None:
    """A clock that is wrong: there always is a next month, and each has four days with a page that is not there."""
    host.list(
        "/rcap/", list_page("日程安排", MIJING.name, items(shown), '<a href="/rcap/month-2099-01.html">下一页</a>')
    )
    rows = "\n".join(
        row(f"/rcap/day/{{month}}-{day}.html", f"{{month}}-{day}局领导日程安排及值班表", f"{{month}}-{day}", 40)
        for day in ("04", "11", "18", "25")
    )
    page = list_page(
        "日程安排", MIJING.name, f'<ul class="list">\n{rows}\n</ul>', '<a href="/rcap/month-{next}.html">下一页</a>'
    )
    host.files["/_answers/month.html"] = page
    host.files["/_answers/not-there.html"] = _NOT_THERE
    host.endless.append({"under": "/rcap/month-", "make": "calendar", "file": "_answers/month.html"})
    host.endless.append({"under": "/rcap/day/", "make": "same", "file": "_answers/not-there.html"})
    host.lists.append(host.url("/rcap/month-2099-01.html"))
    host.endings[host.url("/rcap/")] = "list_endless"


def _growth(host: Host, shown: list[Shown]) -> None:
    """下一页 is relative to a folder that is not there: every page is one folder deeper, and so are its links."""
    host.list("/gsgg/", list_page("公示公告", MIJING.name, items(shown), '<a href="gsgg/">下一页</a>'))
    rows = "\n".join(row(f"2022/{n}.shtml", f"迷津县第{n}号行政许可决定公示", f"2022-03-0{n}") for n in (1, 2, 3))
    page = list_page("公示公告", MIJING.name, f'<ul class="list">\n{rows}\n</ul>', '<a href="gsgg/">下一页</a>')
    host.files["/_answers/deeper.html"] = page
    host.endless.append({"under": "/gsgg/gsgg/", "ends": ".shtml", "make": "same", "file": "_answers/not-there.html"})
    host.endless.append({"under": "/gsgg/gsgg/", "make": "same", "file": "_answers/deeper.html"})
    host.lists.append(host.url("/gsgg/gsgg/"))
    host.endings[host.url("/gsgg/")] = "list_endless"


def _dots(host: Host, shown: list[Shown]) -> None:
    """Links through folders that are left again at once; and the pages that are none: gone, moved, a challenge."""
    dotted = [(f"/x/../gzdt/./y/..{path.removeprefix('/gzdt')}", text) for path, text in shown]
    gone, script = "/gzdt/20220105/6099.html", "/gzdt/20220106/6098.html"
    challenge = "http://yz.tiaozhan.example/s/6097.html"
    others = "\n".join(row(url, title, day) for url, title, day in (
        (gone, "关于已经撤下的一项公告的说明", "2022-01-05"), (script, "关于搬到新地址的一篇工作动态", "2022-01-06"),
        (challenge, "外部平台上的一篇政策解读文章", "2022-01-07")))  # fmt: skip
    rows = items(dotted).replace("\n</ul>", f"\n{others}\n</ul>")
    host.list("/gzdt/", list_page("工作动态", MIJING.name, rows, '<a href="x/../../gzdt/z/../index.html">下一页</a>'))
    host.put(gone, _NOT_THERE)
    host.put(script, f'<html><head><script>location.href = "{shown[0][0]}";</script></head><body></body></html>\n')
    host.traps |= {host.url(gone): "soft_404", host.url(script): "moved", challenge: "challenge"}


def challenge() -> Host:
    """A host that answers with a script to be run."""
    host = Host("yz.tiaozhan.example", "A shield that wants a script to be run before it shows anything.")
    host.answer("/s/6097.html", "challenge.html", _CHALLENGE, status=412)
    return host


def _first_page_for_all(host: Host, shown: list[Shown]) -> None:
    """Whatever page is asked, the server gives the first one."""
    pager = '<script>createPageHTML(9, 0, "index", "html");</script>'
    page = list_page("政策文件", MIJING.name, items(shown), pager)
    host.list("/zcwj/", page)
    for number in range(1, 9):
        host.answer(f"/zcwj/index_{number}.html", "first-page.html", page)
    host.lists.append(host.url("/zcwj/index_1.html"))
    host.endings[host.url("/zcwj/")] = "list_repeats"


def _sessions(host: Host, shown: list[Shown]) -> None:
    """Every answer gives every link another session id, and the last page leads to the first."""
    rows = items([(f"{path};jsessionid={{sid}}", text) for path, text in shown])
    page = list_page("在线咨询", MIJING.name, rows, '<a href="/zxzx/list.jsp?page=1&sid={sid}">下一页</a>')
    host.files["/_answers/session.html"] = page
    host.endless.append({"under": "/zxzx/list.jsp", "make": "session", "file": "_answers/session.html"})
    host.lists.append(host.url("/zxzx/list.jsp"))
    host.lists.append(host.url(f"/zxzx/list.jsp?page=1&sid={_session('/zxzx/list.jsp')}"))
    host.endings[host.url("/zxzx/list.jsp")] = "list_repeats"


def _session(path: str) -> str:
    """The session id that the first page gives its links."""
    return hashlib.sha256(path.encode()).hexdigest()[:24].upper()


def _next_to_itself(host: Host, shown: list[Shown]) -> None:
    """下一页 of the only page leads to the page itself."""
    host.list("/jyzn/", list_page("指南", MIJING.name, items(shown), '<a href="/jyzn/index.html#list">下一页</a>'))
