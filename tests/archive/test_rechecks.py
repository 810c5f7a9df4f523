"""Looking again at pages that are held: sightings, states, moves of a source, split articles, and their order."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlite_utils import Database

from archive import fate
from archive.archive import Archive
from archive.index import Index
from archive.records import Crawl, Entry, Exchange, Listed, Note
from archive.store import open_writer
from archive.warc import StoredExchange, scan, warc_files
from tests.captures import NOW, an_exchange, article, write_warc
from tests.dump import dump

TITLE = "关于规范低保工作的通知"
URL = "http://mzj.qingshan.example/tzgg/202603/t20260301_101.html"
HOME = "http://mzj.qingshan.example/"
PARTS = [URL.replace(".html", f"_{number}.html") for number in (1, 2)]


def grown(archive: Archive, crawls: Sequence[tuple[int, Sequence[Exchange | Note]]]) -> Database:
    """The database of an archive to which crawls came one by one, checked against those made at once in any order."""
    db = open_writer(archive.database)
    index = Index(archive.path, db, run="test")
    for day, records in crawls:
        write_warc(archive.warc, f"2026{day:04}T010000Z-aaaaaa", records, at=NOW + timedelta(day))
        index.catch_up()
    expected = dump(db)
    names = [name for name, _ in warc_files(archive.warc)]
    for number, order in enumerate(itertools.islice(itertools.permutations(names), 0, 24, 5)):
        other = open_writer(archive.path / f"other{number}.db")
        Index(archive.path, other, run="test").catch_up(order)

        assert dump(other) == expected
        other.close()
    return db


def answer(day: int, url: str = URL, *, status: int = 200, html: str = "", location: str | None = None) -> Exchange:
    return an_exchange(url, html, at=NOW + timedelta(day), status=status, location=location)


def copy(db: Database, url: str = URL) -> tuple[str, str, str]:
    """State of a copy, and the days on which it was seen and checked last."""
    [row] = db.query("select state, last_seen_at, checked_at from copies where url = ?", [url])
    return row["state"], row["last_seen_at"][:10], row["checked_at"][:10]


def split(number: int, text: str, *, pages: int = 3) -> str:
    """A page of a split article."""
    script = f'<script>createPageHTML({pages}, {number}, "t20260301_101", "html");</script></body>'
    return article(TITLE, paragraphs=[f"{text}。各区民政局要定期开展入户核查，按规定调整保障金额。"] * 3).replace(
        "</body>", script
    )


def test_an_answer_not_modified_is_a_sighting_of_the_last_state(archive: Archive) -> None:
    page = article(TITLE)
    again = [(0, [answer(0, html=page)]), (7, [answer(7, status=304)])]
    changed = (9, [answer(9, html=page.replace("七天", "十天"))])
    db = grown(archive, [*again, changed, (12, [answer(12, status=304)])])

    rows = db.execute("select substr(seen_from, 1, 10), substr(seen_to, 1, 10) from revisions order by number")
    assert rows.fetchall() == [("2026-03-02", "2026-03-09"), ("2026-03-11", "2026-03-14")]
    assert copy(db) == ("live", "2026-03-14", "2026-03-14")


def test_a_page_that_is_again_what_it_was_is_asked_for_by_what_the_server_said_last(archive: Archive) -> None:
    pages = (article(TITLE), article(TITLE).replace("七天", "十天"), article(TITLE))
    crawl = [
        replace(one, headers=(*one.headers, ("ETag", f'"{day}"')))
        for day, one in enumerate(answer(day, html=page) for day, page in enumerate(pages))
    ]
    db = grown(archive, [(0, crawl)])
    [first, _, again] = db.query("select record_id, revisit from captures order by fetched_at")
    begun = Crawl(id="20260309T010000Z-bbbbbb", kind="crawl", started_at=NOW, vantage="test", agent="test")
    writer = archive.record(begun, (), ())
    writer.keep(answer(7, status=304))
    writer.close()
    *_, found = scan(archive.warc / "2026" / f"{begun.id}-00000.warc.gz")

    assert [held.etag for held in archive.held(["qingshan"], before=NOW + timedelta(60))] == ['"2"']
    assert isinstance(found, StoredExchange)
    assert found.earlier is not None
    assert (again["revisit"], found.earlier.record_id) == (1, first["record_id"])


def test_a_page_that_goes_is_missing_then_gone_and_may_come_back(archive: Archive) -> None:
    crawls = [(0, [answer(0, html=article(TITLE))]), *((day, [answer(day, status=404)]) for day in (7, 14, 21))]
    db = grown(archive, crawls[:3])
    assert copy(db) == ("missing", "2026-03-02", "2026-03-16")
    db.close()
    index = Index(archive.path, open_writer(archive.database), run="test")
    states = []
    for day, records in (crawls[3], (40, [answer(40, html=article(TITLE))])):
        write_warc(archive.warc, f"2026{day:04}T010000Z-aaaaaa", records, at=NOW + timedelta(day))
        index.catch_up()
        states.append(copy(open_writer(archive.database))[0])
        held = [one.url for one in archive.held(["qingshan"], before=NOW + timedelta(400))]

        assert held == [URL]  # what is gone can be looked for again
    assert states == ["gone", "live"]


def test_a_block_changes_no_state_and_is_no_check(archive: Archive) -> None:
    blocked = "<html><body>您的访问请求可能对网站造成安全威胁，请求已被云防护阻断。</body></html>"
    db = grown(
        archive,
        [(0, [answer(0, html=article(TITLE))]), (7, [answer(7, status=403)]), (9, [answer(9, html=blocked)])],
    )

    assert copy(db) == ("live", "2026-03-02", "2026-03-02")


def test_a_redirect_to_the_home_page_is_a_removal_and_one_to_an_article_is_none(archive: Archive) -> None:
    other, elsewhere = URL.replace("101", "102"), URL.replace("101", "103")
    pages = [answer(0, url, html=article(f"{TITLE}{n}")) for n, url in enumerate((URL, other, elsewhere))]
    moved = [answer(7, location=HOME, status=302), answer(7, other, location=elsewhere, status=302)]
    db = grown(archive, [(0, pages), (7, moved)])

    assert [copy(db)[0], copy(db, other)[0]] == ["missing", "live"]


def test_a_redirect_to_an_address_that_is_dead_is_a_removal_whenever_that_is_learnt(archive: Archive) -> None:
    dead = HOME + "404.html"
    crawls = [
        (0, [answer(0, html=article(TITLE))]),
        (7, [answer(7, location=dead, status=302)]),
        (8, [answer(8, dead, status=404)]),
    ]

    assert copy(grown(archive, crawls))[0] == "missing"


def test_a_source_that_moves_takes_no_copy_with_it(archive: Archive) -> None:
    urls = [URL.replace("101", str(number)) for number in range(200, 212)]
    pages = [article(f"第{n}号公示", paragraphs=[f"第{n}号：名单在社区公示七天，接受监督。"] * 5) for n in range(12)]
    crawls: list[tuple[int, list[Exchange]]] = [
        (0, [answer(0, url, html=page) for url, page in zip(urls, pages, strict=True)]),
        (30, [answer(30, url, status=404) for url in urls]),
    ]
    db = grown(archive, crawls)
    [issue] = db.query("select * from issues")

    assert {row["state"] for row in db.query("select state from copies")} == {"live"}
    assert (issue["kind"], issue["subject"], issue["source"], issue["state"]) == (
        "source_moved",
        HOME,
        "qingshan",
        "open",
    )
    assert issue["detail"].startswith("12 of 12 pages")
    assert urls[0] in issue["detail"]
    back = [answer(60, url, status=304) for url in urls]
    write_warc(archive.warc, "20260060T010000Z-aaaaaa", back, at=NOW + timedelta(60))
    Index(archive.path, db, run="test").catch_up()
    [issue] = db.query("select * from issues")
    assert (issue["state"], issue["closed_at"][:10]) == ("closed", "2026-05-01")


@pytest.mark.parametrize("seed", range(8))
def test_states_and_moves_do_not_depend_on_the_order_of_crawls(
    seed: int, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fate, "RECHECKED", 3)  # so few pages are a source here
    chance = random.Random(seed)
    urls = [URL.replace("101", str(number)) for number in range(200, 204)]
    crawls: list[tuple[int, list[Exchange]]] = []
    for day in (0, 7, 15, 22, 30, 37):
        well = chance.random() < 0.5
        crawls.append((day, [some_answer(chance, day, url, well=well) for url in urls]))
    chance.shuffle(crawls)
    grown(archive, crawls).close()


def some_answer(chance: random.Random, day: int, url: str, *, well: bool) -> Exchange:
    """What a crawl may get for a page; on a day that is not well most of it is away."""
    found = (
        answer(
            day, url, html=article(f"{TITLE} {url[-8:]}", paragraphs=[f"{url[-8:]}：名单在社区公示，接受监督。"] * 6)
        ),
        answer(day, url, status=304),
        answer(day, url, status=404),
        answer(day, url, status=302, location=HOME),
        answer(day, url, status=403),
    )
    return chance.choices(found, (8, 4, 1, 0, 1) if well else (1, 0, 4, 3, 1))[0]


def test_a_split_article_is_one_notice_and_its_missing_part_is_wanted(archive: Archive) -> None:
    first, one, two = (split(number, text) for number, text in enumerate(("其一", "其二", "其三")))
    db = grown(archive, [(0, [answer(0, PARTS[0], html=one)]), (1, [answer(1, html=first)])])
    assert [(want.url, want.kind) for want in archive.wanted(NOW)] == [(url, "part") for url in PARTS]
    db.close()
    later = [answer(2, PARTS[0], html=one), answer(2, PARTS[1], html=two)]
    write_warc(archive.warc, "20260302T010000Z-bbbbbb", later, at=NOW + timedelta(2))
    db = open_writer(archive.database)
    Index(archive.path, db, run="test").catch_up()
    [notice] = db.query("select * from notices")

    assert (notice["original_url"], notice["copies"], archive.wanted(NOW)) == (URL, 1, ())
    assert [line[:2] for line in notice["text"].split("\n")][::3] == ["其一", "其二", "其三"]


def test_a_listed_part_without_its_first_page_is_an_issue_until_that_comes(archive: Archive) -> None:
    entry = Entry(url=PARTS[0], title=TITLE)
    listed = Listed(entry=entry, source="qingshan", channel=HOME, list_url=HOME, listed_at=NOW)
    db = grown(archive, [(0, [listed, answer(0, PARTS[0], html=split(1, "其二"))])])
    [issue] = db.query("select * from issues")
    assert (issue["kind"], issue["subject"]) == ("no_article", PARTS[0])
    write_warc(archive.warc, "20260303T010000Z-bbbbbb", [answer(1, html=split(0, "其一"))], at=NOW + timedelta(1))
    Index(archive.path, db, run="test").catch_up()

    assert db.table("issues").count == 0


def test_a_change_in_a_part_makes_a_revision_and_late_parts_make_none(archive: Archive) -> None:
    first, one, two = (split(number, text) for number, text in enumerate(("其一", "其二", "其三")))
    crawls = [
        (0, [answer(0, html=first), answer(0, PARTS[0], html=one)]),
        (3, [answer(3, PARTS[1], html=two)]),
        (7, [answer(7, status=304), answer(7, PARTS[0], html=split(1, "改二")), answer(7, PARTS[1], status=304)]),
        (9, [answer(9, PARTS[1], html=split(2, "改三"))]),
    ]
    db = grown(archive, crawls)

    rows = db.execute("select substr(seen_from, 1, 10), changed, text from revisions order by number").fetchall()
    assert [(day, changed) for day, changed, _ in rows] == [
        ("2026-03-02", "[]"),
        ("2026-03-09", '["text"]'),
        ("2026-03-11", '["text"]'),
    ]
    assert [[line[:2] for line in text.split("\n")][::3] for *_, text in rows] == [
        ["其一", "其二", "其三"],
        ["其一", "改二", "其三"],
        ["其一", "改二", "改三"],
    ]


def test_a_crawl_that_goes_on_past_midnight_makes_no_revision_of_half_an_article(archive: Archive) -> None:
    before = [answer(0, url, html=split(n, f"其{n}")) for n, url in enumerate((URL, *PARTS))]
    midnight = timedelta(hours=23)  # days of these tests begin at one o'clock
    late = [answer(7, url, html=split(n, f"改{n}")) for n, url in enumerate((URL, *PARTS))]
    over = [replace(one, fetched_at=one.fetched_at + midnight + timedelta(minutes=n)) for n, one in enumerate(late, -1)]
    db = grown(archive, [(0, before), (7, over)])

    texts = [text for (text,) in db.execute("select text from revisions order by number")]
    assert [[line[:2] for line in text.split("\n")][::3] for text in texts] == [
        ["其0", "其1", "其2"],
        ["改0", "改1", "改2"],
    ]


def test_an_address_is_not_read_again_for_every_capture(archive: Archive) -> None:
    db = open_writer(archive.database)
    index = Index(archive.path, db, run="test")
    read = []
    for day in range(6):
        page = article(TITLE).replace("</body>", f"<!-- {day} --></body>").replace("七天", f"{7 + day // 3}天")
        write_warc(archive.warc, f"2026{day:04}T010000Z-aaaaaa", [answer(day, html=page)], at=NOW + timedelta(day))
        read.append(index.catch_up().read)

    assert read == [1] * 6
    assert db.table("revisions").count == 2
