"""A notice that its bureau edits in silence: what a crawl that looks again makes of it, and what a person is told."""

from __future__ import annotations

import json
from pathlib import Path

from archive.store import open_reader
from crawler.demo import Web
from tests.crawler.crawling import crawl
from tests.dump import dump
from tests.e2e.commands import minzheng

NOTICE = "http://www.yunlingmz.example/gsgg/20211102/1230.html"
PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>云岭县民政局</title></head>
<body>
<div class="weizhi">当前位置：<a href="/">首页</a> - <a href="/gsgg/">公示公告</a> - 正文</div>
<div class="wen">
<h2>关于拟发放高龄津贴人员名单的公示</h2>
<p class="laiyuan">发布时间：2021-11-02　来源：云岭县民政局　浏览次数：<span id="hits">12</span></p>
<div class="neirong">
<p>　　经本人申请、村（居）核实、乡镇审核，拟对下列老年人按每人每月100元的标准发放高龄津贴，现予公示。</p>
<p>　　公示时间：2021年11月3日至11月9日。对名单有异议的，请在公示期内向县民政局养老服务股反映。</p>
<table><tr><td>序号</td><td>姓名</td><td>乡镇</td></tr>
<tr><td>1</td><td>周秀英</td><td>桥头镇</td></tr>
<tr><td>2</td><td>吴桂兰</td><td>石门乡</td></tr>
<tr><td>3</td><td>郑德明</td><td>桥头镇</td></tr>
<tr><td>4</td><td>孙玉珍</td><td>云台镇</td></tr></table>
<p>　　云岭县民政局</p><p>　　2021年11月2日</p>
</div></div>
<div class="foot">云岭县民政局主办　您是第<span id="n">000358</span>位访客</div>
</body></html>"""


def test_of_three_edits_two_are_revisions_classed_by_what_they_are_and_the_counter_is_none(
    web: Web, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    web.sites.put(NOTICE, PAGE, headers={"Content-Type": "text/html"})
    looks = [crawl(folder, only=[], articles=[NOTICE])]
    for edits in (
        [("100元", "80元")],
        [("吴桂兰</td><td>石门乡", "吴桂莲</td><td>石门乡"), ('<span id="hits">12', '<span id="hits">977')],
        [('<span id="hits">977', '<span id="hits">1204'), ("000358", "000912")],
    ):
        for old, new in edits:
            web.sites.edit(NOTICE, old, new)
        looks.append(crawl(folder, only=[], articles=[NOTICE]))
    timeline = json.loads(minzheng(folder, "history", NOTICE, "--json").out)["timeline"]

    assert [0] * 4 == [look.code for look in looks], [look.err for look in looks]
    assert 4 == sum(1 for one in web.log if one.url == NOTICE and one.status == 200)
    assert [
        ("first_seen", [], None),
        ("revised", ["amount"], "100元 → 80元"),
        ("revised", ["names"], "吴桂兰 → 吴桂莲"),
    ] == [(one["what"], one["classes"], one["headline"]) for one in timeline]
    before = rows(folder)
    (folder / "notices.db").unlink()
    assert minzheng(folder, "rebuild").code == 0
    assert before == rows(folder)


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every derived row."""
    db = open_reader(folder / "notices.db")
    found = dump(db)
    db.close()
    return found
