"""A bureau's site before and after it was made anew: 45 notices in two templates, at other addresses.

All text is invented. The cruel ones are at the end: notices of one series, short texts, a title that loses its head,
a date that is printed elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.records import Source

HOST = "http://mzj.songling.example"
LIST = f"{HOST}/tzgg/"
BUREAU = Source(
    key="songling",
    agency="松岭市民政局",
    kind="bureau",
    home=f"{HOST}/",
    addresses=("mzj.songling.example/",),
)
_TOWNS = ("河东", "柳坪", "石桥", "南塘", "北岗", "清水", "白鹿", "金沙")
_KINDS = (
    (
        "关于公布{town}街道居家养老服务站运营单位的公告",
        "经公开比选并报局党组研究，{town}街道居家养老服务站由第{n}家报名单位承接运营，服务期自签约之日起三年。",
        "运营单位应当在签约后{n}0日内开业，为辖区老年人提供助餐、助浴和日间照料服务，并接受街道的季度考核。",
    ),
    (
        "关于{town}区域社会组织年度检查结论的通告",
        "根据社会团体登记管理的有关规定，现将{town}区域{n}7家社会组织的年度检查结论予以通告。",
        "结论为基本合格的，应当在三个月内完成整改并提交书面报告；逾期不整改的，列入活动异常名录并向社会公布。",
    ),
    (
        "关于开展{town}片区地名标志巡查的通知",
        "为迎接国家地名信息库核查，定于本月第{n}周开展{town}片区地名标志巡查，重点检查缺失、破损和错字。",
        "各街道应当安排专人随行，对发现的问题现场登记、拍照留存，并在十五日内完成更换，更换情况报区划地名科。",
    ),
    (
        "关于{town}公益性公墓维修期间暂停祭扫的公告",
        "因道路塌方维修，{town}公益性公墓自即日起暂停祭扫{n}5天，恢复开放的时间另行公告。",
        "请群众合理安排时间，通过网络祭扫平台寄托哀思；确有安葬需要的，请提前三日与墓区管理处电话联系预约。",
    ),
    (
        "关于{town}慈善超市物资接收情况的公示",
        "{town}慈善超市本年度共接收社会各界捐赠的衣物、粮油和学习用品{n}432件，已全部登记入库并分类消毒。",
        "物资将按照孤儿、特困人员、低保家庭的顺序发放，发放结果在社区公开栏张贴，接受捐赠人和群众监督。",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One notice of the site; `new_title` and `moved_date` are what the new template does to it.

    A short text has a file, of the name `file`.
    """

    number: int
    title: str
    on: str
    paragraphs: tuple[str, ...]
    new_title: str = ""
    moved_date: bool = False
    file: str = ""

    @property
    def old_url(self) -> str:
        """Its address in the old site, a TRS."""
        return f"{LIST}{self.on[:7].replace('-', '')}/t{self.on.replace('-', '')}_{77000 + self.number}.html"

    @property
    def new_url(self) -> str:
        """Its address in the new one, which counts anew."""
        return f"{HOST}/art/{int(self.on[:4])}/{int(self.on[5:7])}/{int(self.on[8:])}/art_12_{self.number * 3}.html"


def site() -> list[Planned]:
    """All notices, the newest first."""
    plain = [
        Planned(
            number=number,
            title=title.format(town=town, n=number % 9 + 1),
            on=f"2024-{number % 12 + 1:02}-{number % 27 + 1:02}",
            paragraphs=tuple(text.format(town=town, n=number % 9 + 1) for text in texts),
        )
        for number, (town, (title, *texts)) in enumerate(
            ((town, kind) for town in _TOWNS for kind in _KINDS[: 4 if town == _TOWNS[0] else 5]), start=1
        )
    ]
    fund = "现将临时救助资金拨付情况予以公示：共拨付资金{}.6万元，惠及困难群众303户，公示期七日，监督电话见公开栏。"
    title = "2024年第{}季度临时救助资金公示"
    series = [
        Planned(number=40 + n, title=title.format(n), on=f"2024-1{n}-08", paragraphs=(fund.format(21),)) for n in (1, 2)
    ]
    short = [
        Planned(
            number=43,
            title="关于拟表彰优秀社会工作者的公示",
            on="2024-09-03",
            paragraphs=("名单见附件。",),
            file="名单.docx",
        ),
        Planned(
            number=44,
            title="关于拟命名和谐示范社区的公示",
            on="2024-09-03",
            paragraphs=("名单见附件。",),
            file="名单.docx",
        ),
    ]
    loses_head = replace(plain[4], title="松岭市民政局" + plain[4].title, new_title=plain[4].title)
    same_title = Planned(
        number=45,
        title="松岭市临时救助资金公示",
        on="2024-06-08",
        paragraphs=(fund.format(22),),
        moved_date=True,
    )
    other = replace(same_title, number=40, on="2024-06-09", paragraphs=(fund.format(23),), moved_date=False)
    found = [*plain[:4], loses_head, *plain[5:], *series, *short, same_title, other]
    return sorted(found, key=lambda one: (one.on, one.number), reverse=True)


def old_page(one: Planned) -> str:
    """As the old template prints it: official tags, a line under the title, paragraphs with wide blanks."""
    body = "".join(f"<p>　　{text}</p>\n" for text in one.paragraphs)
    body += (
        f'<p>附件：<a href="./P0{one.number}.docx" OLDSRC="W0{one.number}.docx">{one.file}</a></p>' if one.file else ""
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{one.title}_松岭市民政局</title>
<meta name="SiteName" content="松岭市民政局"><meta name="ColumnName" content="通知公告">
<meta name="ArticleTitle" content="{one.title}"><meta name="PubDate" content="{one.on} 09:10">
<meta name="ContentSource" content="松岭市民政局"></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>
<div class="crumb">您当前的位置：<a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a></div>
<div class="zwxl-main"><h1 class="title">{one.title}</h1>
<div class="bar">日期：{one.on}　来源：松岭市民政局　字 号：<a href="#">大</a> <a href="#">中</a></div>
<div class="view TRS_UEDITOR">{body}<p align="right">松岭市民政局</p></div>
<div class="share">分享到：<a href="#">微信</a> <a href="javascript:window.close()">【关闭】</a></div></div>
<div class="footer"><p>主办：松岭市民政局　政府网站标识码：4299990017</p></div></body></html>"""


def new_page(one: Planned) -> str:
    """As the new one does: other tags or none, the day in words or in a tag alone, runs of text within a frame."""
    title = one.new_title or one.title
    day = f"{one.on[:4]}年{one.on[5:7]}月{one.on[8:]}日"
    tags = f'<meta name="PubDate" content="{one.on} 09:10:00">' if one.moved_date or one.number % 3 == 0 else ""
    line = "" if one.moved_date else f"发布时间：{day}　"
    body = "<br>\n".join(f"<span>&nbsp;&nbsp;&nbsp;&nbsp;{text.replace('，', '， ')}</span>" for text in one.paragraphs)
    more = "<p>（此件主动公开）</p>" if one.number % 7 == 0 else ""
    more += f'<p><a href="/module/download/{one.number}.docx">{one.file}</a></p>' if one.file else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{tags}</head><body>
<div class="top"><a href="/">松岭市民政局</a><a href="/col/col12/index.html">通知公告</a></div>
<div class="article"><h2>{title}</h2>
<div class="info">{line}信息来源：办公室　浏览次数：<b>{one.number * 31}</b>　【字体：<a>大</a> <a>小</a>】</div>
<div id="zoom" class="bt_content"><p>{body}</p>{more}<p style="text-align:right">松岭市民政局</p></div>
<div class="tools"><a href="javascript:window.print()">打印本页</a></div></div>
<div class="foot">版权所有：松岭市民政局　网站标识码 4299990017</div></body></html>"""


def list_page(notices: Sequence[Planned], *, new: bool) -> str:
    """The list of all notices, before or after."""
    urls = [one.new_url if new else one.old_url for one in notices]
    titles = [one.new_title or one.title if new else one.title for one in notices]
    days = [one.on for one in notices]
    rows = "".join(
        f'<li><a href="{url}">{title}</a><span>{day}</span></li>'
        for url, title, day in zip(urls, titles, days, strict=True)
    )
    return f'<html><head><meta charset="utf-8"></head><body><div class="list"><ul>{rows}</ul></div></body></html>'
