"""Which notice a citation leads to: one that is surely meant, whatever came first; else none."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.decisions import append_decision
from archive.extract.citations import find_citations
from archive.index import Index
from archive.records import Decision
from archive.store import open_writer
from archive.store.citations import faces, put_citations
from archive.store.copies import drop_copy
from tests.build import PORTAL, a_notice, a_source, an_archive
from tests.captures import NOW, an_exchange, article, write_warc
from tests.dump import dump

OLD = "关于规范示例救助工作的通知"
NUMBER = "示民发〔2010〕1号"
CITES = f"《{OLD}》（{NUMBER}）同时废止。"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = an_archive(tmp_path / "notices.db")
    db.conn.execute("pragma synchronous=off")
    a_source(db, "portal", kind="portal", home=PORTAL)
    yield db
    db.close()


def hold(db: Database, title: str = "关于新示例工作的通知", text: str = "", **columns: Any) -> str:
    """A notice that has just come: with its names, what its text cites, and those that cite it."""
    notice = a_notice(db, title, text, **columns)
    _say(db, notice, text)
    put_citations(db, [notice], {})
    return notice


def change(db: Database, notice: str, **columns: Any) -> None:
    """A notice says something else now."""
    before = faces(db, [notice])
    if "text" in columns:
        _say(db, notice, columns["text"])
    db["notices"].update(db.execute("select n from notices where id = ?", [notice]).fetchone()[0], columns)
    put_citations(db, [notice], before)


def _say(db: Database, notice: str, text: str) -> None:
    said = json.dumps({"citations": [asdict(one) for one in find_citations(text, None, None)]}, ensure_ascii=False)
    db.execute(
        "update revisions set fields = ? where copy = (select best_copy from notices where id = ?)", [said, notice]
    )


def links(db: Database, notice: str) -> list[str | None]:
    """Which notices the citations of a notice lead to, in its order."""
    rows = db.execute("select cited_notice from citations where notice = ? order by number", [notice])
    return [cited for (cited,) in rows]


def relations(db: Database) -> list[tuple[str, str, str, str]]:
    """All relations."""
    return [(row["a"], row["b"], row["kind"], row["why"]) for row in db.table("relations").rows]


def test_a_citation_leads_to_its_notice_whichever_came_first(db: Database) -> None:
    first = hold(db, OLD, document_number=NUMBER)
    citing = hold(db, text=CITES)
    early = hold(db, text="按照示民发〔2009〕7号执行。")
    late = hold(db, "关于更早示例工作的通知", document_number="示民发〔2009〕7号")

    assert [first] == links(db, citing)
    assert [late] == links(db, early)
    assert [(citing, first, "repeals", CITES)] == relations(db)


def test_a_citation_is_kept_with_what_shows_it(db: Database) -> None:
    notice = hold(db, text=CITES)
    [row] = db.table("citations").rows

    assert {
        "notice": notice,
        "number": 1,
        "kind": "repeals",
        "document_number": NUMBER,
        "title": OLD,
        "cited_notice": None,
        "raw": f"《{OLD}》（{NUMBER}）",
        "sentence": CITES,
        "copy": "mzj.shili.example/tzgg/1.html",
    }.items() <= row.items()


@pytest.mark.parametrize(
    ("cites", "held"),
    [
        (f"《{OLD}》", {"title": OLD}),
        (f"《{OLD}》", {"title": f"示例市民政局{OLD}"}),
        (f"《示例市民政局{OLD}》", {"title": OLD, "issuing_agencies": '["示例市民政局"]'}),
        (f"示例市民政局《{OLD}》", {"title": OLD, "issuing_agencies": '["示例市民政局"]'}),
        (f"市民政局《{OLD}》", {"title": OLD, "issuing_agencies": '["示例市民政局"]'}),
        ("《示例救助审核确认办法》", {"title": "示例市民政局关于印发《示例救助审核确认办法》的通知"}),
        ("《示例救助审核确认办法》", {"title": "关于印发示例救助审核确认办法的通知"}),
        (f"《{OLD}》（{NUMBER}）", {"title": OLD}),
        (f"《{OLD}》（{NUMBER}）", {"title": "示例救助工作规范", "document_number": NUMBER}),
        ("《示例条例》（国务院令第649号）", {"title": "示例条例", "document_number": "国务院令第六百四十九号"}),
        ("中华人民共和国国务院令第649号", {"title": "示例条例", "document_number": "国务院令第649号"}),
    ],
)
def test_a_document_is_found_by_its_names(db: Database, cites: str, held: dict[str, str]) -> None:
    citing = hold(db, text=f"根据{cites}。", published_on="2021-03-01")
    notice = hold(db, **held)

    assert [notice] == links(db, citing)


@pytest.mark.parametrize(
    ("cites", "held"),
    [
        (f"民政部《{OLD}》", {"title": OLD, "issuing_agencies": '["示例市民政局"]'}),
        (f"《民政部{OLD}》", {"title": OLD, "issuing_agencies": '["示例市民政局"]'}),
        (f"《{OLD}》（{NUMBER}）", {"title": OLD, "document_number": "示民发〔2010〕2号"}),
        (f"《{OLD}》", {"title": OLD, "published_on": "2022-01-01"}),
        ("《示例办法》", {"title": "示例办法"}),
        (f"《{OLD}》（{NUMBER}）", {"title": "养老机构名单公告", "document_number": NUMBER}),
        ("市政府令第3号", {"title": OLD, "document_number": "市政府令第3号"}),
        ("政发〔2010〕3号", {"title": OLD, "document_number": "政发〔2010〕3号"}),
    ],
    ids=[
        "another agency's",
        "another agency's by its title",
        "of another number",
        "of a later day",
        "of a title that many have",
        "another document under the number",
        "an order that many agencies have",
        "a number that many agencies have",
    ],
)
def test_what_may_be_another_document_is_not_linked(db: Database, cites: str, held: dict[str, str]) -> None:
    citing = hold(db, text=f"根据{cites}。", published_on="2021-03-01")
    hold(db, **held)

    assert [None] == links(db, citing)


def test_what_several_notices_are_called_stays_open_until_one_is_left(db: Database) -> None:
    citing = hold(db, text=f"根据《{OLD}》。")
    first, second = hold(db, OLD), hold(db, OLD)
    assert [None] == links(db, citing)
    change(db, second, title="关于别的示例工作的通知")

    assert [first] == links(db, citing)


def test_of_several_with_one_number_the_one_captured_at_a_bureau_is_meant(db: Database) -> None:
    citing = hold(db, text=f"{NUMBER}同时废止。")
    hold(db, "一份转载", source="portal", url=f"{PORTAL}1.html", document_number=NUMBER)
    bureau = hold(db, OLD, document_number=NUMBER)
    assert [bureau] == links(db, citing)
    hold(db, "另一份", document_number=NUMBER)

    assert [None] == links(db, citing)


def test_of_several_with_one_number_the_one_with_the_title_is_meant(db: Database) -> None:
    citing = hold(db, text=CITES)
    hold(db, "另一份示例文件的通知", document_number=NUMBER)
    notice = hold(db, OLD, document_number=NUMBER)

    assert [notice] == links(db, citing)


def test_no_notice_cites_itself(db: Database) -> None:
    notice = hold(db, OLD, f"根据《{OLD}》。按照{NUMBER}。", document_number=NUMBER)

    assert {None} == set(links(db, notice))


def test_a_notice_that_is_renamed_or_taken_away_is_cited_no_more(db: Database) -> None:
    citing = hold(db, text=CITES)
    notice = hold(db, OLD, document_number=NUMBER)
    change(db, notice, title="别的公告", document_number=None)
    assert ([None], []) == (links(db, citing), relations(db))
    change(db, notice, title=OLD)
    assert [notice] == links(db, citing)
    [copy] = db.execute("select url_key from copies where notice = ?", [notice]).fetchone()
    drop_copy(db, copy)

    assert ([None], []) == (links(db, citing), relations(db))
    assert [] == db.execute("pragma foreign_key_check").fetchall()


def test_what_a_notice_cites_goes_with_it(db: Database) -> None:
    hold(db, OLD, document_number=NUMBER)
    hold(db, text=CITES)
    drop_copy(db, "mzj.shili.example/tzgg/2.html")

    assert (0, 0) == (db.table("citations").count, db.table("relations").count)
    assert 1 == db.execute("select count(distinct notice) from names").fetchone()[0]


def test_a_notice_whose_text_no_longer_repeals_has_no_such_relation(db: Database) -> None:
    notice = hold(db, OLD, document_number=NUMBER)
    citing = hold(db, text=CITES)
    change(db, citing, text=f"根据{NUMBER}。")

    assert ([notice], []) == (links(db, citing), relations(db))


def test_relations_of_other_kinds_are_left_alone(db: Database) -> None:
    a, b = hold(db), hold(db, OLD, document_number=NUMBER)
    db["relations"].insert({"a": a, "b": b, "kind": "forwards", "why": "two parts", "found_in": "text"})
    change(db, a, text=CITES)
    change(db, a, text="")

    assert [(a, b, "forwards", "two parts")] == relations(db)


@pytest.mark.parametrize("seed", range(20))
def test_links_depend_on_the_notices_alone(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    numbers, titles = (NUMBER, "示民发〔2010〕2号", None), (OLD, f"示例市民政局{OLD}", f"关于印发《{OLD}》的通知", None)
    texts = (CITES, f"根据《{OLD}》。", f"转发{NUMBER}，根据《示例市民政局{OLD}》和示民发〔2010〕2号。", "")
    held: list[str] = []
    for step in range(25):
        said = {
            "title": chance.choice(titles),
            "document_number": chance.choice(numbers),
            "published_on": chance.choice(("2020-01-01", "2021-01-01", None)),
        }
        if not held or chance.random() < 0.4:
            source = chance.choice(("shili", "portal"))
            url = f"{PORTAL if source == 'portal' else 'https://mzj.shili.example/'}{step}.html"
            held.append(hold(db, text=chance.choice(texts), source=source, url=url, **said))
        elif chance.random() < 0.7:
            change(db, chance.choice(held), text=chance.choice(texts), **said)
        else:
            notice = held.pop(chance.randrange(len(held)))
            drop_copy(db, db.execute("select url_key from copies where notice = ?", [notice]).fetchone()[0])
        grown = [dump(db)[table] for table in ("citations", "names", "relations")]
        for table in ("citations", "names", "relations"):
            db.execute(f"delete from {table}")
        put_citations(db, held, {})

        assert grown == [dump(db)[table] for table in ("citations", "names", "relations")]


PAGES = {
    "http://mzj.qingshan.example/1.html": (OLD, ["青民发〔2010〕1号"]),
    "http://mzj.qingshan.example/2.html": ("关于新示例工作的通知", [f"《{OLD}》（青民发〔2010〕1号）同时废止。"]),
    "http://www.zixun.example/3.html": ("一份旧通知的转载", ["青民发〔2010〕1号"]),
}


def crawled(root: Path, number: int, urls: Sequence[str], **changed: str) -> None:
    """A crawl that brings these pages; `title` is that of all."""
    pages = [
        an_exchange(
            url,
            article(changed.get("title", title), paragraphs=[*lines, f"{title}的正文。" * 40]),
            at=NOW.replace(day=number + 1),
        )
        for url, (title, lines) in PAGES.items()
        if url in urls
    ]
    write_warc(root / "warc", f"2026030{number + 1}T010000Z-aaaaaa", pages, at=NOW.replace(day=number + 1))


def held_links(db: Database) -> list[tuple[str, str | None]]:
    """The url of each citing notice and of the original it leads to."""
    return db.execute(
        "select a.original_url, b.original_url from citations join notices a on a.id = citations.notice"
        " left join notices b on b.id = cited_notice order by 1, citations.number"
    ).fetchall()


@pytest.mark.parametrize("order", list(itertools.permutations(list(PAGES)[:2])))
def test_a_crawl_links_what_its_pages_cite_and_unlinks_a_page_that_changed(tmp_path: Path, order: list[str]) -> None:
    old, new, _ = PAGES
    db = open_writer(tmp_path / "notices.db")
    index = Index(tmp_path, db, run="test")
    for number, url in enumerate(order):
        crawled(tmp_path, number, [url])
        index.catch_up()
    assert [(new, old)] == held_links(db)
    crawled(tmp_path, 5, [old], title="已改作他用的公告")
    index.catch_up()

    assert [(new, None)] == held_links(db)
    assert [] == relations(db)
    db.close()


def test_rulings_keep_citations_right(tmp_path: Path) -> None:
    old, new, repost = PAGES
    crawled(tmp_path, 0, list(PAGES))
    db = open_writer(tmp_path / "notices.db")
    index = Index(tmp_path, db, run="test")
    for what, urls in (("merge", (old, repost)), ("split", (repost, old)), ("merge", (new, old))):
        append_decision(
            tmp_path / "decisions.jsonl", Decision(at=NOW, who="test", what=what, urls=urls, why="a person's word")
        )
        index.catch_up()
        made = open_writer(tmp_path / "made.db")
        Index(tmp_path, made, run="test").catch_up()
        assert dump(made) == dump(db)
        made.close()
        for file in tmp_path.glob("made.db*"):
            file.unlink()

    assert [] == db.execute("pragma foreign_key_check").fetchall()
    db.close()
