"""What a researcher finds at the end of each kind of story: one notice, its original, and why each copy belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlite_utils import Database

from archive.archive import Archive
from archive.records import Exchange, Source
from archive.store.dataset import one_notice
from archive.urls import notice_id, url_key
from tests.captures import NOW, PARAGRAPHS, an_exchange, article, crawled

ORIGINAL = "http://mzj.qingshan.example/tzgg/202603/t20260301_101.html"
REPOST = "http://www.zixun.example/mz/2026/7.html"
DIGEST = "http://www.huibian.example/a/9.html"
HUIBIAN = Source(
    key="huibian",
    agency="政务汇编网",
    kind="portal",
    home="http://www.huibian.example/",
    addresses=("huibian.example/",),
)
TITLE = "关于规范最低生活保障工作的通知"
PAGE = article(TITLE)
GONE = "<h1>404 Not Found</h1>"
LESS = PARAGRAPHS[:-1]
"""A notice cut by its last paragraph: near the whole one, and not equal to it."""


def crawl(archive: Archive, day: int, answers: Sequence[Exchange]) -> Database:
    """What a crawl of that day got, indexed."""
    return crawled(archive, day, [HUIBIAN, *answers])


def answer(url: str, html: str = "", *, day: int = 0, status: int = 200, location: str | None = None) -> Exchange:
    return an_exchange(url, html, at=NOW + timedelta(day), status=status, location=location)


def story(db: Database) -> tuple[str | None, bool, dict[str, tuple[str, str]]]:
    """The one notice there is: its original, whether that was captured, and each copy's role and rule."""
    [row] = db.query("select id, original_url, original_captured from notices")
    copies = db.query("select url, role, rule from copies join matches on matches.copy = url_key")
    told = {copy["url"]: (copy["role"], copy["rule"]) for copy in copies}
    return row["original_url"], bool(row["original_captured"]), told


def test_a_chain_of_two_portals_ends_at_the_bureau(archive: Archive) -> None:
    """The second took it from the first, and names only that; no portal becomes the agency."""
    first = article(TITLE, on="2026-03-02", original=ORIGINAL)
    second = article(TITLE, on="2026-03-03", original=REPOST).replace("来源：青山市民政局", "来源：民情资讯")
    db = crawl(archive, 0, [answer(DIGEST, second), answer(REPOST, first), answer(ORIGINAL, PAGE)])

    linked = ("repost", "explicit_link")
    assert story(db) == (ORIGINAL, True, {ORIGINAL: ("original", "original"), REPOST: linked, DIGEST: linked})
    assert db.execute("select issuing_agency, source from notices").fetchall() == [("青山市民政局", "qingshan")]


def test_a_chain_of_which_only_the_portals_are_known_ends_at_what_they_name(archive: Archive) -> None:
    first, second = article(TITLE, original=ORIGINAL), article(TITLE, paragraphs=LESS, original=REPOST)
    linked = ("repost", "explicit_link")
    db = crawl(archive, 0, [answer(DIGEST, second), answer(REPOST, first)])

    assert story(db) == (ORIGINAL, False, {REPOST: linked, DIGEST: linked})


@pytest.mark.parametrize(
    ("named", "captured"),
    [
        (ORIGINAL, ORIGINAL.replace("http:", "https:")),
        (ORIGINAL.replace("http://", "http://www."), ORIGINAL),
        (ORIGINAL, ORIGINAL.replace("http://", "https://m.")),
        (ORIGINAL, ORIGINAL.replace(".html", "_wap.html")),
    ],
    ids=["https", "www", "host for phones", "page for phones"],
)
def test_a_twin_of_the_named_address_is_the_original(archive: Archive, named: str, captured: str) -> None:
    db = crawl(archive, 0, [answer(REPOST, article(TITLE, original=named)), answer(captured, PAGE)])

    assert story(db) == (captured, True, {captured: ("original", "original"), REPOST: ("repost", "explicit_link")})
    assert archive.find(named) == archive.find(captured) == notice_id(url_key(ORIGINAL))


def test_an_original_whose_column_was_renamed_is_known_by_its_id(archive: Archive) -> None:
    """The repost is of before; what it names is dead, and its text was cut."""
    now = ORIGINAL.replace("/tzgg/", "/zwgk/zcwj/")
    repost = article(TITLE, paragraphs=LESS, original=ORIGINAL)
    db = crawl(archive, 0, [answer(REPOST, repost), answer(ORIGINAL, GONE, status=404), answer(now, PAGE)])

    assert story(db) == (now, True, {now: ("original", "original"), REPOST: ("repost", "explicit_link")})
    assert archive.find(ORIGINAL) == archive.find(now)


def test_one_document_in_two_columns_is_one_notice(archive: Archive) -> None:
    """The column for the press shows it without its last paragraph."""
    press = ORIGINAL.replace("/tzgg/", "/xwfb/")
    db = crawl(archive, 0, [answer(ORIGINAL, PAGE), answer(press, article(TITLE, paragraphs=LESS))])

    assert story(db) == (ORIGINAL, True, {ORIGINAL: ("original", "original"), press: ("mirror", "same_document")})


def test_an_id_with_another_text_ties_nothing(archive: Archive) -> None:
    other = ORIGINAL.replace("/tzgg/", "/xwfb/")
    text = ["本周举办婚姻登记员业务培训，共有四十人参加，内容为新的登记规程与档案管理办法，结业时统一考核。"] * 3
    db = crawl(archive, 0, [answer(ORIGINAL, PAGE), answer(other, article(TITLE, paragraphs=text))])

    assert db.execute("select count(*) from notices").fetchone() == (2,)


def test_an_id_that_a_site_gave_twice_ties_no_two_notices_of_a_series(archive: Archive) -> None:
    """Its new CMS counts anew, and comes by the number of another quarter."""
    old, new = (f"http://mzj.qingshan.example/{column}/content_31.html" for column in ("gs", "zwgk/gs"))
    crawl(archive, 0, [answer(old, _quarter(2024, 1))])
    db = crawl(archive, 30, [answer(new, _quarter(2024, 2), day=30), answer(old, GONE, day=30, status=404)])

    assert db.execute("select count(*) from notices").fetchone() == (2,)


@pytest.mark.parametrize(
    "known", [(ORIGINAL, PAGE), (DIGEST, article(TITLE, original=ORIGINAL))], ids=["held", "named"]
)
def test_a_clone_with_the_path_of_a_bureau_is_no_original(archive: Archive, known: tuple[str, str]) -> None:
    """A repost names it; the page it copies is held, or is only named by another."""
    clone = ORIGINAL.replace("mzj.qingshan.example", "mzj-qingshan.clone.example")
    pages = [answer(REPOST, article(TITLE, original=clone)), answer(clone, article(TITLE, paragraphs=LESS))]
    db = crawl(archive, 0, [*pages, answer(*known)])

    assert db.execute("select role from copies where url = ?", [clone]).fetchall() != [("original",)]
    assert {row["original_url"] for row in db.query("select original_url from notices")} <= {ORIGINAL, None}


def test_the_press_that_a_bureau_names_is_an_original(archive: Archive) -> None:
    press = "http://www.ribao.example/content_3101.html"
    db = crawl(archive, 0, [answer(ORIGINAL, article(TITLE, paragraphs=LESS, original=press)), answer(press, PAGE)])

    assert story(db)[0] == press


@pytest.mark.parametrize("death", ["404", "home", "list"])
def test_a_dead_original_keeps_its_best_witness_and_comes_back(archive: Archive, death: str) -> None:
    home, column = "http://mzj.qingshan.example/", "http://mzj.qingshan.example/tzgg/"
    rows = "".join(f'<li><a href="/tzgg/202603/t{n}.html">关于第{n}号事项的通知</a>2026-03-01</li>' for n in range(20))
    ends = {
        "home": answer(home, "<html><body><p>青山市民政局</p></body></html>"),
        "list": answer(column, f"<ul>{rows}</ul>"),
    }
    led = {"home": home, "list": column}
    pages = [
        answer(REPOST, article(TITLE, paragraphs=LESS, original=ORIGINAL)),
        answer(DIGEST, article(TITLE, original=ORIGINAL)),
        answer(ORIGINAL, GONE, status=404) if death == "404" else answer(ORIGINAL, status=302, location=led[death]),
        *([ends[death]] if death in ends else []),
    ]
    db = crawl(archive, 0, pages)
    linked = ("repost", "explicit_link")

    assert story(db) == (ORIGINAL, False, {REPOST: linked, DIGEST: linked})
    [before] = [one_notice(db, row["id"]) for row in db.query("select id from notices")]
    assert before["text_from"] == DIGEST
    assert [(want.url, want.kind) for want in archive.wanted(NOW + timedelta(90))] == [(ORIGINAL, "probe")]

    db = crawl(archive, 90, [answer(ORIGINAL, PAGE, day=90)])
    after = one_notice(db, before["id"])

    assert story(db)[:2] == (ORIGINAL, True)
    assert after["text_from"] == ORIGINAL
    assert archive.wanted(NOW + timedelta(900)) == ()


def test_24_quarters_that_differ_in_one_number_are_24_notices_each_with_its_reposts(archive: Archive) -> None:
    quarters = [(year, quarter) for year in range(2019, 2025) for quarter in range(1, 5)]
    urls = {one: f"http://mzj.qingshan.example/gs/{one[0]}/{one[1]}.html" for one in quarters}
    pages = [answer(url, _quarter(*one)) for one, url in urls.items()]
    reposts = {f"http://www.zixun.example/gs/{year}{n}.html": (year, n) for year, n in quarters[::3]}
    reposts |= {f"http://www.huibian.example/gs/{year}{n}.html": (year, n) for year, n in quarters[::5]}
    pages += [
        answer(url, _quarter(*one, more="欢迎关注本站公众号，获取更多民生资讯。")) for url, one in reposts.items()
    ]
    db = crawl(archive, 0, pages)

    originals = {row["url"]: row["original_url"] for row in db.query(_ORIGINALS)}
    assert db.execute("select count(*), sum(original_captured) from notices").fetchone() == (24, 24)
    assert originals == {url: url for url in urls.values()} | {url: urls[one] for url, one in reposts.items()}


_ORIGINALS = "select copies.url, original_url from copies join notices on notices.id = copies.notice"


def _quarter(year: int, quarter: int, *, more: str = "") -> str:
    """A quarterly notice: its period stands in its title and once in its text, and all else is the same."""
    text = [f"现将{year}年第{quarter}季度城乡低保资金发放情况公示如下，请社会各界监督。", *PARAGRAPHS[1:]]
    return article(f"{year}年第{quarter}季度城乡低保资金发放情况公示", paragraphs=[*text, more] if more else text)
