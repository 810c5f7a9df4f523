"""Hosts whose lists are pages: TRS, NFCMS, 博达, JEECMS, nX/cX, hash addresses, enorth."""

from __future__ import annotations

from miniature import office
from miniature.agencies import BAOYAN, HAIBU, JINDU, LANXI, MZSW, NANZHU, YUNJIN
from miniature.frames import article
from miniature.lists import in_pages, items, list_page, named, row
from miniature.site import Host, Shown, series
from miniature.texts import Text


def lanxi() -> Host:
    """TRS, counted from 1: the pager claims the fifty pages of the system's cap, a stub follows the last one."""
    host = Host("mzj.lanxi.example", "TRS that counts from 1: a pager of fifty pages, of which there are three.")
    texts = series(LANXI, count=12, topic=0, ends="2023-06-20")
    shown = [(f"/zwgk/tzgg/{text.published_on:%Y%m}/t{text.published_on:%Y%m%d}_{4100 + n}.html", text)
             for n, text in enumerate(texts)]  # fmt: skip
    for number, rows in enumerate(in_pages(shown, 4), start=1):
        pager = f'<script>createPageHTML(50, {number}, "index", "html");</script>'
        name = "" if number == 1 else f"index_{number}.html"
        host.list(f"/zwgk/tzgg/{name}", list_page("通知公告", LANXI.name, items(rows, "tab-item"), pager))
    host.put("/zwgk/tzgg/index_4.html", "<html><head><title></title></head><body></body></html>\n")
    host.traps[host.url("/zwgk/tzgg/index_4.html")] = "stub"
    host.notices_of("trs", "通知公告", [one for one in shown if one is not shown[5]])
    _split(host, *shown[5])
    return host


def _split(host: Host, path: str, text: Text) -> None:
    """A long notice in three pages, the pager of which has the name of the article."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".html")
    rest = series(LANXI, count=3, topic=13, ends="2022-01-20")[1:]
    first = host.url(path)
    for number, part in enumerate((text.paragraphs, *(more.paragraphs for more in rest))):
        whole = Text(title=text.title, agency=text.agency, published_on=text.published_on, written_on=text.written_on,
                     paragraphs=part, subject="动态")  # fmt: skip
        pager = f'<div class="page"><script>createPageHTML(3, {number}, "{stem}", "html");</script></div>'
        page = article("trs", whole, "通知公告").replace(
            '</div>\n</div>\n<div class="footer">', f'</div>\n{pager}\n</div>\n<div class="footer">'
        )
        where = path if number == 0 else path.replace(".html", f"_{number}.html")
        host.put(where, page)
        if number:
            host.parts[host.url(where)] = first
    host.expect(path, text)


def nanzhu() -> Host:
    """NFCMS: pages counted from 1, every document listed a second time for phones."""
    host = Host("mzj.nanzhu.example", "NFCMS: pages from 1, each document twice, for desks and for phones.")
    texts = series(NANZHU, count=9, topic=2, ends="2024-03-29")
    shown = [(f"/tzgg/content/post_{3900240 - 7 * n}.html", text) for n, text in enumerate(texts)]
    for number, rows in enumerate(in_pages(shown, 3), start=1):
        both = [twin for path, text in rows for twin in ((path.replace("post_", "mpost_"), text), (path, text))]
        pager = f"<script>createPageHTML(3, {number}, 'index', 'html');</script>"
        name = "" if number == 1 else f"index_{number}.html"
        host.list(f"/tzgg/{name}", list_page("通知公告", NANZHU.name, items(both), pager))
    host.notices_of("nfcms", "通知公告", shown)
    return host


def baoyan() -> Host:
    """博达: the page after the newest has the highest number."""
    host = Host("mzj.baoyan.example", "博达: list pages that count down, tzgg.htm, tzgg/2.htm, tzgg/1.htm.")
    texts = series(BAOYAN, count=8, topic=5, ends="2023-11-17")
    shown = [(f"/info/1011/{4861 - 3 * n}.htm", text) for n, text in enumerate(texts)]
    names = ("/tzgg.htm", "/tzgg/2.htm", "/tzgg/1.htm")
    after = ("tzgg/2.htm", "1.htm", None)
    for name, turn, rows in zip(names, after, in_pages(shown, 3), strict=True):
        link = f'<a href="{turn}">下页</a>' if turn else "下页"
        pager = f'<span class="p_pages"><span class="p_t">共8条</span><span class="p_next p_fun">{link}</span></span>'
        host.list(name, list_page("通知公告", BAOYAN.name, items(rows), pager))
    host.notices_of("vsb", "通知公告", [one for one in shown if one not in (shown[4], shown[7])])
    _with_files(host, *shown[7])
    _only_a_pdf(host, *shown[4])
    return host


def _with_files(host: Host, path: str, text: Text) -> None:
    """A notice with a file of every kind: handed out by a script of the system, or lying in a folder beside it."""
    listed = [["序号", "机构", "所在街道", "床位"], [1, "银杏颐养中心", "柳泉街道", 48], [2, "塬上敬老院", "塬上", 30]]
    files = {
        "体验机构名单.xlsx": office.xlsx({"机构": listed, "说明": [["床位为登记时的数目"]]}),
        "往年体验记录.xls": office.xls({"记录": [["机构", "评分"], ["宝岩市第二福利院", 92.5]]}),
        "征集工作批复（扫描件）.pdf": office.pdf([], []),
        "体验员承诺书.wps": office.ole({"WordDocument": b"\xec\xa5"}),
        "报名材料.zip": office.packed_as("gbk", {"1.报名表.doc": b"-", "2.承诺书样式.doc": b"-"}),
    }
    says = {
        "xlsx": ("xlsx", "1 | 银杏颐养中心 | 柳泉街道 | 48"),
        "xls": ("xls", "宝岩市第二福利院 | 92.5"),
        "pdf": (None, "no text: a scan, none of its 2 pages has any"),
        "wps": (None, "not read: an old Word document (.doc, .wps)"),
        "zip": ("zip", "2.承诺书样式.doc"),
    }
    links = []
    for number, (name, body) in enumerate(files.items(), start=1):
        kind = name.rpartition(".")[2]
        at = f"/__local/5/B6/{number:02}.{kind}"
        host.put(at, body)
        host.link(at, of=path, name=name, body=body, read_as=says[kind][0], says=says[kind][1])
        links.append(f'<p>附件{number + 1}：<a href="{at}">{name}</a></p>')
    blanks = [["姓名", "联系电话", "紧急联系人"], ["", "", ""]]
    form = office.docx("体验员报名表", "填表前请阅读背面的填报须知。", blanks)
    at = "/system/_content/download.jsp"
    host.answer(at, "form.docx", form, query={"wbfileid": "99120"})
    asked = f"{at}?urltype=news.DownloadAttachUrl&wbfileid=99120"
    host.link(asked, of=path, name="体验员报名表.docx", body=form, read_as="docx", says="姓名 | 联系电话 | 紧急联系人")
    first = f'<p>附件1：<a href="{at}?urltype=news.DownloadAttachUrl&amp;wbfileid=99120">体验员报名表.docx</a></p>'
    block = "\n".join(['<div class="attach">', first, *links, "</div>", "</form>"])
    host.put(path, article("vsb", text, "通知公告").replace("</form>", block))
    host.expect(path, text)


def _only_a_pdf(host: Host, path: str, text: Text) -> None:
    """A notice whose page is a title and a link: all that it says stands in the file."""
    at = path.replace(".htm", ".pdf")
    body = office.pdf([text.title, *text.paragraphs], ["（此页无正文）", text.agency])
    host.put(at, body)
    host.link(at, of=path, name=f"{text.title}.pdf", body=body, read_as="pdf", says=text.paragraphs[0][:20])
    only = Text(title=text.title, agency=text.agency, published_on=text.published_on, written_on=text.written_on,
                paragraphs=("",), subject="动态")  # fmt: skip
    page = article("vsb", only, "通知公告")
    host.put(path, page.replace("<p>　　</p>", f'<p><a href="{at}">{text.title}.pdf</a></p>'))
    host.expect(path, text)


def yunjin() -> Host:
    """JEECMS: a column that is a file, turned by buttons; the button of the last page leads past the end."""
    host = Host("mzj.yunjin.example", "JEECMS: pages turned by a button, which the last one has too.")
    texts = series(YUNJIN, count=8, topic=8, ends="2022-12-09")
    shown = [(f"/tzgg/{2207 - 4 * n}.jhtml", text) for n, text in enumerate(texts)]
    for number, rows in enumerate(in_pages(shown, 3), start=1):
        goes = f"location.href='tzgg_{number + 1}.jhtml'"
        pager = f'<div>{number}/3页 <input type="button" value="下一页" onclick="{goes}"></div>'
        name = "/tzgg.jhtml" if number == 1 else f"/tzgg_{number}.jhtml"
        host.list(name, list_page("通知公告", YUNJIN.name, items(rows), pager))
    host.notices_of("jhtml", "通知公告", shown)
    return host


def ministry() -> Host:
    """nX/cX: pages named by their component, counting down to the oldest, all of them hidden links."""
    host = Host("www.mzsw.example", "nX/cX: index_<component>_<n>.html, hidden links that count down.")
    texts = series(MZSW, count=11, topic=10, ends="2024-05-24")
    shown = [(f"/n152/n165/c16620049{99998811 - 13 * n}/content.html", text) for n, text in enumerate(texts)]
    pages = in_pages(shown, 3)
    hidden = "".join(f'<a href="index_1284_{number}.html"></a>' for number in range(1, len(pages)))
    for place, rows in enumerate(pages):
        cells = "\n".join(
            f'<tr><td><a class="artitlelist" href="{path}" title="{text.title}">{text.title}</a></td>'
            f'<td class="timedefault">{text.published_on}</td></tr>'
            for path, text in rows
        )
        links = f'<div style="display:none">{hidden}</div>'
        table = f'<div id="comp_1284"><table class="article">\n{cells}\n</table>\n{links}</div>'
        name = f"index_1284_{len(pages) - place}.html" if place else "index.html"
        host.list(f"/n152/n165/{name}", list_page("通知公告", MZSW.name, table))
    host.notices_of("nxcx", "通知公告", shown)
    return host


def haibu() -> Host:
    """The kind of Shanghai: hash addresses, a pager by script, rows commented out."""
    host = Host(
        "mzj.haibu.example", "Hash addresses: the day stands in the address alone; rows that are commented out."
    )
    texts = series(HAIBU, count=8, topic=12, ends="2023-09-05")
    shown: list[Shown] = [(f"/tzgg/{text.published_on:%Y%m%d}/{named(text)}.html", text) for text in texts]
    for number, rows in enumerate(in_pages(shown, 3), start=1):
        gone = f"<!-- {row(f'/tzgg/20200101/{number:032x}.html', '关于旧版栏目内容的通知', '2020-01-01')} -->"
        pager = f'<div id="page"></div><script>$("#page").pagination({{totalPage:3,currentPage:{number}}});</script>'
        name = "" if number == 1 else f"index_{number}.html"
        host.list(f"/tzgg/{name}", list_page("通知公告", HAIBU.name, items(rows, "tadaty-list") + gone, pager))
    host.notices_of("hash-list", "通知公告", shown)
    return host


def jindu() -> Host:
    """enorth: GBK, tables, and a column whose address has two slashes that are no slip."""
    host = Host("mz.jindu.example", "enorth: GBK, lists under /system/count//, laid out in tables.", charset="gbk")
    texts = series(JINDU, count=8, topic=15, ends="2019-12-20")
    shown = [(f"/system/{text.published_on:%Y/%m/%d}/0100{23407 - 11 * n}.shtml", text) for n, text in enumerate(texts)]
    stem = "/system/count//0115005/000000000000/000/000/c0115005000000000000_"
    pages = in_pages(shown, 3)
    for number, rows in enumerate(pages, start=1):
        cells = "\n".join(
            f'<tr><td class="title">·<a href="{path}">{text.title}</a></td><td>[{text.published_on}]</td></tr>'
            for path, text in rows
        )
        turn = f'<a class="next" href="{stem}{number + 1:09}.shtml">下一页</a>' if number < len(pages) else "下一页"
        body = list_page("政策法规", JINDU.name, f"<table>\n{cells}\n</table>", turn, charset="gb2312")
        path, name = f"{stem}{number:09}.shtml", f"list-{number}.shtml"
        host.answer(path, name, body)
        host.lists.append(host.url(path))
    host.notices_of("enorth", "政策法规", shown)
    return host
