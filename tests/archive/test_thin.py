"""Giants lose markup in their middle and no text outside it; what is no giant stays as it is."""

from __future__ import annotations

import pytest

from archive.extract import read
from archive.page import open_page
from archive.records import Reading
from archive.thin import MOST_ROWS, MOST_TAGS, is_giant, thin

_BEFORE = "各区县民政局要高度重视，认真做好本地区困难群众的救助工作。"
_AFTER = "请各单位于本月底前将工作情况报送市局，逾期不再受理。"


def test_a_page_of_few_tags_stays_as_it_is() -> None:
    page = _page("<p>第一段。</p>" * 1000)

    assert thin(page) is page


@pytest.mark.parametrize(
    "damage",
    [
        "<span>保障，</span>" * (MOST_TAGS // 2),
        "<table>" + "<tr><td>张三<td>某街道" * (MOST_TAGS // 3) + "</table>",
        "名单<br>" * (MOST_ROWS + 1),
    ],
)
def test_a_giant_is_thinned_and_keeps_what_stands_around_its_middle(damage: str) -> None:
    page = _page(damage)
    thinned = thin(page)
    reading = _read(page)

    assert is_giant(page)
    assert not is_giant(thinned)
    assert reading.evidence["text"].endswith("thinned")
    assert _BEFORE in reading.text
    assert _AFTER in reading.text
    assert reading.title == "关于困难群众救助的通知"


def test_the_text_in_the_middle_of_a_giant_is_kept() -> None:
    reading = _read(
        _page("".join(f"<i></i><i></i><i></i><i>第{number}人</i>，" for number in range(MOST_TAGS // 8 + 1)))
    )

    assert all(f"第{number}人" in reading.text for number in (0, MOST_TAGS // 16, MOST_TAGS // 8))


def test_scripts_alone_make_no_giant() -> None:
    thinned = thin(_page("<script>'<p>'</script>" * MOST_TAGS))

    assert "script" not in thinned
    assert _AFTER in thinned


def test_attributes_by_the_thousand_are_cut_and_the_element_stays() -> None:
    tag = f"<p {' '.join(f'data-{number}=1' for number in range(60_000))}>"

    assert len(thin(tag)) < len(tag) // 10
    assert thin(tag).endswith(">")


def _page(damage: str) -> str:
    return (
        "<html><head><title>关于困难群众救助的通知_示例市民政局</title></head><body><h1>关于困难群众救助的通知</h1>"
        f"<div class='TRS_Editor'><p>{_BEFORE}</p><p>{damage}</p><p>{_AFTER}</p></div></body></html>"
    )


def _read(page: str) -> Reading:
    return read(open_page("http://mzj.qingshan.example/a.html", page.encode(), (("Content-Type", "text/html"),)))
