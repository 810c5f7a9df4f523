"""The seven kinds of repost, where they are not those of the first portal: who shows what, and how it is credited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from miniature.agencies import DONGTING, FUYUAN, LANXI
from miniature.frames import article
from miniature.lists import items, list_page, row
from miniature.site import Host, Shown
from miniature.texts import Agency, Text, write

_PAPER = Agency(name="岚溪日报", short="", towns=("城南", "白鹭镇", "老城"), body="")
_COUNTY = Agency(name="石坪县人民政府", short="石政函", towns=("石坪镇", "麻栗乡", "清水乡"), body="11530822Q")
_NEWS = Agency(name="新闻通讯社", short="", towns=("浮源省", "岚溪市", "北禾省"), body="")
_ACCOUNT = Agency(name="云锦民政", short="", towns=("织里街道", "桑园乡", "染坊镇"), body="")


def reposts(hosts: Mapping[str, Host]) -> list[Host]:
    """The hosts that repost; rows of the notices of `hosts` learn of their reposts."""
    lanxi, fuyuan, yunjin, dongting = (hosts[name] for name in (
        "mzj.lanxi.example", "mzt.fuyuan.example", "mzj.yunjin.example", "www.dongting.example"))  # fmt: skip
    return [
        _county_portal(fuyuan, lanxi),
        _department(lanxi),
        *_media_on_a_bureau(lanxi, fuyuan),
        _media_account(yunjin),
        _chat_platform(dongting),
    ]


def _county_portal(fuyuan: Host, lanxi: Host) -> Host:
    """A county republishes what the units above it issued: own index number, own day; once with an empty 来源."""
    host = Host("www.shiping.example", "A county portal that republishes documents of the units above it.")
    shown: list[Shown] = []
    for above, number, credit in ((fuyuan, 6, FUYUAN.name), (fuyuan, 0, ""), (lanxi, 4, LANXI.name)):
        issued = _text(above, number)
        day = issued.published_on + timedelta(days=5)
        text = replace(issued, published_on=day, index=f"{_COUNTY.body}/{day.year}-{400 + number:05}")
        path = f"/zfxxgk/sjwj/{day:%Y%m%d}/{3310 + number + len(shown)}.html"
        head = f'<table class="xxgk"><tr><td>索引号：</td><td>{text.index}</td></tr></table>\n'
        host.put(path, article("byline", text, "上级文件", source=credit, site=_COUNTY.name, head=head))
        _credit(above, issued, host.url(path), "same text")
        shown.append((path, text))
    own = [(f"/zfxxgk/sjwj/{text.published_on:%Y%m%d}/3340.html", text)
           for text in (write(_COUNTY, 10, shown[0][1].published_on - timedelta(days=2)),)]  # fmt: skip
    for path, text in own:
        host.put(path, article("byline", text, "上级文件", source=_COUNTY.name, site=_COUNTY.name))
        _own(host, path, text)
    host.list("/zfxxgk/sjwj/", list_page("上级文件", _COUNTY.name, items([*shown, *own])))
    return host


def _department(lanxi: Host) -> Host:
    """Sideways: the bureau's document in the directory of another department of its city."""
    host = Host("xxgk.lanxi.example", "A city's disclosure directory: documents of one department under another.")
    shown: list[Shown] = []
    for number in (0, 4):
        issued = _text(lanxi, number)
        path = f"/fgw/zcwj/{issued.published_on:%Y%m}/t{issued.published_on:%Y%m%d}_{7700 + number}.html"
        text = replace(issued, index=f"11610004R/{issued.published_on.year}-{200 + number:05}")
        host.put(path, article("trs", text, "部门文件"))
        _credit(lanxi, issued, host.url(path), "same text")
        shown.append((path, text))
    host.list("/fgw/zcwj/", list_page("部门文件", "岚溪市发展和改革委员会", items(shown)))
    return host


def _media_on_a_bureau(lanxi: Host, fuyuan: Host) -> list[Host]:
    """The bureau reposts the press, with a link and without; and lists pages that are not its own."""
    paper = Host("www.lanxirb.example", "A newspaper that a bureau reposts and links, and whose page is gone.")
    news = Host("www.xwtxs.example", "A news agency that lists link to.")
    story = write(_PAPER, 19, _text(lanxi, 2).published_on)
    at = "/html/2023-05/content_88102.html"
    linked, unlinked = "/mtsj/202305/t20230531_4201.html", "/mtsj/202304/t20230412_4202.html"
    foot = f'<p>原文链接：<a href="{paper.url(at)}">{paper.url(at)}</a></p>\n'
    lanxi.put(linked, article("byline", story, "媒体视角", source=_PAPER.name, site=LANXI.name, foot=foot))
    paper.expect(at, story, **{lanxi.url(linked): "link"})["captured"] = False
    paper.traps[paper.url(at)] = "gone"
    other = write(_PAPER, 6, story.published_on - timedelta(days=49))
    lanxi.put(unlinked, article("byline", other, "媒体视角", source="浮源日报", site=LANXI.name))
    lanxi.expect(unlinked, other)
    wire = write(_NEWS, 3, story.published_on - timedelta(days=20))
    away = "/politics/2023-05/11/c_112960.htm"
    news.put(away, article("byline", wire, "时政", source=_NEWS.name, site=_NEWS.name))
    _alone(news, away, wire)
    province, at_home = _text(fuyuan, 1), f"{fuyuan.notices[1]['original']}"
    rows = "\n".join(row(url, text.title, f"{text.published_on}") for url, text in (
        (linked, story), (news.url(away), wire), (at_home, province), (unlinked, other)))  # fmt: skip
    lanxi.list("/mtsj/", list_page("媒体视角", LANXI.name, f'<ul class="list">\n{rows}\n</ul>'))
    return [paper, news]


def _media_account(yunjin: Host) -> Host:
    """A platform of accounts: 来源 names the platform, the publisher is the account's name over the text."""
    host = Host("www.shuixiangxw.example", "A news platform of accounts: 来源 is the platform, the account publishes.")
    issued = _text(yunjin, 3)
    own = write(_ACCOUNT, 14, issued.published_on - timedelta(days=6))
    shown: list[Shown] = []
    for number, text in enumerate((issued.shown_on(issued.published_on + timedelta(days=1)), own)):
        path = f"/newsDetail_forward_{1930041 - number}.html"
        head = '<div class="author"><a href="/user_5512">云锦民政</a></div>\n'
        source = "水乡新闻·水乡号·政务"
        host.put(path, article("byline", text, "政务号", source=source, site="水乡新闻", head=head))
        shown.append((path, text))
    _credit(yunjin, issued, host.url(shown[0][0]), "same text")
    _own(host, *shown[1])
    host.list("/list_5512.html", list_page("云锦民政", "水乡新闻", items(shown)))
    return host


def _chat_platform(dongting: Host) -> Host:
    """An entry of the catalogue of Dongting that has no page there: its link goes to an account's article."""
    host = Host("mp.weixun.example", "A chat platform: articles of accounts that bureaus list as their own.")
    text = write(DONGTING, 3, _text(dongting, 0).published_on - timedelta(days=4))
    path = "/s/Hk3xQ9vTz0aLw"
    host.put(path, article("byline", text, "公众号", source="东汀民政", site="微讯公众平台"))
    _alone(host, path, text)
    _list_elsewhere(dongting, host.url(path), text)
    return host


def _list_elsewhere(dongting: Host, url: str, text: Text) -> None:
    """Add an article to the last page of the data, and to every total."""
    import json

    for name in [name for name in dongting.files if name.startswith("/_answers/all-")]:
        data = json.loads(dongting.files[name])
        data["total"] += 1
        if name.endswith("-3.json"):
            data["articles"].append({"id": 99, "title": text.title, "url": url, "post_url": url,
                                     "publisher": text.agency, "date": data["articles"][0]["date"]})  # fmt: skip
        dongting.files[name] = json.dumps(data, ensure_ascii=False)


def _text(host: Host, number: int) -> Text:
    return host.texts[f"{host.notices[number]['original']}"]


def _credit(host: Host, text: Text, url: str, manner: str) -> None:
    row = next(row for row in host.notices if row["title"] == text.title)
    row["reposts"] = {**row["reposts"], url: manner}  # type: ignore[dict-item]


def _own(host: Host, path: str, text: Text) -> None:
    """What a portal wrote itself: nobody knows an original."""
    host.notices.append({"title": text.title, "original": None, "captured": False,
                         "published_on": f"{text.published_on}", "reposts": {host.url(path): "none"}})  # fmt: skip


def _alone(host: Host, path: str, text: Text) -> None:
    """A page of a host that nobody knows, alone: neither an original nor a repost."""
    host.notices.append({"title": text.title, "original": None, "captured": False,
                         "published_on": f"{text.published_on}", "reposts": {}, "alone": host.url(path)})  # fmt: skip
