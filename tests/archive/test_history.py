"""`minzheng history` and `minzheng diff`: what happened to a notice, and what was edited, as a person sees it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli import main
from archive.edits.timeline import turns
from archive.fate import Look
from archive.index import Index
from archive.records import Channel, Entry, Exchange, Listed, Note, Walked
from archive.store import open_reader, open_writer
from tests.captures import NOW, an_exchange, article, write_warc
from tests.dump import dump

TITLE = "关于发放高龄津贴的通知"
URL = "http://mzj.qingshan.example/tzgg/202603/t20260301_101.html"
REPOST = "http://www.zixun.example/a/1.html"
PARAGRAPHS = (
    "各区民政局：",
    "为做好高龄津贴发放工作，现将有关事项通知如下，请认真贯彻执行，确保按时足额发放到每一位老年人手中。",
    "一、发放标准。年满80周岁的老年人，每人每月300元，请于2026年3月15日前向社区提出申请。",
    "二、首批名单：张三、李四、王五。<b>&</b>联系电话：0571-12345678。",
)


def page(*edits: tuple[str, str], on: str = "2026-03-01", original: str | None = None) -> str:
    """The notice, edited."""
    html = article(
        TITLE, paragraphs=[text.replace("<b>&</b>", "&lt;b&gt;&amp;") for text in PARAGRAPHS], on=on, original=original
    )
    for old, new in edits:
        assert old in html
        html = html.replace(old, new)
    return html


RAISED, FEWER = ("300元", "320元"), ("李四、", "")
COUNTED = ("</body>", "<div>浏览次数：1024</div></body>")


def answer(day: int, html: str = "", *, url: str = URL, status: int = 200, location: str | None = None) -> Exchange:
    return an_exchange(url, html, at=NOW + timedelta(day), status=status, location=location)


def an_archive_of(folder: Path, *crawls: list[Exchange | Note]) -> Path:
    """An archive of crawls, one a day that its first record says."""
    with Archive.lock(folder, holder="test") as archive:
        for number, records in enumerate(crawls):
            first = records[0]
            at = first.fetched_at if isinstance(first, Exchange) else NOW + timedelta(number)
            write_warc(archive.warc, f"{at:%Y%m%dT%H%M%SZ}-aaaaa{number}", records, at=at)
        db = open_writer(archive.database)
        Index(archive.path, db, run="test").catch_up()
        db.close()
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notice with a repost; its sum, its list, then only its counter change; it goes, and comes back."""
    return an_archive_of(
        tmp_path_factory.mktemp("history") / "archive",
        [answer(0, page()), answer(0, page(original=URL), url=REPOST)],
        [answer(7, page(RAISED))],
        [answer(9, page(RAISED, COUNTED))],
        [answer(14, page(RAISED, FEWER))],
        [answer(21, status=404)],
        [answer(40, page(RAISED, FEWER))],
    )


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--archive", str(folder), *words])


def plain(folder: Path, *words: str) -> Any:
    done = run(folder, *words)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_history_tells_edits_withdrawal_and_return_of_all_copies_in_the_order_of_time(folder: Path) -> None:
    timeline = plain(folder, "history", REPOST, "--json")["timeline"]

    assert [
        ("first_seen", "mzj.qingshan.example/tzgg/202603/t20260301_101.html", None),
        ("first_seen", "zixun.example/a/1.html", None),
        ("revised", "mzj.qingshan.example/tzgg/202603/t20260301_101.html", "300元 → 320元"),
        ("revised", "mzj.qingshan.example/tzgg/202603/t20260301_101.html", "− 李四"),
        ("missing", "mzj.qingshan.example/tzgg/202603/t20260301_101.html", None),
        ("returned", "mzj.qingshan.example/tzgg/202603/t20260301_101.html", None),
    ] == [(one["what"], one["copy"], one["headline"]) for one in timeline]
    assert [["amount"], ["names"]] == [one["classes"] for one in timeline if one["what"] == "revised"]


def looked(day: int, sign: Literal["there", "vanished", "refused"], vantage: str = "desk") -> Look:
    return Look(copy="a.example/1", crawl=f"crawl {day}", vantage=vantage, at=NOW + timedelta(day), sign=sign)


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        ("there there", {}),
        ("there vanished there", {1: "missing", 2: "returned"}),
        ("there vanished vanished vanished there", {1: "missing", 3: "gone", 4: "returned"}),
        ("there refused refused refused there", {3: "blocked", 4: "returned"}),
        ("there vanished refused vanished", {1: "missing"}),
    ],
)
def test_a_copy_turns_when_a_look_finds_it_otherwise(signs: str, found: dict[int, str]) -> None:
    looks = [looked(7 * number, sign) for number, sign in enumerate(signs.split())]  # type: ignore[arg-type]  # literals

    assert found == {looks.index(look): turn for look, turn in turns(looks)}


def test_the_capture_that_shows_a_withdrawal_is_named(folder: Path) -> None:
    [missing] = [one for one in plain(folder, "history", URL, "--json")["timeline"] if one["what"] == "missing"]

    assert (404, "gone", True) == (
        missing["capture"]["status"],
        missing["capture"]["outcome"],
        missing["capture"]["warc_file"].endswith("-aaaaa4-00000.warc.gz"),
    )


def test_a_history_is_told_in_words(folder: Path) -> None:
    lines = run(folder, "history", URL).stdout.splitlines()

    assert f"[1] 原文 original: {URL}" in lines
    assert "2026-03-09 09:00  [1] 第 2 版 revision 2: 金额 amount" in lines
    assert f"{'':18}300元 → 320元" in lines
    assert "2026-03-23 09:00  [1] 未见，或已撤下 not there: perhaps withdrawn" in lines
    assert "    发布日期 Published on: 2026-03-01（2026-03-01 09:00） [文头来源行 byline]" in lines
    assert "    成文日期 Written on: 未注明 not printed" in lines


def test_a_diff_tells_the_last_edit_in_words(folder: Path) -> None:
    lines = run(folder, "diff", URL).stdout.splitlines()

    assert "第 2 版 revision 2 (2026-03-09 09:00) → 第 3 版 revision 3 (2026-03-16 09:00)" in lines
    assert ["[1] 名单 list of names · 改动 changed", "    二、首批名单：张三、[-李四、-]王五。"] == lines[-2:]


def test_a_diff_is_between_the_revisions_that_are_named(folder: Path) -> None:
    first, whole = (plain(folder, "diff", URL, *words, "--json") for words in (["--to", "2"], ["--from", "1"]))

    assert (["amount"], ["amount", "names"]) == (first["classes"], whole["classes"])
    assert [(1, 2), (1, 3)] == [(one["before"]["number"], one["after"]["number"]) for one in (first, whole)]


def test_the_formats_of_a_diff_agree(folder: Path) -> None:
    by_option, by_flag = (plain(folder, "diff", URL, *words) for words in (["--format", "json"], ["--json"]))
    [edit] = by_flag["edits"]

    assert by_option == by_flag
    assert ("changed", "text", [("李四", "")]) == (
        edit["kind"],
        edit["field"],
        [(one["before"], one["after"]) for one in edit["stretches"]],
    )


def test_a_diff_as_a_page_is_escaped_and_stands_by_itself(folder: Path) -> None:
    html = run(folder, "diff", URL, "--from", "1", "--format", "html").stdout

    assert "<del>300元</del><ins>320元</ins>" in html
    assert "<del>李四、</del>" in html
    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html
    assert not [word for word in ("src=", "<script", "@import", "url(") if word in html]


def test_of_a_copy_with_one_revision_that_is_said(folder: Path) -> None:
    for words in ([REPOST], [URL, "--copy", REPOST]):
        done = run(folder, "diff", *words)

        assert done.exit_code == 0
        assert "One revision, so nothing was edited." in done.stdout
        assert f"Another copy was edited: {URL}" in done.stdout
    assert [] == plain(folder, "diff", REPOST, "--json")["edits"]
    assert "<article>" in run(folder, "diff", REPOST, "--format", "html").stdout


def test_of_one_of_several_revisions_nobody_is_told_that_it_is_the_only_one(folder: Path) -> None:
    for words in ([URL, "--to", "1"], [URL, URL]):
        done = run(folder, "diff", *words)

        assert "The same revision on both sides" in done.stdout
        assert "One revision" not in done.stdout
        assert "Nothing differs" not in done.stdout


def test_two_copies_are_laid_beside_each_other(folder: Path) -> None:
    compared = plain(folder, "diff", REPOST, URL, "--json")

    assert (REPOST, URL) == (compared["before"]["url"], compared["after"]["url"])
    assert compared["classes"][0] == "amount"


def test_a_file_of_other_bytes_is_laid_beside_what_it_was(tmp_path: Path) -> None:
    sheet = URL.replace("t20260301_101.html", "P020260301.csv")
    linked = page(("</div></div></body>", f'<p><a href="{sheet}">发放名单.csv</a></p></div></div></body>'))
    files = [
        replace(
            answer(day, f"姓名,金额\n张三,300元\n李四,{sum_}元\n", url=sheet), headers=(("Content-Type", "text/csv"),)
        )
        for day, sum_ in ((0, 300), (7, 500))
    ]
    folder = an_archive_of(tmp_path / "archive", [answer(0, linked), files[0]], [answer(7, linked), files[1]])
    compared = plain(folder, "diff", URL, "--json")
    [file] = compared["files"]

    assert (["attachment"], "发放名单.csv") == (compared["classes"], file["name"])
    assert [("300元", "500元")] == [
        (one["before"], one["after"]) for edit in file["edits"] for one in edit["stretches"]
    ]
    assert "    李四,[-300元-]{+500元+}" in run(folder, "diff", URL).stdout.splitlines()
    assert "<del>300元</del><ins>500元</ins>" in run(folder, "diff", URL, "--format", "html").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--to", "7"], "has 3 revisions, no 7"),
        (["--copy", "http://mzj.qingshan.example/"], "is no copy of"),
        ([REPOST, "--from", "1"], "leave OTHER out"),
    ],
)
def test_what_a_diff_cannot_choose_is_a_usage_error(folder: Path, words: list[str], told: str) -> None:
    done = run(folder, "diff", URL, *words)

    assert (2, "") == (done.exit_code, done.stdout)
    assert told in " ".join(done.stderr.split())


def test_no_colours_reach_a_file(folder: Path) -> None:
    assert "\x1b" not in run(folder, "diff", URL).stdout


def doubts(folder: Path, url: str = URL) -> list[tuple[str, str]]:
    [dates] = plain(folder, "history", url, "--json")["dates"]
    return [(doubt["kind"], doubt["day"]) for doubt in dates["doubts"]]


def test_a_day_that_moves_back_is_back_dating_and_one_that_moves_on_with_the_text_is_none(tmp_path: Path) -> None:
    crawls = [answer(0, page()), answer(3, page(on="2026-02-20")), answer(6, page(RAISED, on="2026-03-07"))]
    folder = an_archive_of(tmp_path / "archive", *([one] for one in crawls))

    assert [("moved_back", "2026-02-20")] == doubts(folder)
    assert (
        "倒签：发布日期由 2026-03-01 改为更早的 2026-02-20（2026-03-05 09:00 所见），正文未变。"
        in run(folder, "history", URL).stdout
    )


def test_a_day_that_moves_on_alone_is_told(tmp_path: Path) -> None:
    folder = an_archive_of(tmp_path / "archive", [answer(0, page())], [answer(5, page(on="2026-03-06"))])

    assert [("moved_on", "2026-03-06")] == doubts(folder)


def test_a_page_that_prints_the_day_it_is_looked_at_has_no_day_and_that_is_told_once(tmp_path: Path) -> None:
    crawls = ([answer(day, page(on=f"2026-03-0{day + 2}"))] for day in (0, 3, 5))

    assert [("stamped", "2026-03-07")] == doubts(an_archive_of(tmp_path / "archive", *crawls))


def test_a_day_after_the_capture_and_one_before_the_signature_are_told(tmp_path: Path) -> None:
    signed = ("</div></div></body>", "<p>青山市民政局</p><p>2026年3月20日</p></div></div></body>")
    folder = an_archive_of(tmp_path / "archive", [answer(0, page(signed, on="2026-03-10"))])

    assert [("ahead", "2026-03-10"), ("before_written", "2026-03-10")] == doubts(folder)


LIST = "http://mzj.qingshan.example/tzgg/"
NOTICES = Channel(source="qingshan", name="通知公告", url=LIST, family="trs")


def listed(day: int, url: str, on: str) -> Listed:
    entry = Entry(url=url, title=TITLE, date_raw=on)
    return Listed(entry=entry, source="qingshan", channel=LIST, list_url=LIST, listed_at=NOW + timedelta(day))


def walked(day: int, how: str = "end") -> Walked:
    at = NOW + timedelta(day)
    return Walked(source="qingshan", channel=LIST, started_at=at, ended_at=at + timedelta(minutes=9), how=how, pages=1)  # type: ignore[arg-type]  # a literal


@pytest.mark.parametrize(
    ("how", "oldest", "found"),
    [("end", "2026-01-05", ["listed_late"]), ("cut", "2026-01-05", []), ("end", "2026-03-02", [])],
    ids=["a whole walk", "a walk that was cut", "a list that goes not back so far"],
)
def test_a_page_that_a_whole_walk_did_not_meet_after_its_day_is_doubted(
    tmp_path: Path, how: str, oldest: str, found: list[str]
) -> None:
    older = URL.replace("101", "100")
    folder = an_archive_of(
        tmp_path / "archive",
        [NOTICES, listed(0, older, oldest), answer(0, page(RAISED), url=older), walked(20, how)],
        [listed(30, URL, "2026-03-01"), answer(30, page()), walked(30)],
    )

    assert found == [kind for kind, _ in doubts(folder)]


def test_a_page_that_its_list_shows_soon_is_not_doubted(tmp_path: Path) -> None:
    older = URL.replace("101", "100")
    folder = an_archive_of(
        tmp_path / "archive",
        [NOTICES, listed(0, older, "2026-01-05"), answer(0, page(RAISED), url=older), walked(3)],
        [listed(4, URL, "2026-03-01"), answer(4, page()), walked(4)],
    )
    lines = run(folder, "history", URL).stdout.splitlines()

    assert [] == doubts(folder)
    assert f"    列表首见 First in a list: 2026-03-01 [通知公告 {LIST}, 2026-03-06 09:00]" in lines


def test_an_address_that_leads_to_another_copy_moved(tmp_path: Path) -> None:
    new = URL.replace("tzgg", "xxgk")
    folder = an_archive_of(
        tmp_path / "archive", [answer(0, page())], [answer(9, location=new, status=301), answer(9, page(), url=new)]
    )
    moved = [one for one in plain(folder, "history", URL, "--json")["timeline"] if one["what"] == "moved"]

    assert [301] == [one["capture"]["status"] for one in moved]
    assert [True] == [one["to"].endswith("/xxgk/202603/t20260301_101.html") for one in moved]


def test_edits_of_an_older_database_are_told_by_the_next_index_run(folder: Path, tmp_path: Path) -> None:
    reader = open_reader(folder / "notices.db")
    expected = dump(reader)
    reader.close()
    db = open_writer(tmp_path / "other.db")
    Index(folder, db, run="test").catch_up()
    db.execute("update revisions set classes = '[]', rank = null, headline = null")
    db.execute("delete from _sqlite_migrations where name = 'm008_edits'")
    younger = "select type, name from sqlite_master where name in ('revisions_rank', 'revisions_edited')"
    facets = " or (type in ('view', 'trigger') and name like 'facets_%')"
    for kind, name in db.execute(younger + facets).fetchall():
        db.execute(f"drop {kind} {name}")
    for name in ("classes", "rank", "headline"):
        db.execute(f"alter table revisions drop column {name}")
    db.close()
    db = open_writer(tmp_path / "other.db")
    Index(folder, db, run="again").catch_up()

    assert expected["revisions"] == dump(db)["revisions"]
    ranks = db.execute("select rank from revisions where copy like 'mzj%' order by number").fetchall()
    assert [(None,), (1,), (4,)] == ranks
    db.close()
