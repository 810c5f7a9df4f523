"""Credit lines in every printed form (labels run together, alone in a cell, without a colon, without a label)."""

from __future__ import annotations

import pytest

from archive.dates import BEIJING
from archive.extract import read
from archive.page import open_page
from archive.records import Reading

HTML = (("Content-Type", "text/html"),)
TEXT = (
    "<p>各区民政局要在月底前完成对低保对象的走访，登记需要，及时发放。</p><p>有关情况请于每月五日前报送，逾期通报。</p>"
)

FORMS = [
    ("来源:桐川市民政局 作者:佚名时间:2021-11-05", "桐川市民政局", None, "2021-11-05"),
    ("<span>2018-01-17</span> 来源 :公益报 作者 : 李示例", "公益报", "李示例", "2018-01-17"),
    ("[ 作者:王示例 文章来源:民政处 点击数:  更新时间:2012/5/6 录入:admin ]", "民政处", "王示例", "2012-05-06"),
    ("信息来源：青山市民政局 发布时间：2020-03-04 10:22 浏览次数：33", "青山市民政局", None, "2020-03-04 10:22"),
    ("作者: 时间:2020-3-4 浏览:22 来源:资料网", "资料网", None, "2020-03-04"),
    ("来源：　　发布时间：2020年3月4日　　【字体：大 中 小】", None, None, "2020-03-04"),
    ("发布日期：2020-03-04　来源：办公室 下载 打印", "办公室", None, "2020-03-04"),
    (
        "<ul><li>发布时间：2023-05-06 08:01:02</li><li>来源：救助处</li><li>字体：[大 中 小]</li></ul>",
        "救助处",
        None,
        "2023-05-06 08:01",
    ),
    (
        "<em>2023</em> <em>05</em>/<em>06</em> <b>10:00:01</b> <span>来源：<em>示例社</em></span>",
        "示例社",
        None,
        "2023-05-06 10:00",
    ),
    ("2023年05月06日 10:00 | 来源：<a href='/'>示例网</a> 小字号", "示例网", None, "2023-05-06 10:00"),
    (
        "<em>2023-05-06 16:40</em> 来源：示例政府网 【字体：<a>大</a> <a>小</a>】 <a>打印</a>",
        "示例政府网",
        None,
        "2023-05-06 16:40",
    ),
    ("发布机构：青山市民政局　　发文日期：2023-05-06　　点击：12次", "青山市民政局", None, None),
    ("时间：2021-03-08 &nbsp; 编辑：李示例 &nbsp; 来源：社会报、民政部网站", "社会报、民政部网站", None, "2021-03-08"),
    ("稿源：青山日报 2021-03-08 07:30:00", "青山日报", None, "2021-03-08 07:30"),
    ("转载自：《示例民政》2021年第3期 发布时间：2021-03-08", "《示例民政》2021年第3期", None, "2021-03-08"),
    ("供稿：社会救助处　审核：王示例　发布时间：2021-03-08", "社会救助处", None, "2021-03-08"),
    (
        "<table><tr><td>来源：</td><td>青山局</td><td>日期：</td><td>2021-03-08</td></tr></table>",
        "青山局",
        None,
        "2021-03-08",
    ),
    ("来源：https://mzj.shili.example/a/1.html 时间：2021-03-08", None, None, "2021-03-08"),
    ("2021-03-08 09:00 来源：示例客户端 我要评论(0)", "示例客户端", None, "2021-03-08 09:00"),
    ("发表于：2021-03-08　分类：救助　阅读：33", None, None, "2021-03-08"),
    ("2021/3/8 9:05:00 青山市民政局", "青山市民政局", None, "2021-03-08 09:05"),
    ("<span>青山日报</span><span>2021年03月08日07:17</span><a>我要分享</a>", "青山日报", None, "2021-03-08 07:17"),
    ("来源：示例网|作者：记者 王示例|2021-03-08", "示例网", "记者 王示例", "2021-03-08"),
    ("撰稿：王示例 摄影：李示例 2021年3月8日", None, "王示例", "2021-03-08"),
    ("责任编辑：张示例 来源：青山市民政局 发布时间：2021.03.08", "青山市民政局", None, "2021-03-08"),
    ("来源：本网 作者：管理员 发布时间：2021-03-08", "青山民政网", None, "2021-03-08"),
    ("来自：青山日报　2021-03-08", "青山日报", None, "2021-03-08"),
    ("单位：救助科　日期：2021-03-08", "救助科", None, "2021-03-08"),
    ("来源：青山市民政局（救助科）时间：2021-03-08", "青山市民政局（救助科）", None, "2021-03-08"),
    ("主办单位：青山市民政局 报名截止时间：2021-05-08 发布：2021-03-08", None, None, "2021-03-08"),
    ("2021-03-08 11:22:33 青山市民政局 点击：22", "青山市民政局", None, "2021-03-08 11:22"),
    ("来源：青山日报　2021-03-08 15:00:00", "青山日报", None, "2021-03-08 15:00"),
    ("来源<a>青山网</a>| 33次阅读| 发表于2021-03-08 21:30", "青山网", None, "2021-03-08 21:30"),
]


@pytest.mark.parametrize(("byline", "source", "author", "published"), FORMS, ids=[form[0] for form in FORMS])
def test_a_byline_gives_source_author_and_time(
    byline: str, source: str | None, author: str | None, published: str | None
) -> None:
    reading = _read(f"<div class='info'>{byline}</div><div class='TRS_Editor'>{TEXT}</div>")

    assert (source, author, published) == (reading.attribution, reading.author, _printed(reading))


def test_a_credit_below_the_text_is_found() -> None:
    reading = _read(
        f"<div class='TRS_Editor'>{TEXT}</div><p>来源：青山市民政局</p><p>发布日期：2019-03-06 责任编辑：龙示例</p>"
    )

    assert ("青山市民政局", "2019-03-06") == (reading.attribution, _printed(reading))


def test_times_and_places_in_the_text_are_no_byline() -> None:
    meeting = (
        "<p>现将会议安排通知如下，请准时参加。</p><p>时间：2021年12月1日</p><p>来源：各区推荐的人员，名单附后。</p>"
    )
    reading = _read(f"<p>发布时间：2021-11-20</p><div class='TRS_Editor'>{meeting}</div>")

    assert (None, "2021-11-20") == (reading.attribution, _printed(reading))


def test_the_disclaimer_of_a_portal_is_no_credit() -> None:
    below = "<p>凡本网注明来源：青山民政网的作品，版权均属本网，转载请注明来源：青山民政网。</p>"
    reading = _read(f"<p>2021-11-20</p><div class='TRS_Editor'>{TEXT}</div>{below}")

    assert reading.attribution is None


def _read(body: str) -> Reading:
    head = "<title>关于开展走访工作的情况_青山民政网</title>"
    html = f"<html><head>{head}</head><body><h1>关于开展走访工作的情况</h1>{body}</body></html>"
    return read(open_page("http://mzj.qingshan.example/a/b.html", html.encode(), HTML))


def _printed(reading: Reading) -> str | None:
    if reading.published_at is not None:
        return reading.published_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return reading.published_on.isoformat() if reading.published_on is not None else None
