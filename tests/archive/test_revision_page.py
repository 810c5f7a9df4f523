"""One revision for ever: what was cited yesterday opens yesterday's text byte for byte, or the page says it cannot."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from archive.archive import Archive
from archive.browse.serve import make_datasette
from archive.cli import main
from archive.index import Index
from archive.records import Exchange
from archive.references.address import mark_of
from archive.store import open_reader, open_writer
from archive.text import text_digest
from archive.urls import notice_id, url_key
from tests.browsing import Browser
from tests.build import a_copy, a_notice, a_revision, an_archive
from tests.captures import NOW, an_exchange, article, write_warc

TITLE = "关于发放高龄津贴的通知"
URL = "http://mzj.qingshan.example/tzgg/202603/t20260301_101.html"
REPOST = "http://www.zixun.example/a/1.html"
PARAGRAPHS = (
    "各区民政局：",
    "为做好高龄津贴发放工作，现将有关事项通知如下，请认真贯彻执行，确保按时足额发放到每一位老年人手中。",
    "一、发放标准。年满80周岁、月收入≤800元的老年人，每人每月300元，请于3月15日前向社区提出申请。",
    "二、首批名单：张三、李四、王五。联系电话：0571-12345678。",
)
RAISED, FEWER, SIGN = ("300元", "320元"), ("李四、", ""), ("≤800", "≥800")
ID = notice_id(url_key(URL))


def look(day: int, *edits: tuple[str, str], url: str = URL, original: str | None = None) -> Exchange:
    """The page as it is seen on a day, edited."""
    html = article(TITLE, paragraphs=PARAGRAPHS, original=original)
    for old, new in edits:
        assert old in html
        html = html.replace(old, new)
    return an_exchange(url, html, at=NOW + timedelta(day))


def take_in(folder: Path, *looks: Exchange) -> None:
    """Take a crawl's captures into an archive, at the days that they say."""
    at = looks[0].fetched_at
    with Archive.lock(folder, holder="test") as archive:
        write_warc(archive.warc, f"{at:%Y%m%dT%H%M%SZ}-aaaaaa", looks, at=at)
        db = open_writer(archive.database)
        Index(archive.path, db, run="test").catch_up()
        db.close()


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A citation of a day, and what its address showed then."""

    address: str
    number: int
    text: bytes


def cite(folder: Path, notice: str = ID) -> Cited:
    """Cite what a notice says now."""
    with served(folder) as get:
        (item,) = json.loads(get(f"/notice/{notice}.csl.json").text)
        address = item["URL"].removeprefix("http://localhost")
        number = int(re.search(r"/r/(\d+)\?", address)[1])  # type: ignore[index]
        return Cited(address=address, number=number, text=get(as_text(address)).content)


class served:  # noqa: N801  reads as what it does
    """An archive served while this lasts; gives what asks it, redirects followed."""

    def __init__(self, folder: Path) -> None:
        self.browser = Browser(make_datasette(folder))

    def __enter__(self) -> Callable[[str], Any]:
        def get(path: str) -> Any:
            answer = self.browser.get(path)
            while answer.status_code == 302:
                answer = self.browser.get(answer.headers["location"])
            return answer

        return get

    def __exit__(self, *_: object) -> None:
        self.browser.close()


def as_text(address: str) -> str:
    """The address of the text of a revision, by that of its page."""
    parts = urlsplit(address)
    return f"{parts.path}.txt?{parts.query}"


def text_in(path: Path, key: str, number: int) -> bytes:
    db = open_reader(path / "notices.db")
    row = next(db.query("select text from revisions where copy = ? and number = ?", [key, number]))
    db.close()
    return str(row["text"]).encode()


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Cited]]:
    """An archive of a notice that was edited twice, and what was cited after each look."""
    folder = tmp_path_factory.mktemp("cited") / "archive"
    cited = []
    for looked in (look(0), look(7, RAISED), look(14, RAISED, FEWER)):
        take_in(folder, looked)
        cited.append(cite(folder))
    return folder, cited


@pytest.fixture
def folder(edited: tuple[Path, list[Cited]], tmp_path: Path) -> Path:
    """That archive, to be changed."""
    return Path(shutil.copytree(edited[0], tmp_path / "archive"))


@pytest.fixture(scope="module")
def get(edited: tuple[Path, list[Cited]]) -> Iterator[Callable[[str], Any]]:
    with served(edited[0]) as get:
        yield get


def opens_as_cited(folder: Path, cited: list[Cited]) -> bool:
    """Whether every citation opens its own text, on its page and byte for byte."""
    with served(folder) as get:
        for one in cited:
            page, text = get(one.address), get(as_text(one.address))
            assert (page.status_code, text.status_code) == (200, 200), one.address
            assert text.content == one.text
            assert all(f"<p>{line}</p>" in page.text for line in one.text.decode().split("\n"))
    return True


def test_after_two_edits_every_citation_opens_the_text_that_was_cited(edited: tuple[Path, list[Cited]]) -> None:
    folder, cited = edited

    assert [1, 2, 3] == [one.number for one in cited]
    assert 3 == len({one.text for one in cited})
    assert [text_in(folder, url_key(URL), number) for number in (1, 2, 3)] == [one.text for one in cited]
    assert opens_as_cited(folder, cited)


def test_it_does_after_a_rebuild(folder: Path, edited: tuple[Path, list[Cited]]) -> None:
    (folder / "notices.db").unlink()
    done = CliRunner().invoke(main, ["--archive", str(folder), "rebuild"])

    assert done.exit_code == 0, done.output
    assert opens_as_cited(folder, edited[1])


def test_it_does_after_an_older_capture_was_taken_in(folder: Path, edited: tuple[Path, list[Cited]]) -> None:
    take_in(folder, look(-30, ("每人每月300元", "每人每月200元")))

    assert opens_as_cited(folder, edited[1])
    with served(folder) as get:
        shifted, plain = get(edited[1][0].address).text, get(f"/notice/{ID}/r/1").text
    assert "每人每月300元" in shifted
    assert "版本号在引用之后变过" in shifted
    assert "每人每月200元" in plain


def test_it_does_after_the_id_moved(tmp_path: Path) -> None:
    folder, former = tmp_path / "archive", notice_id(url_key(REPOST))
    take_in(folder, look(0, url=REPOST))
    cited = [cite(folder, former)]
    take_in(folder, look(1))
    take_in(folder, look(7, RAISED), look(7, FEWER, url=REPOST))
    with served(folder) as get:
        page = get(f"/notice/{former}").text

    assert f"<code>{ID}</code>" in page
    assert f"/notice/{former}/r/1?text=" in cited[0].address
    assert opens_as_cited(folder, [*cited, cite(folder)])


def test_a_former_id_counts_the_revisions_of_the_copy_that_gave_it(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    take_in(folder, look(0), look(0, url=REPOST, original=URL))
    take_in(folder, look(7, RAISED))
    alone = notice_id(url_key(REPOST))
    with served(folder) as get:
        assert get(f"/notice/{alone}/r/1.txt").content == text_in(folder, url_key(REPOST), 1)
        assert get(f"/notice/{ID}/r/2.txt").content == text_in(folder, url_key(URL), 2)
        assert get(f"/notice/{alone}/r/2").status_code == 404


def test_a_text_that_is_held_in_its_words_only_is_not_given_as_the_cited_one(folder: Path) -> None:
    cited = cite(folder)
    take_in(folder, look(21, RAISED, FEWER, SIGN))
    with served(folder) as get:
        page, text = get(cited.address), get(as_text(cited.address))
        file = get(as_text(cited.address).replace(".txt", ".ris"))

    assert "≤800" in cited.text.decode()
    assert (page.status_code, text.status_code, file.status_code) == (200, 404, 404)
    assert "≥800" not in text.text
    assert "不能逐字给出" in page.text
    assert "≥800" in page.text


def test_a_text_that_is_not_held_is_never_replaced_by_another(get: Callable[[str], Any]) -> None:
    mark = mark_of("另一份正文", text_digest("另一份正文"))
    for answer in (get(f"/notice/{ID}/r/1?text={mark}"), get(f"/notice/{ID}/r/1.txt?text={mark}")):
        assert answer.status_code == 404
        assert "所引用的正文已不在档案中" in answer.text
        assert PARAGRAPHS[1] not in answer.text


@pytest.mark.parametrize(
    "mark", ["", "0123", "0123456789ab", "0123456789ab-01", "%E6%96%87", "0123456789ab-zzzzzzzzzzzz"]
)
def test_a_mark_that_was_cut_short_is_told_and_no_text_is_shown(get: Callable[[str], Any], mark: str) -> None:
    answer = get(f"/notice/{ID}/r/1?text={mark}&x=1")

    assert (answer.status_code, PARAGRAPHS[1] in answer.text) == (400, False)


def test_a_text_that_another_notice_holds_by_now_is_found_there(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    text = "各区县民政局：\n这份正文后来归到了另一条公告。"
    first = a_notice(db, "先前的通知", url="https://a.example/1.html")
    other = a_notice(db, "后来的通知", text, url="https://a.example/2.html")
    db.close()
    mark = mark_of(text, text_digest(text))
    with served(tmp_path) as get:
        answer, unknown = get(f"/notice/{first}/r/1?text={mark}"), get(f"/notice/aaaaaaaaaaaa/r/1?text={mark}")

    for page in (answer, unknown):
        assert page.status_code == 404
        assert f'href="/notice/{other}/r/1?copy=a.example%2F2.html">后来的通知</a>' in page.text


def test_of_two_states_with_the_cited_text_the_earlier_is_shown_where_numbers_shifted(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    text = "各区县民政局：\n只改了标题。"
    notice = a_notice(db, "后改的标题", "先前的正文。", url="https://a.example/1.html")
    for title in ("引用时的标题", "后改的标题"):
        a_revision(db, "a.example/1.html", text=text, title=title, changed='["title"]')
    db.close()
    with served(tmp_path) as get:
        page = get(f"/notice/{notice}/r/1?text={mark_of(text, text_digest(text))}").text

    assert "<h1>引用时的标题</h1>" in page
    assert "版本号在引用之后变过" in page


def test_the_page_of_an_old_revision_says_so_and_leads_to_the_newest(get: Callable[[str], Any]) -> None:
    old, newest = get(f"/notice/{ID}/r/1").text, get(f"/notice/{ID}/r/3").text

    assert "公告现在已不是这一版" in old
    assert f'href="/notice/{ID}"' in old
    assert f'href="/notice/{ID}/diff?from=1&amp;to=3"' in old
    assert f'href="/notice/{ID}/r/2"' in old
    assert "公告现在就是这一版" in newest
    assert "公告现在已不是这一版" not in newest


def test_a_revision_shows_what_it_said_and_what_showed_it(get: Callable[[str], Any]) -> None:
    page = get(f"/notice/{ID}/r/2").text

    assert f"<h1>{TITLE}</h1>" in page
    assert "每人每月320元" in page
    assert page.count('href="/capture/') >= 1
    assert "2026-03-09 01:00:00" in page.partition('id="captures"')[2]
    assert "2026-03-02 01:00:00" not in page.partition('id="captures"')[2]


def test_every_place_that_a_field_was_read_at_opens_in_the_raw_source(get: Callable[[str], Any]) -> None:
    for page in (f"/notice/{ID}", f"/notice/{ID}/r/1"):
        links = {unescape(link) for link in re.findall(r'href="(/capture/[^"]+)#found"', get(page).text)}

        assert len(links) >= 3
        assert all('id="found"' in get(link).text for link in links)


def test_the_capture_that_shows_why_a_copy_belongs_opens(get: Callable[[str], Any]) -> None:
    copies = get(f"/notice/{ID}").text.partition('id="copies"')[2].partition("</section>")[0]
    links = re.findall(r'href="(/capture/[^"]+)">(20[^<]+@\d+)</a>', copies)

    assert [get(link).status_code for link, _ in links] == [200]


def test_the_text_is_plain_text_byte_for_byte(get: Callable[[str], Any], edited: tuple[Path, list[Cited]]) -> None:
    answer = get(f"/notice/{ID}/r/2.txt")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == edited[1][1].text


@pytest.mark.parametrize("number", ["0", "4", "9" * 20])
def test_a_number_that_no_revision_has_is_told_with_those_there_are(get: Callable[[str], Any], number: str) -> None:
    answer = get(f"/notice/{ID}/r/{number}")

    assert answer.status_code == 404
    assert "没有这一版" in answer.text
    assert re.findall(rf'href="/notice/{ID}/r/(\d)\?copy=', answer.text) == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("day", "number"),
    [("2026-03-02", 1), ("2026-03-08", 1), ("2026-03-09", 2), ("2026-03-15", 2), ("2026-03-16", 3), ("9999-12-31", 3)],
)
def test_a_day_shows_the_revision_of_its_end_in_beijing(get: Callable[[str], Any], day: str, number: int) -> None:
    page = get(f"/notice/{ID}?at={day}").text
    told = f"北京时间 {day} 还没有过完" if day > "9999" else f"北京时间 {day} 结束时"

    assert f"<strong>第 {number} 版</strong>" in page
    assert told in page


def test_the_citation_of_a_day_is_that_of_its_revision(get: Callable[[str], Any]) -> None:
    of_day, of_number = get(f"/notice/{ID}.ris?at=2026-03-08"), get(f"/notice/{ID}/r/1.ris")

    assert of_number.text == of_day.text
    assert get(f"/notice/{ID}.ris?at=gestern").status_code == 400
    assert get(f"/notice/{ID}.ris?at=2026-03-01").status_code == 404


def test_the_end_of_a_day_is_midnight_in_beijing(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    notice = a_notice(db, url="https://a.example/1.html")
    a_revision(db, "a.example/1.html", seen_at="2026-03-09T15:59:59.999Z", changed='["text"]')
    a_revision(db, "a.example/1.html", seen_at="2026-03-09T16:00:00.000Z", changed='["text"]')
    db.close()
    with served(tmp_path) as get:
        shown = [
            re.findall(r"<strong>第 (\d)", get(f"/notice/{notice}?at=2026-03-{day}").text)[0] for day in ("09", "10")
        ]

    assert ["2", "3"] == shown


def test_before_the_first_capture_the_page_says_when_that_was(get: Callable[[str], Any]) -> None:
    answer = get(f"/notice/{ID}?at=2026-03-01")

    assert answer.status_code == 404
    assert "到那一天还没有采集到" in answer.text
    assert "2026-03-02 01:00:00" in answer.text
    assert PARAGRAPHS[1] not in answer.text


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-3-1", "2026-03-09T00:00", "٢٠٢٦-٠٣-٠١"])
def test_what_is_no_day_is_told(get: Callable[[str], Any], day: str) -> None:
    answer = get(f"/notice/{ID}?at={day}")

    assert (answer.status_code, "这不是日期" in answer.text) == (400, True)


def test_a_day_before_the_original_was_captured_shows_the_copy_of_then(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    notice = a_notice(db, url="https://a.example/1.html")
    a_copy(db, notice, "https://b.example/1.html", text="转载的正文。")
    db.execute("update revisions set seen_from = '2026-01-05T00:00:00Z' where copy = 'b.example/1.html'")
    db.close()
    with served(tmp_path) as get:
        page = get(f"/notice/{notice}?at=2026-01-31").text

    assert "<p>转载的正文。</p>" in page
    assert "取自这个副本" in page


def test_a_former_id_keeps_the_day_and_the_form_that_were_asked_for(tmp_path: Path) -> None:
    db = an_archive(tmp_path / "notices.db")
    notice = a_notice(db)
    db["aliases"].insert({"alias": "aaaabbbbcccc", "kind": "id", "notice": notice})
    db.close()
    browser = Browser(make_datasette(tmp_path))
    asked = ["?at=2026-03-09", ".ris", "/r/1?text=0123456789ab-0123456789ab", "/r/1.txt", "/diff?from=1&to=1"]
    led = [browser.get(f"/notice/aaaabbbbcccc{behind}").headers["location"] for behind in asked]
    browser.close()

    assert [f"/notice/{notice}{behind}" for behind in asked] == led
