"""Hosts whose lists are answers of an API: Hanweb, jpaas, UCAP, gkmlpt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from miniature.agencies import BEIHE, DONGTING, FUYUAN, JINLU
from miniature.frames import article, seconds
from miniature.lists import in_pages, items, list_page, named, shell
from miniature.site import Host, Shown, series
from miniature.texts import Text

_PROXY = "/module/web/jpage/dataproxy.jsp"
_XML = {"Content-Type": "text/xml;charset=UTF-8"}


def fuyuan() -> Host:
    """Hanweb three times over: records by POST, by GET, and a disclosure directory; two notices in two columns."""
    host = Host("mzt.fuyuan.example", "Hanweb: records asked by POST and by GET, a disclosure directory.")
    notices = [(_art(text, 3101, 9120 - n), text)
               for n, text in enumerate(series(FUYUAN, count=10, topic=1, ends="2023-04-28"))]  # fmt: skip
    host.notices_of("hanweb", "通知公告", notices)
    _column(host, "3101", "通知公告", notices, method="POST")
    policies = [(_art(text, 3102, 8040 - n), text)
                for n, text in enumerate(series(FUYUAN, count=5, topic=11, ends="2022-10-14"))]  # fmt: skip
    host.notices_of("hanweb", "政策文件", policies)
    _column(host, "3102", "政策文件", [*_again(host, notices), *policies], method="GET")
    _directory(host)
    return host


def _art(text: Text, column: int, number: int) -> str:
    """The address of a document: its day, its column, its own number."""
    day = text.published_on
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{number}.html"


def _again(host: Host, notices: Sequence[Shown]) -> list[Shown]:
    """Two of the notices in a second column, where their address has another first number."""
    twice = []
    for path, text in (notices[0], notices[7]):
        other = path.replace("art_3101_", "art_3102_")
        host.put(other, article("hanweb", text, "政策文件"))
        row = next(row for row in host.notices if row["original"] == host.url(path))
        row["reposts"] = {host.url(other): "same site"}
        twice.append((other, text))
    return twice


def _column(host: Host, number: str, name: str, shown: Sequence[Shown], *, method: str) -> None:
    """A column page with its first four records, and answers for the others, four at a time."""
    pairs = {"col": "1", "appid": "1", "webid": "31", "path": "/", "columnid": number, "unitid": f"88{number}",
             "sourceContentType": "1", "permissiontype": "0"}  # fmt: skip
    call = (
        f"$('#88{number}').jpage({{themeName:'default',totalRecord:{len(shown)},proxyUrl:'{_PROXY}',"
        f"perPage:2,groupSize:2,ajaxParam:{json.dumps(pairs)}}});"
    )
    box = f'<div id="88{number}"><script type="text/xml">{_store(shown[:4])}</script></div>\n<script>{call}</script>'
    host.list(f"/col/col{number}/index.html", list_page(name, FUYUAN.name, box))
    for start in range(4, len(shown), 4):
        part = shown[start : start + 4]
        query = {"startrecord": f"{start + 1}", "endrecord": f"{start + len(part)}", "perpage": "2", "columnid": number}
        file = f"records-{number}-{start + 1}.xml"
        form = {"form": {"columnid": number}} if method == "POST" else {}
        host.answer(_PROXY, file, _store(part, total=len(shown)), method=method, query=query, **form, headers=_XML)
        asked = {name: query[name] for name in ("startrecord", "endrecord", "perpage")}
        host.lists.append(host.url(f"{_PROXY}?{urlencode({**asked, **pairs})}"))


def _store(shown: Iterable[Shown], *, total: int | None = None) -> str:
    rows = "\n".join(
        f"<record><![CDATA[<li><a href='{path}' title='{text.title}'>{text.title}</a>"
        f"<span>{text.published_on}</span></li>]]></record>"
        for path, text in shown
    )
    said = "" if total is None else f"<totalrecord>{total}</totalrecord><totalpage>{-(-total // 2)}</totalpage>"
    return f"<datastore>\n{said}<recordset>\n{rows}\n</recordset></datastore>\n"


def _directory(host: Host) -> None:
    """`/module/xxgk/search.jsp`: a table of rows, asked by POST with the page's number in the form."""
    shown = [(_art(text, 3103, 7015 - n), text)
             for n, text in enumerate(series(FUYUAN, count=6, topic=17, ends="2021-12-17"))]  # fmt: skip
    host.notices_of("hanweb", "法定主动公开内容", shown)
    search = "/module/xxgk/search.jsp?standardXxgk=1&isAllList=1"
    form = {"infotypeId": "A0101", "jdid": "31", "area": "000021870", "divid": "div3103"}
    script = (
        f"<script>function search(n){{$.post('{search}',{{{','.join(f'{k}:{json.dumps(v)}' for k, v in form.items())},"
        "currpage:n},function(html){$('#div3103').html(html);});}search(1);</script>"
    )
    host.list("/col/col3103/index.html", list_page("法定主动公开内容", FUYUAN.name, '<div id="div3103"></div>', script))
    pages = in_pages(shown, 3)
    for number, rows in enumerate(pages, start=1):
        cells = "\n".join(
            f'<tr class="tr_main_value_{"odd" if place % 2 else "even"}"><td><a href="{host.url(path)}" '
            f'title="{text.title}" target="_blank">{text.title}</a></td><td>{text.index}</td>'
            f"<td>{text.published_on}</td></tr>"
            for place, (path, text) in enumerate(rows)
        )
        body = f"""<table class="tb_main"><tr><th>名称</th><th>索引号</th><th>发布日期</th></tr>
{cells}</table>
<div class="pager">共{len(shown)}条记录 第{number}/{len(pages)}页 <a onclick="search({number + 1})">下一页</a></div>
"""
        path = "/module/xxgk/search.jsp"
        host.answer(path, f"directory-{number}.html", body, method="POST", form={**form, "currpage": f"{number}"})
        asked = {"standardXxgk": "1", "isAllList": "1", **form, "currpage": f"{number}"}
        host.lists.append(host.url(f"{path}?{urlencode(asked)}"))


def jinlu() -> Host:
    """jpaas: the column page only says what to ask; the answers hold fragments of HTML."""
    host = Host("www.jinlumz.example", "Hanweb jpaas: fragments of HTML in JSON, the pager inside the fragment.")
    shown = [(f"/xwdt/tzgg/art/{text.published_on:%Y}/art_{named(text)}.html", text)
             for text in series(JINLU, count=8, topic=3, ends="2024-01-19")]  # fmt: skip
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    pairs = {"parseType": "bulidstatic", "webId": "8d82cf", "tplSetId": "60ac01", "pageType": "column",
             "tagId": "当前栏目_list", "editType": "null", "pageId": "c52d91"}  # fmt: skip
    query = "{" + ",".join(f"'{name}':'{value}'" for name, value in pairs.items()) + "}"
    box = f'<div class="list-box"><script url="{unit}" queryData="{query}"></script></div>'
    host.list("/xwdt/tzgg/index.html", list_page("通知公告", JINLU.name, box))
    for number, rows in enumerate(in_pages(shown, 3), start=1):
        pager = f'<div class="pagination" rows="3" count="{len(shown)}" pageNo="{number}"></div>'
        body = json.dumps({"code": 200, "data": {"html": items(rows) + pager}}, ensure_ascii=False)
        asked: dict[str, str] = dict(pairs)
        if number > 1:
            asked["paramJson"] = json.dumps({"pageNo": number, "pageSize": 3}, separators=(",", ":"))
        # the address without `paramJson` fits all others too, so it stands last
        host.answer(unit, f"unit-{number}.json", body, query=asked)
        host.lists.append(host.url(f"{unit}?{urlencode(asked)}"))
    host.answers.sort(key=lambda answer: "paramJson" not in answer["query"])  # type: ignore[operator]
    host.notices_of("hanweb", "通知公告", shown)
    return host


def beihe() -> Host:
    """UCAP: one column as JSON with each document's metadata, one as pages."""
    host = Host("mzt.beihe.example", "UCAP: a list as JSON by channelId, and one as pages counted from 1.")
    texts = series(BEIHE, count=14, topic=6, ends="2023-12-08")
    shown = [(f"/bh/c11300{3 if n < 9 else 4}/{text.published_on:%Y%m}/{named(text)}.shtml", text)
             for n, text in enumerate(texts)]  # fmt: skip
    host.notices_of("ucap", "政策文件", shown)
    head = '\n<meta name="channelId" content="8b0e37d1c5">'
    script = (
        "<script>$.get('/common/search/' + channelId + '?_isAgg=true&_isJson=true&_pageSize=4&page=' + page);</script>"
    )
    old = '<ul><li><a href="/bh/c113003/201901/0.shtml">关于旧栏目迁移的说明</a><span>2019-01-11</span></li></ul>'
    host.list("/bh/c113003/common_list.shtml", list_page("政策文件", BEIHE.name, old, script, head=head))
    asked = {"_isAgg": "true", "_isJson": "true", "_pageSize": "4", "_template": "index", "_rangeTimeGte": "",
             "_channelName": ""}  # fmt: skip
    for number, rows in enumerate(in_pages(shown[:9], 4), start=1):
        results = [_result(path, row, host) for path, row in rows]
        data = {"page": number, "rows": 4, "total": 9, "results": results}
        path = "/common/search/8b0e37d1c5"
        body = json.dumps({"data": data}, ensure_ascii=False)
        host.answer(path, f"search-{number}.json", body, query={"page": f"{number}", "_isJson": "true"})
        host.lists.append(host.url(f"{path}?{urlencode({**asked, 'page': number})}"))
    for number, rows in enumerate(in_pages(shown[9:], 3), start=1):
        pager = f"<script>createPageHTML('page_div', 2, {number}, 'common_list', 'shtml', 5);</script>"
        name = "common_list.shtml" if number == 1 else f"common_list_{number}.shtml"
        host.list(f"/bh/c113004/{name}", list_page("通知公告", BEIHE.name, items(rows), pager))
    return host


def _result(path: str, text: Text, host: Host) -> Mapping[str, object]:
    pairs = {"indexnum": text.index, "refno": text.number or "null", "source": text.agency}
    listed = [{"key": key, "name": key, "value": value} for key, value in pairs.items()]
    return {
        "title": text.title,
        "url": host.url(path),
        "publishedTimeStr": f"{text.published_on} 09:05:11",
        "domainMetaList": [{"resultList": listed}],
    }


def dongting() -> Host:
    """gkmlpt: an index without entries, pages of data, documents in scripts."""
    host = Host("www.dongting.example", "gkmlpt: a JSON list by SID, documents as data in the page's script.")
    texts = series(DONGTING, count=7, topic=14, ends="2024-02-23")
    shown = [(f"/dtmz/gkmlpt/content/1/{1094 - n}/post_{1094 - n}.html", text) for n, text in enumerate(texts)]
    host.notices_of("gkmlpt", "", shown)
    config = """<script>window._CONFIG = {SID: '760031', TREE: [{"id": 2811, "name": "通知公告"}]};</script>"""
    host.list("/dtmz/gkmlpt/index", shell("政府信息公开", DONGTING.name, config))
    for number, rows in enumerate(in_pages(shown, 3), start=1):
        articles = [
            {
                "id": n,
                "title": text.title,
                "url": host.url(path),
                "identifier": text.index,
                "document_number": text.number or "",
                "publisher": text.agency,
                "date": seconds(text.written_on),
                "display_publish_time": seconds(text.published_on),
                "is_expired": int(n == 1),
                "is_abolished": int(n == 2),
            }
            for n, (path, text) in enumerate(rows)
        ]
        path = "/dtmz/gkmlpt/api/all/0"
        body = json.dumps({"total": len(shown), "articles": articles}, ensure_ascii=False)
        host.answer(path, f"all-{number}.json", body, query={"page": f"{number}", "sid": "760031"})
        host.lists.append(host.url(f"{path}?page={number}&sid=760031"))
    return host
