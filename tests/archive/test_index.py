"""The index: rows that depend on the set of records alone, and laws 1, 3, 4 and 6."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from archive.archive import Archive
from archive.index import Index
from archive.records import Entry, Failure, Listed
from archive.store import open_reader, open_writer
from archive.urls import notice_id, url_key
from archive.warc import warc_files
from tests.captures import NOW, an_exchange, article, write_warc
from tests.dump import dump

ORIGINAL = "http://mzj.qingshan.example/tzgg/202603/t20260301_101.html"
REPOST = "http://www.zixun.example/mz/2026/7.html"


def indexed(archive: Archive, *, name: str = "notices.db", order: tuple[str, ...] = ()) -> Database:
    """The archive's captures in a database of this name."""
    db = open_writer(archive.path / name)
    Index(archive.path, db, run="test").catch_up(order)
    return db


def one(db: Database, table: str) -> dict[str, object]:
    """The only row of a table."""
    [row] = db.table(table).rows
    return row


def test_a_repost_and_its_original_are_one_notice_with_two_copies(archive: Archive) -> None:
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [
            an_exchange(REPOST, article("关于规范低保工作的通知", on="2026-03-02", original=ORIGINAL)),
            an_exchange(ORIGINAL, article("关于规范低保工作的通知")),
        ],
    )
    db = indexed(archive)

    notice = one(db, "notices")
    assert notice["id"] == notice_id(url_key(ORIGINAL))
    assert (notice["original_url"], notice["original_captured"], notice["copies"]) == (ORIGINAL, 1, 2)
    assert (notice["issuing_agency"], notice["source"]) == ("青山市民政局", "qingshan")
    assert (notice["published_on"], notice["year"]) == ("2026-03-01", 2026)
    assert (notice["province"], notice["city"]) == ("湖北省", "武汉市")
    assert {row["url"]: row["role"] for row in db.table("copies").rows} == {ORIGINAL: "original", REPOST: "repost"}
    assert {row["rule"] for row in db.table("matches").rows} == {"original", "explicit_link"}


@pytest.mark.parametrize(("crawls", "days"), [(1, 0), (2, 1), (3, 2), (7, 30), (8, 60), (9, 60)])
def test_an_original_that_does_not_come_is_asked_for_ever_more_rarely(archive: Archive, crawls: int, days: int) -> None:
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [an_exchange(REPOST, article("关于规范低保工作的通知", on="2026-03-02", original=ORIGINAL))],
    )
    lost = replace(an_exchange(ORIGINAL, "<h1>404 Not Found</h1>"), status=404)
    for number in range(crawls):
        begun = datetime(2026, 4, 1 + number, 3, tzinfo=UTC)
        write_warc(archive.warc, f"{begun:%Y%m%dT%H%M%SZ}-bbbbb{number}", [replace(lost, fetched_at=begun)])
    indexed(archive).close()

    last = datetime(2026, 4, crawls, 3, tzinfo=UTC)
    due = last + timedelta(days=days)
    assert [want.url for want in archive.wanted(due)] == [ORIGINAL]
    assert archive.wanted(due - timedelta(hours=5)) == () or days == 0


def test_a_named_original_that_is_missing_is_wanted_until_it_is_captured(archive: Archive) -> None:
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [an_exchange(REPOST, article("关于规范低保工作的通知", on="2026-03-02", original=ORIGINAL))],
    )
    indexed(archive).close()

    assert [want.url for want in archive.wanted(NOW)] == [ORIGINAL]
    before = archive.find(REPOST)
    write_warc(archive.warc, "20260303T010000Z-bbbbbb", [an_exchange(ORIGINAL, article("关于规范低保工作的通知"))])
    db = indexed(archive)

    assert archive.wanted(NOW) == ()
    assert one(db, "notices")["original_captured"] == 1
    assert archive.find(str(before)) == archive.find(ORIGINAL) == archive.find(REPOST)


def test_the_result_does_not_depend_on_the_order_of_files(archive: Archive) -> None:
    moved = "http://mzj.qingshan.example/old/101.html"
    title = "关于规范低保工作的通知"
    files = {
        "20260302T010000Z-aaaaaa": [an_exchange(REPOST, article(title, original=moved))],
        "20260302T020000Z-bbbbbb": [an_exchange(ORIGINAL, article(title), at=NOW + timedelta(hours=1))],
        "20260302T030000Z-cccccc": [
            an_exchange(moved, status=302, location=ORIGINAL, at=NOW + timedelta(hours=2)),
            an_exchange(ORIGINAL, article(title), at=NOW + timedelta(hours=2)),
        ],
        "20260302T040000Z-dddddd": [
            Listed(
                entry=Entry(url=ORIGINAL, title=title, date_raw="2026-03-01"),
                source="qingshan",
                channel="http://mzj.qingshan.example/tzgg/",
                list_url="http://mzj.qingshan.example/tzgg/",
                listed_at=NOW,
            ),
            Failure(url=moved, raw_url=None, fetched_at=NOW, outcome="unreachable", detail="timed out"),
            an_exchange(
                "http://mzj.qingshan.example/x/9.html", article("另一件事的通知", paragraphs=["另有一事。"] * 20)
            ),
        ],
    }
    for crawl, records in files.items():
        write_warc(archive.warc, crawl, records)
    names = [name for name, _ in warc_files(archive.warc)]
    expected = dump(indexed(archive))

    assert [len(expected[table]) for table in ("notices", "copies", "aliases")] == [2, 3, 6]
    for number, order in enumerate(itertools.islice(itertools.permutations(names), 1, 24, 4)):
        assert dump(indexed(archive, name=f"other{number}.db", order=order)) == expected


def test_taking_a_record_twice_equals_taking_it_once(archive: Archive) -> None:
    write_warc(archive.warc, "20260302T010000Z-aaaaaa", [an_exchange(ORIGINAL, article("关于规范低保工作的通知"))])
    [(_, path)] = warc_files(archive.warc)
    db = indexed(archive)
    expected = dump(db)
    path.with_name("20260302T010000Z-aaaaaa-00001.warc.gz").write_bytes(path.read_bytes())

    assert dump(indexed(archive)) == expected


def test_a_changed_text_makes_a_revision_and_a_changed_counter_makes_none(archive: Archive) -> None:
    page = article("关于规范低保工作的通知")
    later = [NOW + timedelta(days=days) for days in (1, 2)]
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [
            an_exchange(ORIGINAL, page),
            an_exchange(ORIGINAL, page.replace("</body>", "<!-- 浏览次数 17 --></body>"), at=later[0]),
            an_exchange(ORIGINAL, page.replace("不少于七天", "不少于十天"), at=later[1]),
        ],
    )
    db = indexed(archive)

    rows = list(db.query("select number, seen_from, seen_to, changed from revisions order by number"))
    assert [row["changed"] for row in rows] == ["[]", '["text"]']
    assert [row["seen_to"][:10] for row in rows] == ["2026-03-03", "2026-03-04"]
    assert "不少于十天" in str(one(db, "notices")["text"])


def test_a_revisit_extends_the_sighting_without_a_revision(archive: Archive) -> None:
    page = article("关于规范低保工作的通知")
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [an_exchange(ORIGINAL, page), an_exchange(ORIGINAL, page, at=NOW + timedelta(days=1))],
    )
    db = indexed(archive)

    assert [row["revisit"] for row in db.query("select revisit from captures order by fetched_at")] == [0, 1]
    assert one(db, "revisions")["seen_to"] == "2026-03-03T01:00:00.000Z"


def test_what_is_not_the_page_never_becomes_a_notice_or_a_removal(archive: Archive) -> None:
    page = article("关于规范低保工作的通知")
    blocked = "<html><body>您的访问请求可能对网站造成安全威胁，请求已被云防护阻断。</body></html>"
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [an_exchange(ORIGINAL, page), an_exchange(ORIGINAL, blocked, at=NOW + timedelta(days=1))],
    )
    db = indexed(archive)

    assert [row["outcome"] for row in db.query("select outcome from captures order by fetched_at")] == ["ok", "blocked"]
    assert one(db, "copies")["state"] == "live"
    assert one(db, "copies")["last_seen_at"] == "2026-03-02T01:00:00.000Z"


def test_a_crawl_without_an_end_is_interrupted(archive: Archive) -> None:
    write_warc(archive.warc, "20260302T010000Z-aaaaaa", [], ended=False)
    indexed(archive).close()

    assert archive.unfinished() == "20260302T010000Z-aaaaaa"
    with open_reader(archive.database).conn as conn:
        assert conn.execute("select state from crawls").fetchall() == [("interrupted",)]


def test_an_original_that_is_a_file_is_asked_for_once(archive: Archive) -> None:
    file = "http://mzj.qingshan.example/P020260301.pdf"
    kept = an_exchange(file, "%PDF-1.4 ...")
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [
            an_exchange(REPOST, article("关于规范低保工作的通知", original=file)),
            replace(kept, headers=(("Content-Type", "application/pdf"),)),
        ],
    )
    db = indexed(archive)

    assert (one(db, "notices")["original_url"], one(db, "notices")["original_captured"]) == (file, 0)
    assert archive.wanted(NOW) == ()


def test_an_original_behind_two_redirects_is_found_by_every_address_that_led_to_it(archive: Archive) -> None:
    first, second = "http://mzj.qingshan.example/2015/1.html", "http://mzj.qingshan.example/2020/1.html"
    title = "关于规范低保工作的通知"
    write_warc(archive.warc, "20260302T010000Z-aaaaaa", [an_exchange(REPOST, article(title, original=first))])
    given = one(indexed(archive), "notices")["id"]
    for crawl, url, to in (("20260303T010000Z-bbbbbb", first, second), ("20260304T010000Z-cccccc", second, ORIGINAL)):
        write_warc(archive.warc, crawl, [an_exchange(url, status=302, location=to)])
        indexed(archive).close()
    write_warc(archive.warc, "20260305T010000Z-dddddd", [an_exchange(ORIGINAL, article(title))])
    db = indexed(archive)

    assert (one(db, "notices")["copies"], one(db, "notices")["original_url"]) == (2, ORIGINAL)
    assert {archive.find(name) for name in (str(given), first, second, REPOST)} == {notice_id(url_key(ORIGINAL))}


def test_a_held_original_that_was_taken_away_stays_the_original(archive: Archive) -> None:
    title, home = "关于规范低保工作的通知", "http://mzj.qingshan.example/"
    write_warc(
        archive.warc,
        "20260302T010000Z-aaaaaa",
        [
            an_exchange(ORIGINAL, article(title)),
            an_exchange(ORIGINAL, status=302, location=home, at=NOW + timedelta(days=1)),
            an_exchange(REPOST, article(title, original=ORIGINAL)),
        ],
    )
    db = indexed(archive)

    assert one(db, "notices")["original_url"] == ORIGINAL
    assert [row["rule"] for row in db.query("select rule from matches order by rule")] == ["explicit_link", "original"]


def test_the_id_of_a_claim_that_the_page_took_back_still_resolves(archive: Archive) -> None:
    title = "关于规范低保工作的通知"
    write_warc(archive.warc, "20260302T010000Z-aaaaaa", [an_exchange(REPOST, article(title, original=ORIGINAL))])
    given = str(one(indexed(archive), "notices")["id"])
    later = NOW + timedelta(days=1)
    write_warc(archive.warc, "20260303T010000Z-bbbbbb", [an_exchange(REPOST, article(title), at=later)])
    indexed(archive).close()

    assert archive.find(given) == archive.find(REPOST) != given


def test_a_record_found_again_under_an_earlier_name_is_where_a_rebuild_finds_it(archive: Archive) -> None:
    write_warc(archive.warc, "20260302T020000Z-bbbbbb", [an_exchange(ORIGINAL, article("关于规范低保工作的通知"))])
    indexed(archive).close()
    [(_, path)] = warc_files(archive.warc)
    path.with_name("20260302T010000Z-aaaaaa-00000.warc.gz").write_bytes(path.read_bytes())

    assert dump(indexed(archive)) == dump(indexed(archive, name="new.db"))


def test_a_file_put_there_by_hand_is_left_alone_and_named(archive: Archive) -> None:
    write_warc(archive.warc, "20260302T010000Z-aaaaaa", [an_exchange(ORIGINAL, article("关于规范低保工作的通知"))])
    [(_, path)] = warc_files(archive.warc)
    path.with_name("other.warc.gz").write_bytes(path.read_bytes())
    db = indexed(archive)

    assert one(db, "captures")["warc_file"] == "2026/20260302T010000Z-aaaaaa-00000.warc.gz"
    assert (one(db, "issues")["kind"], one(db, "issues")["subject"]) == ("stray_file", "2026/other.warc.gz")
    path.with_name("other.warc.gz").unlink()
    assert indexed(archive).table("issues").count == 0


def test_dead_addresses_that_lead_to_one_page_do_not_tie_their_copies_together(archive: Archive) -> None:
    gone, title = "http://mzj.qingshan.example/gone.html", "关于规范低保工作的通知"
    dead = [f"http://mzj.qingshan.example/old/{number}.html" for number in (1, 2)]
    texts = (["此地另有一事，详见附件，特此通知。" * 9], ["今年节日慰问活动安排如下，请遵照执行。" * 9])
    records = [
        an_exchange(f"{REPOST}?id={number}", article(title, paragraphs=text, original=url))
        for number, (url, text) in enumerate(zip(dead, texts, strict=True))
    ]
    moves = [an_exchange(url, status=302, location=gone) for url in dead]
    write_warc(archive.warc, "20260302T010000Z-aaaaaa", [*records, *moves])
    db = indexed(archive)

    assert {row["original_url"] for row in db.table("notices").rows} == set(dead)
    assert archive.find(gone) is None
