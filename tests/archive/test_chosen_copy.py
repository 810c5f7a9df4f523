"""A copy of some notices: all that belongs to them, all that describes the archive, and nothing of the others."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.store import Database, open_reader, open_writer
from archive.store.archive_facts import archive_facts
from archive.store.belonging import KEPT
from archive.store.choosing import EVERYTHING, Choice, ChoiceError
from archive.store.chosen_copy import write_chosen
from archive.store.dataset import notice_pages, vacuum_into
from archive.store.divisions import load_divisions
from archive.store.facets import stray_facets
from archive.store.left_out import COVERED, Cover
from archive.store.masked import mask_draft, masked_by
from archive.store.search import check_search
from archive.urls import url_key
from tests.build import BUREAU, PORTAL, SEEN_AT, a_capture, a_citation, a_copy, a_notice, a_revision, an_archive
from tests.persons import CITIZEN, MOBILE

TITLE = "关于注销某某服务中心登记的公告"
TEXT = "经查，该中心三年未年检，现予以公告。"
URL = f"{BUREAU}tzgg/chexiao.html"
KEY = URL.removeprefix("https://")
REPOST = f"{PORTAL}zhuanzai/77.html"
REPOST_KEY = "zhuanzai.example/zhuanzai/77.html"
FILE = f"{BUREAU}files/mingdan.pdf"
FILE_TEXT = "中心名册全文"
MOVED = f"{BUREAU}jiu/77.html"
NUMBER = "示民发〔2026〕77号"
NAMES = (TITLE, TEXT, FILE_TEXT, "chexiao.html", "zhuanzai/77", "mingdan.pdf", "jiu/77.html", NUMBER)
"""What must not be found of the notice that is left out."""


@dataclass
class Planted:
    """A database, its notice that is to be left out, one that names it everywhere, and one of another place."""

    path: Path
    gone: str
    naming: str
    far: str


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    path = tmp_path_factory.mktemp("chosen") / "notices.db"
    with closing(an_archive(path)) as db, db.atomic():
        load_divisions(db)
        gone = a_notice(db, TITLE, TEXT, url=URL, document_number=NUMBER, attachments_text=FILE_TEXT)
        naming = a_notice(db, "关于社会组织名单的通告", "名单见附件。", division="430100", published_on="2026-03-01")
        far = a_notice(db, "关于高龄津贴的通知", "按月发放高龄津贴。", division="330100", source="yuan")
        sure = a_copy(db, naming, f"{PORTAL}zhuanzai/1.html", source="menhu", text="名单见附件。")
        a_revision(db, sure, text="名单见附件（修订）。", rank=1)
        a_copy(db, gone, REPOST, source="menhu", text=TEXT, title=TITLE)
        plant_files(db, sure)
        plant_names(db, gone, naming, sure)
        plant_the_archive(db)
        a_far_pair(db, far)
    return Planted(path, gone, naming, far)


def plant_files(db: Database, sure: str) -> None:
    """A file of the notice that goes, one of the notice that stays, and one that both link."""
    both = f"{BUREAU}files/both.pdf"
    for copy, url, text in ((KEY, FILE, FILE_TEXT), (sure, f"{BUREAU}files/1.pdf", "附件全文"), *shared(sure, both)):
        key = url.removeprefix("https://")
        digest = f"sha256:{key}"
        row = {"payload_digest": digest, "sha256": "00", "size": 1, "media_type": "application/pdf", "text": text}
        db["files"].insert({**row, "reader_version": "1"}, ignore=True)
        version = {"url_key": key, "number": 1, "payload_digest": digest, "seen_from": SEEN_AT, "seen_to": SEEN_AT}
        db["file_versions"].insert(version, ignore=True)
        link = {"copy": copy, "url": url, "url_key": key, "name": "附件", "payload_digest": digest, "text": text}
        db["attachments"].insert(link)
        a_capture(db, url, kind="file")


def shared(sure: str, url: str) -> tuple[tuple[str, str, str], ...]:
    return ((KEY, url, "共同附件"), (sure, url, "共同附件"))


def plant_names(db: Database, gone: str, naming: str, sure: str) -> None:
    """Every way in which rows of others name the notice that goes."""
    capture = db.execute("select record_id from captures where url_key = ?", [KEY]).fetchone()[0]
    db["aliases"].insert_all(
        {"alias": alias, "kind": kind, "notice": notice}
        for alias, kind, notice in (
            (KEY, "url", gone),
            (REPOST_KEY, "url", gone),
            ("abcdefghij23", "id", gone),
            (sure, "url", naming),
            ("abcdefghij24", "id", naming),
        )
    )
    a_capture(db, MOVED, outcome="moved", location=URL, location_key=KEY, kind=None)
    a_capture(db, f"{BUREAU}tzgg/2.html", outcome="moved", location=URL, location_key=KEY, kind=None)
    db["names"].insert_all(
        {"notice": gone, "kind": kind, "key": key, "official": 1}
        for kind, key in (("title", TITLE), ("number", NUMBER))
    )
    a_citation(db, naming, cited_notice=gone, title=TITLE, raw=TITLE, sentence=TITLE, title_key=TITLE)
    a_citation(db, naming, title=None, document_number=NUMBER, number_key=NUMBER, raw=NUMBER, sentence=NUMBER)
    a_citation(db, naming, title="其他办法", title_key="其他办法")
    db["threads"].insert_all(
        {"notice": naming, "kind": kind, "key": key, "place": ""}
        for kind, key in (("lists", TITLE), ("lists", "别的标题"), ("series", "名单"))
    )
    db["relations"].insert({"a": naming, "b": gone, "kind": "sibling", "why": TITLE})
    db["claims"].insert_all({"copy": sure, "claimed_key": key} for key in (KEY, "mzj.shili.example/tzgg/2.html"))
    db["copies"].update(sure, {"claimed_original": URL, "claimed_key": KEY})
    # a repost that names the bureau's home and its list, as careless portals do
    for url in (BUREAU, f"{BUREAU}tzgg/"):
        db["claims"].insert({"copy": REPOST_KEY, "claimed_key": url_key(url)})
    evidence = {"same_text_as": URL, "capture": capture, "notice": gone, "text_digest": "sha256:00"}
    db["matches"].update(sure, {"evidence": json.dumps(evidence)})
    db["revisions"].update((sure, 1), {"fields": json.dumps({"claimed_original": URL, "title": "通告"})})
    db["match_history"].insert_all(
        {"copy": sure, "from": one, "to": other, "run": "r", "at": SEEN_AT, "why": "link"}
        for one, other in ((gone, naming), ("abcdefghij24", naming))
    )
    likeness = {"class": "full", "covers": 1.0, "covered": 1.0, "title": 1.0, "agency": 0, "numbered": 0}
    db["likenesses"].insert_all(
        {"copy": sure, "other": other, **likeness} for other in (KEY, "mzj.shili.example/tzgg/2.html")
    )
    db["reviews"].insert({"copy": sure, "other": KEY, "why": TITLE})


def plant_the_archive(db: Database) -> None:
    """What describes the archive, and says something of the notice that goes."""
    channel = f"{BUREAU}tzgg/"
    db["channels"].insert(
        {"source": "shili", "name": "通知", "url": channel, "url_key": "mzj.shili.example/tzgg", "family": "trs"}
    )
    a_capture(db, channel, kind="list")
    entry = {"channel": channel, "source": "shili", "listed_at": SEEN_AT}
    for url, title in ((URL, TITLE), (f"{BUREAU}tzgg/weicai.html", TITLE), (f"{BUREAU}tzgg/lingyi.html", "另一则")):
        db["entries"].insert({**entry, "url_key": url.removeprefix("https://"), "url": url, "title": title})
    for number, (subject, key, detail) in enumerate(
        (
            (URL, KEY, TITLE),
            (channel, "mzj.shili.example/tzgg", f"lost: {URL}, 《{TITLE}》, and others"),
            (f"{BUREAU}tzgg/2.html", "mzj.shili.example/tzgg/2.html", "unreadable"),
        )
    ):
        raised = {"kind": "unreadable", "subject": subject, "detail": detail, "raised_at": SEEN_AT}
        db["issues"].insert({**raised, "id": f"i{number}"})
        db["raisings"].insert({**raised, "issue": f"i{number}", "subject_key": key})
    for line, (what, urls) in enumerate(
        (
            ("takedown", [URL]),
            ("merge", [URL, REPOST]),
            ("merge", [f"{BUREAU}tzgg/2.html", f"{PORTAL}zhuanzai/1.html"]),
        ),
        1,
    ):
        said = {
            "line": line,
            "at": SEEN_AT,
            "who": "甲",
            "what": what,
            "urls": json.dumps(urls),
            "why": f"核对过{TITLE}",
        }
        db["decisions"].insert(said)
    moves = {"source": "shili", "crawl": "c", "at": SEEN_AT, "rechecked": 2, "vanished": 2}
    db["source_moves"].insert({**moves, "examples": json.dumps([KEY, "mzj.shili.example/tzgg/2.html"])})
    db["postings"].insert({"hash": 1, "mark": 1})
    db["dirty"].insert({"step": "settle", "url_key": KEY})


def a_far_pair(db: Database, far: str) -> None:
    """A notice elsewhere with a copy that is less sure, seen later, that links a file alone."""
    url = f"{PORTAL}zhuanzai/9.html"
    key = a_copy(db, far, url, source="menhu", text="按月发放。", last_seen_at="2026-05-01T00:00:00Z")
    db["matches"].update(key, {"confidence": 0.9, "rule": "near_text"})
    for alias in (key, "mzj.shili.example/tzgg/3.html"):
        db["aliases"].insert({"alias": alias, "kind": "url", "notice": far})
    db["files"].insert(
        {
            "payload_digest": "sha256:9",
            "sha256": "09",
            "size": 1,
            "media_type": "x",
            "text": "存疑附件",
            "reader_version": "1",
        }
    )
    db["attachments"].insert(
        {
            "copy": key,
            "url": f"{url}.pdf",
            "url_key": f"{key}.pdf",
            "name": "附",
            "payload_digest": "sha256:9",
            "text": "存疑附件",
        }
    )
    db.execute(
        "update notices set last_seen_at = '2026-05-01T00:00:00Z', attachments_text = '存疑附件' where id = ?", [far]
    )


def copied(planted: Planted, target: Path, choice: Choice = EVERYTHING, *left_out: str) -> Database:
    with closing(open_reader(planted.path)) as db:
        write_chosen(db, target, choice, left_out=left_out)
    return open_reader(target)


@pytest.fixture(scope="module")
def without(planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all but the notice that is left out."""
    target = tmp_path_factory.mktemp("without") / "copy.db"
    copied(planted, target, EVERYTHING, planted.gone).close()
    return target


def rows(db: Database, table: str) -> set[tuple[object, ...]]:
    return set(db.execute(f"select * from {table}"))


def test_every_table_of_the_schema_has_its_rule_and_no_other(planted: Planted) -> None:
    with closing(open_reader(planted.path)) as db:
        tables = {name for name in db.table_names() if not name.startswith(("notices_fts", "sqlite_"))}

    assert tables == KEPT.keys()


def test_nothing_of_what_is_left_out_is_in_the_bytes_of_the_file(planted: Planted, without: Path) -> None:
    before, after = planted.path.read_bytes(), without.read_bytes()

    assert [] == [name for name in (*NAMES, planted.gone, "abcdefghij23") if name.encode() not in before]
    assert [] == [name for name in (*NAMES, planted.gone, "abcdefghij23") if name.encode() in after]


def test_its_words_are_not_in_the_index_either(without: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(without.read_bytes())
    with closing(open_writer(copy)) as db:
        db.execute("create virtual table words using fts5vocab('notices_fts', 'row')")
        words = {word for (word,) in db.execute("select term from words")}

    assert {"津贴", "名单"} <= words
    assert set() == words & {"注销", "年检", "名册"}


def test_all_others_stay_as_they_were_with_all_their_rows(planted: Planted, without: Path) -> None:
    with closing(open_reader(planted.path)) as db, closing(open_reader(without)) as copy:
        own = {"copies", "matches", "revisions", "captures", "attachments", "names", "fidelities", "notices"}
        lost = {table: len(rows(db, table) - rows(copy, table)) for table in own}
        told = [notice for page in notice_pages(db) for notice in page if notice["id"] != planted.gone]

        # the copy that names it is not what it was: its address is covered
        assert {
            "notices": 1,
            "copies": 3,
            "matches": 3,
            "revisions": 3,
            "captures": 5,
            "attachments": 2,
            "names": 2,
        } == {table: count for table, count in lost.items() if count}
        assert told == [notice for page in notice_pages(copy) for notice in page]


def test_what_names_it_goes_and_what_names_others_stays(planted: Planted, without: Path) -> None:
    with closing(open_reader(without)) as copy:
        assert {"其他办法"} == {title for (title,) in copy.execute("select title from citations")}
        assert {("lists", "别的标题"), ("series", "名单")} == set(copy.execute("select kind, key from threads"))
        assert [("abcdefghij24", planted.naming)] == copy.execute('select "from", "to" from match_history').fetchall()
        assert [] == copy.execute("select * from relations").fetchall()
        assert {"另一则"} == {title for (title,) in copy.execute("select title from entries")}
        assert [("merge",)] == copy.execute("select what from decisions").fetchall()
        assert {"i1", "i2"} == {name for (name,) in copy.execute("select id from issues")}
        assert {("i1",), ("i2",)} == set(copy.execute("select issue from raisings"))
        assert {"附件全文", "共同附件", "存疑附件"} == {text for (text,) in copy.execute("select text from files")}


def test_an_address_within_a_value_is_covered_and_the_rest_of_it_stays(without: Path) -> None:
    with closing(open_reader(without)) as copy:
        [(evidence,)] = copy.execute("select evidence from matches where evidence like '%same_text_as%'")
        [(detail,)] = copy.execute("select detail from issues where id = 'i1'")
        [(claimed, key)] = copy.execute(
            "select claimed_original, claimed_key from copies where source = 'menhu' and url like '%/1.html'"
        )

    said = json.loads(evidence)
    assert (COVERED, COVERED, "sha256:00") == (said["same_text_as"], said["notice"], said["text_digest"])
    assert detail == f"lost: {COVERED}, 《{COVERED}》, and others"
    assert (claimed, key) == (None, None)


def test_addresses_of_the_site_are_no_secret(planted: Planted, without: Path) -> None:
    with closing(open_reader(planted.path)) as db, closing(open_reader(without)) as copy:
        whole = ("sources", "channels")
        assert [rows(db, table) for table in whole] == [rows(copy, table) for table in whole]
        assert 1 == copy.execute("select count(*) from captures where kind = 'list'").fetchone()[0]


def test_only_whole_addresses_are_covered() -> None:
    cover = Cover(["abcdefghij23"], [f"{BUREAU}tzgg/1.html", "mzj.shili.example/tzgg/1.html"])

    kept = ("https://mzj.shili.example/tzgg/1.htmlx", "https://amzj.shili.example/tzgg/1.html", "xabcdefghij23", "一")
    assert list(kept) == [cover.covered(text) for text in kept]
    assert f"见{COVERED}。" == cover.covered("见https://mzj.shili.example/tzgg/1.html。")
    assert f"id {COVERED}" == cover.covered("id abcdefghij23")
    assert cover.covered("http://mzj.shili.example/tzgg/1.html") is None
    assert (None, 3) == (cover.covered(None), cover.covered(3))


def test_titles_are_covered_in_what_is_said_of_notices_alone() -> None:
    cover = Cover([], [], ["关于甲的公告", "关于甲的公告（二）"])

    assert f"见{COVERED}，{COVERED}" == cover.covered_saying("见关于甲的公告（二），关于甲的公告")
    assert cover.covered("转发关于甲的公告") == "转发关于甲的公告"


def test_a_former_id_leaves_out_the_notice_that_holds_it(planted: Planted, without: Path, tmp_path: Path) -> None:
    copied(planted, tmp_path / "copy.db", EVERYTHING, "abcdefghij23").close()

    assert without.read_bytes() == (tmp_path / "copy.db").read_bytes()


def test_a_narrow_copy_has_what_belongs_to_its_notices_and_what_describes_the_archive(
    planted: Planted, tmp_path: Path
) -> None:
    with closing(copied(planted, tmp_path / "copy.db", Choice(places=("湖南省",)))) as copy:
        [notice] = [notice for page in notice_pages(copy) for notice in page]
        with closing(open_reader(planted.path)) as db:
            [told] = [notice for page in notice_pages(db, Choice(ids=(planted.naming,))) for notice in page]
            whole = ("sources", "channels", "divisions", "source_moves", "_sqlite_migrations")
            assert [rows(db, table) for table in whole] == [rows(copy, table) for table in whole]
            facts = archive_facts(db)
            assert {("copied_of", json.dumps(facts))} == rows(copy, "archive_state") - rows(db, "archive_state")
        assert facts == archive_facts(copy)
        own = {table: copy.table(table).count for table in ("copies", "revisions", "captures", "aliases", "citations")}

        assert told == notice
        assert {"copies": 2, "revisions": 3, "captures": 6, "aliases": 2, "citations": 3} == own
        assert [(planted.naming, planted.gone)] == copy.execute("select a, b from relations").fetchall()
        assert {"附件全文", "共同附件"} == {text for (text,) in copy.execute("select text from files")}
        assert {"i1", "i2"} == {name for (name,) in copy.execute("select id from issues")}
        assert not copy.execute("select 1 from captures where kind = 'list'").fetchall()


def test_search_and_facets_of_a_narrow_copy_work(planted: Planted, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    copied(planted, target, Choice(places=("湖南省",))).close()
    with closing(open_writer(target)) as copy:
        check_search(copy)
        found = "select count(*) from notices_fts where notices_fts match zh_match(?)"
        assert [(1,), (0,)] == [copy.execute(found, [word]).fetchone() for word in ("名单", "津贴")]
        assert (0, 1) == (stray_facets(copy), copy.table("facets").count)
        assert [("ok",)] == copy.execute("pragma integrity_check").fetchall()
        copy.execute("update notices set title = '改名'")
        check_search(copy)


@pytest.mark.parametrize("choice", [Choice(places=("湖南省",)), Choice(min_confidence=0.95)], ids=["narrow", "sure"])
def test_the_same_choice_gives_the_same_bytes(planted: Planted, tmp_path: Path, choice: Choice) -> None:
    for name in ("one.db", "two.db"):
        copied(planted, tmp_path / name, choice).close()

    assert (tmp_path / "one.db").read_bytes() == (tmp_path / "two.db").read_bytes()


def test_everything_is_the_database_itself(planted: Planted, tmp_path: Path) -> None:
    source = tmp_path / "notices.db"
    source.write_bytes(planted.path.read_bytes())
    with closing(open_writer(source)) as db:
        db.execute("delete from decisions where what = 'takedown'")
        write_chosen(db, tmp_path / "chosen.db", EVERYTHING)
        vacuum_into(db, tmp_path / "whole.db")

    assert (tmp_path / "whole.db").read_bytes() == (tmp_path / "chosen.db").read_bytes()


def test_copies_that_are_less_sure_go_with_all_that_only_they_said(planted: Planted, tmp_path: Path) -> None:
    with closing(copied(planted, tmp_path / "copy.db", Choice(min_confidence=0.95, ids=(planted.far,)))) as copy:
        [notice] = [notice for page in notice_pages(copy) for notice in page]
        sql = "select copies, last_seen_at, attachments_text from notices"
        assert [(1, SEEN_AT, "")] == copy.execute(sql).fetchall()
        assert (1, 1, 0, 0) == tuple(copy.table(name).count for name in ("copies", "matches", "attachments", "files"))
        assert [("yuan",)] == copy.execute("select sources from facets").fetchall()
        assert [("mzj.shili.example/tzgg/3.html",)] == copy.execute("select alias from aliases").fetchall()
    with closing(open_reader(planted.path)) as db:
        pages = notice_pages(db, Choice(min_confidence=0.95, ids=(planted.far,)))
        assert [notice] == [one for page in pages for one in page]


def test_a_copy_of_some_notices_can_be_masked_in_its_place(tmp_path: Path) -> None:
    with closing(an_archive(tmp_path / "notices.db")) as db:
        one = a_notice(db, "名单", f"联系人手机{MOBILE}，身份证{CITIZEN}。")
        a_notice(db, "别的", f"手机{MOBILE}")
        write_chosen(db, tmp_path / "draft.db", Choice(ids=(one,)))
        mask_draft(tmp_path / "draft.db")
    with closing(open_reader(tmp_path / "draft.db")) as draft:
        vacuum_into(draft, tmp_path / "copy.db")

    data = (tmp_path / "copy.db").read_bytes()
    assert [] == [word for word in (MOBILE, CITIZEN) if word.encode() in data]
    with closing(open_writer(tmp_path / "copy.db")) as copy:
        check_search(copy)
        assert masked_by(copy) is not None
        assert {(one, "mobile"), (one, "resident_id")} == set(copy.execute("select notice, rule from masks"))


def test_a_choice_that_cannot_be_made_leaves_nothing(planted: Planted, tmp_path: Path) -> None:
    with pytest.raises(ChoiceError, match="湖南"):
        copied(planted, tmp_path / "copy.db", Choice(places=("湖南",)))

    assert [] == list(tmp_path.iterdir())


def test_a_table_without_a_rule_stops_the_copy(planted: Planted, tmp_path: Path) -> None:
    source = tmp_path / "notices.db"
    source.write_bytes(planted.path.read_bytes())
    with closing(open_writer(source)) as db:
        db.execute("create table later (notice text)")
        with pytest.raises(KeyError, match="later"):
            write_chosen(db, tmp_path / "copy.db", Choice(captured_only=True))

    assert [source] == list(tmp_path.iterdir())
