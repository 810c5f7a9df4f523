"""Which links of a page sound like lists of notices."""

from __future__ import annotations

from archive.page import open_page
from archive.records import Page
from crawler.families.columns import find_columns, name_of


def page(body: str, url: str = "http://mzj.shuixi.example/", title: str = "") -> Page:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return open_page(url, html.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def names(body: str, *, inside: str = "http://mzj.shuixi.example/") -> list[str]:
    return [column.name for column in find_columns(page(body, inside), inside=inside)]


def test_columns_of_notices_come_first_and_titles_of_documents_not_at_all() -> None:
    body = (
        "<a href='/xxgk/'>信息公开</a><a href='/tzgg/'>通知公告</a><a href='/mzyw/'>民政要闻</a>"
        "<a href='/hd/'>在线咨询</a>"
        "<a href='/tzgg/1.html'>关于做好2024年第一季度民政服务事项办理工作的通知</a><a href='/gg.pdf'>公告</a>"
    )

    assert ["通知公告", "民政要闻", "信息公开"] == names(body)


def test_a_link_called_more_has_the_name_of_its_box() -> None:
    body = "<div><div><h3>政策文件</h3><a href='/zc/wj/'>更多&gt;&gt;</a></div><ul><li>……</li></ul></div>"

    assert ["政策文件"] == names(body)


def test_a_path_speaks_for_a_column_whose_name_does_not() -> None:
    assert ["本局栏目"] == names("<a href='/zwgk/tzgg/'>本局栏目</a><a href='/abc/'>别的栏目</a>")


def test_a_bureau_inside_another_site_has_only_what_lies_below_it() -> None:
    body = "<a href='/tzgg/'>通知公告</a><a href='/bm/mzj/tzgg/'>部门公告</a><a href='/zw/mz/'>民政公示</a>"

    assert ["部门公告", "民政公示"] == names(body, inside="http://www.shuixi.example/bm/mzj/")


def test_links_to_other_hosts_are_no_columns() -> None:
    assert ["公示"] == names("<a href='http://www.shuixi.example/tzgg/'>通知公告</a><a href='/gs/'>公示</a>")


def test_a_list_page_is_called_by_the_first_part_of_its_title() -> None:
    assert "通知公告" == name_of(page("", title="通知公告_水西市民政局"))
    assert None is name_of(page("", title="水西市民政局关于印发2024年民政工作要点与责任分工的通知"))
