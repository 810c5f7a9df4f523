"""What a release tells to be otherwise than in the last one: that, and nothing else; and no id is ever lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.export.release.previous import find_previous, read_previous
from archive.export.sums import digest, write_sums
from archive.ledger import Export, append
from archive.records import Decision
from archive.store import Database, open_draft, open_reader
from archive.store.archive_facts import archive_facts
from archive.store.decisions import put_decisions
from archive.store.release_changes import put_changes
from archive.urls import notice_id, url_key
from tests.build import BUREAU, PORTAL, a_copy, a_notice, a_revision, an_archive
from tests.captures import NOW
from tests.editions import Release, released, write_lines
from tests.persons import CITIZEN

KEYS = [f"mzj.shili.example/tzgg/{number}.html" for number in range(6)]


@dataclass(frozen=True)
class State:
    """Which copies there are, key → number of its group; of each group the first in `order` gives the id."""

    groups: Mapping[str, int]
    order: Sequence[str]
    texts: Mapping[str, str]

    def notices(self) -> dict[str, str]:
        """Key of each copy → id of its notice."""
        first = {group: key for key in reversed(self.order) if (group := self.groups.get(key)) is not None}
        return {key: notice_id(first[group]) for key, group in self.groups.items()}


def states() -> st.SearchStrategy[State]:
    groups = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 3))
    texts = st.fixed_dictionaries({key: st.sampled_from(["甲", "乙"]) for key in KEYS})
    return st.builds(State, groups=groups, order=st.permutations(KEYS), texts=texts)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and no row."""
    path = tmp_path_factory.mktemp("empty") / "notices.db"
    db = an_archive(path)
    db.execute("pragma journal_mode = delete")
    db.close()
    return path


def filled(empty: Path, path: Path, state: State) -> Path:
    """A database in that state, its aliases as settling leaves them."""
    shutil.copy(empty, path)
    with closing(open_draft(path)) as db, db.atomic():
        members: dict[str, list[str]] = {}
        for key, notice in state.notices().items():
            members.setdefault(notice, []).append(key)
        for notice, keys in members.items():
            best = min(keys, key=state.order.index)
            db.table("notices").insert(
                {"id": notice, "original_captured": 1, "text": state.texts[best], "best_copy": best, "copies": 1}
            )
            for key in keys:
                seen = {"first_seen_at": "2026-03-02T01:00:00Z", "last_seen_at": "2026-03-02T01:00:00Z"}
                digest = {"text_digest": state.texts[key], "text_length": 1}
                db.table("copies").insert({"url_key": key, "url": f"http://{key}", "notice": notice, **digest, **seen})
                aliases = [{"alias": key, "kind": "url", "notice": notice}]
                if notice_id(key) != notice:
                    aliases.append({"alias": notice_id(key), "kind": "id", "notice": notice})
                db.table("aliases").insert_all(aliases)
    return path


@settings(max_examples=25, deadline=None)
@given(before=states(), now=states(), chosen=st.sets(st.integers(0, 3), min_size=2))
def test_every_id_of_a_release_is_found_in_the_next_or_told_to_be_removed(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, before: State, now: State, chosen: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    former = filled(empty, folder / "former.db", before)
    in_release = {key: group for key, group in now.groups.items() if group in chosen}
    released_now = State(in_release, now.order, now.texts)
    draft_path = filled(empty, folder / "draft.db", released_now)
    with (
        closing(open_reader(filled(empty, folder / "archive.db", now))) as archive,
        closing(open_draft(draft_path)) as draft,
    ):
        put_changes(draft, former, archive=archive)
        changes = list(draft.query("select * from changes"))
        successors = list(draft.query("select * from successors"))
        aliases = dict(draft.execute("select alias, notice from aliases where kind = 'id'").fetchall())
    ids = set(released_now.notices().values())
    removed = {row["former_id"]: row["detail"] for row in changes if row["kind"] == "removed"}
    changed = {row["id"] for row in changes}
    texts = {notice: before.texts[min(keys, key=before.order.index)] for notice, keys in by_notice(before).items()}
    texts_now = {n: now.texts[min(keys, key=now.order.index)] for n, keys in by_notice(released_now).items()}
    for former_id, keys in by_notice(before).items():
        listed = {row["notice"]: row["has_text"] for row in successors if row["former_id"] == former_id}
        reached = {former_id} & ids or {aliases[former_id]} if former_id in aliases.keys() | ids else set()
        reached |= listed.keys()

        assert bool(reached) != (former_id in removed)
        assert reached <= ids
        assert {released_now.notices()[key] for key in keys if key in in_release} <= reached
        if listed:
            best = min(keys, key=before.order.index)
            assert listed == {notice: notice == released_now.notices().get(best) for notice in listed}
        if former_id in removed:
            is_held = any(key in now.groups for key in keys)
            assert removed[former_id] == ("not_chosen" if is_held else "not_held")
        if former_id in ids and former_id not in changed:
            assert texts[former_id] == texts_now[former_id]
            assert set(keys) == set(by_notice(released_now)[former_id])
    added = {row["id"] for row in changes if row["kind"] == "added"}

    assert ids - added <= set(texts) | {row["notice"] for row in successors}


def by_notice(state: State) -> dict[str, list[str]]:
    """Id of each notice → keys of its copies."""
    found: dict[str, list[str]] = {}
    for key, notice in state.notices().items():
        found.setdefault(notice, []).append(key)
    return found


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Three notices: one with a repost, one that cites it, one alone."""
    made = an_archive(tmp_path / "notices.db")
    first = a_notice(made, "关于甲的通知", url=f"{BUREAU}1.html", published_on="2026-03-01")
    a_copy(made, first, f"{PORTAL}1.html", evidence={"text": "equal", "capture": "a@1"})
    a_notice(made, "关于乙的通知", url=f"{BUREAU}2.html")
    a_notice(made, "关于丙的通知", url=f"{BUREAU}3.html")
    yield made
    made.close()


ONE, TWO, THREE = (notice_id(url_key(f"{BUREAU}{number}.html")) for number in (1, 2, 3))
REPOST = url_key(f"{PORTAL}1.html")


def test_a_first_release_has_no_changes_and_says_that_there_is_none_before(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")

    assert [] == first.rows("changes") == first.rows("successors")
    assert (None, None) == (first.about["previous"], first.about["changes"])


def test_another_look_at_unchanged_pages_is_no_change(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    db.execute("update notices set last_seen_at = '2027-01-01T00:00:00Z'")
    db.execute("update copies set last_seen_at = '2027-01-01T00:00:00Z', checked_at = '2027-01-01T00:00:00Z'")
    db.execute("update revisions set seen_to = '2027-01-01T00:00:00Z'")
    db.execute("update matches set evidence = json_set(evidence, '$.capture', 'b@2')")
    second = released(db, tmp_path / "r2", first)

    assert [] == second.rows("changes")
    assert {"r1"} == {second.about["previous"]["name"]}
    assert {0} == set(second.about["changes"].values())


@pytest.mark.parametrize(
    ("sql", "fields"),
    [
        ("update notices set title = '改' where id = :one", ["title"]),
        ("update notices set text = '改', text_digest = 'sha256:1' where id = :one", ["text", "text_digest"]),
        ("update notices set published_on = '2026-03-02', document_number = '民发〔2026〕1号' where id = :one",
         ["document_number", "published_on"]),
        ("update notices set best_copy = :repost where id = :one", ["text_from"]),
        ("update copies set state = 'gone' where url_key = :repost", ["copies"]),
        ("update matches set rule = 'near_text' where copy = :repost", ["matches"]),
        ("update matches set evidence = '{\"text\": \"near\"}' where copy = :repost", ["matches"]),
        ("insert into relations (a, b, kind, why) select id, :one, 'repeals', '' from notices where id = :two",
         ["relations"]),
        ("insert into citations (notice, number, kind, raw, sentence, copy) values (:one, 1, 'mentions', '', '', '')",
         ["citations"]),
        ("insert into attachments (copy, url, name) values (:repost, 'http://a.example/1.pdf', '附件')",
         ["attachments"]),
        ("delete from copies where url_key = :repost", ["copies"]),
    ],
)  # fmt: skip
def test_what_changed_is_told_of_the_notices_that_it_is_of(
    db: Database, tmp_path: Path, sql: str, fields: list[str]
) -> None:
    first = released(db, tmp_path / "r1")
    db.execute("pragma foreign_keys = off")
    db.execute(sql, {"one": ONE, "two": TWO, "repost": REPOST})
    second = released(db, tmp_path / "r2", first)
    told = {ONE, TWO} if fields == ["relations"] else {ONE}

    assert {("changed", None, notice) for notice in told} == second.kinds()
    assert fields == second.fields(ONE)


def test_a_new_state_of_a_page_is_told_and_a_new_copy_as_a_copy_alone(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    a_revision(db, REPOST, text="改")
    a_copy(db, TWO, f"{PORTAL}2.html")
    second = released(db, tmp_path / "r2", first)

    assert ["revisions"] == second.fields(ONE)
    assert ["copies"] == second.fields(TWO)


def test_a_notice_whose_original_is_gone_since_is_withdrawn_once(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    db.execute("update copies set state = 'gone' where role = 'original' and notice = ?", [ONE])
    second = released(db, tmp_path / "r2", first)
    third = released(db, tmp_path / "r3", second)

    assert {("changed", None, ONE), ("withdrawn", None, ONE)} == second.kinds()
    assert [f"{BUREAU}1.html"] == [row["detail"] for row in second.rows("changes") if row["kind"] == "withdrawn"]
    assert [] == third.rows("changes")


def test_a_notice_under_another_id_is_compared_with_what_it_was(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    db.execute("update notices set id = 'another', title = '改' where id = ?", [ONE])
    db.table("aliases").insert({"alias": ONE, "kind": "id", "notice": "another"})
    second = released(db, tmp_path / "r2", first)

    assert {("moved", ONE, "another"), ("changed", None, "another")} == second.kinds()
    assert ["title", "aliases"] == second.fields("another")
    assert [{"former_id": ONE, "notice": "another", "known_by": "alias", "has_text": True}] == second.rows("successors")


def test_notices_that_are_one_now_lead_to_it_together(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    db.execute("update copies set notice = ? where notice = ?", [ONE, TWO])
    db.execute("update matches set notice = ? where notice = ?", [ONE, TWO])
    db.execute("delete from notices where id = ?", [TWO])
    db.table("aliases").insert({"alias": TWO, "kind": "id", "notice": ONE})
    second = released(db, tmp_path / "r2", first)

    assert {("merged", TWO, ONE), ("changed", None, ONE)} == second.kinds()
    assert "copies" in second.fields(ONE)


def put_together(db: Database, now: str, *, best: str) -> None:
    """Have the first two notices be one, whose id is `now` and whose title and text are those of `best`."""
    db.execute("pragma foreign_keys = off")
    title, best_copy = db.execute("select title, best_copy from notices where id = ?", [best]).fetchone()
    for table in ("copies", "matches", "aliases"):
        db.execute(f"update {table} set notice = ? where notice in (?, ?)", [now, ONE, TWO])
    db.execute("delete from notices where id = ?", [TWO])
    db.execute("update notices set id = ?, title = ?, best_copy = ? where id = ?", [now, title, best_copy, ONE])
    db.table("aliases").insert_all({"alias": one, "kind": "id", "notice": now} for one in (ONE, TWO) if one != now)


@pytest.mark.parametrize(
    ("now", "best", "told"), [(ONE, TWO, {"title", "text_from"}), ("another", ONE, set()), ("another", TWO, set())]
)
def test_a_notice_is_compared_with_the_one_whose_id_it_has_else_with_that_of_its_text(
    db: Database, tmp_path: Path, now: str, best: str, told: set[str]
) -> None:
    first = released(db, tmp_path / "r1")
    put_together(db, now, best=best)
    fields = set(released(db, tmp_path / "r2", first).fields(now))

    assert {"copies", "aliases"} <= fields
    assert told == fields & {"title", "text_from"}


def test_a_copy_that_went_elsewhere_is_told_as_that_alone(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    for table, column in (("copies", "url_key"), ("matches", "copy")):
        db.execute(f"update {table} set notice = ? where {column} = ?", [TWO, REPOST])
    a_revision(db, REPOST, text="改")
    second = released(db, tmp_path / "r2", first)

    assert [["copies"], ["copies"]] == [[f for f in second.fields(one) if f != "aliases"] for one in (ONE, TWO)]


def test_a_relation_that_says_otherwise_is_told_of_both(db: Database, tmp_path: Path) -> None:
    db.execute("insert into relations (a, b, kind, why) values (?, ?, 'repeals', '废止')", [ONE, TWO])
    first = released(db, tmp_path / "r1")
    db.execute("update relations set why = '同时废止'")
    second = released(db, tmp_path / "r2", first)
    db.execute("delete from relations")
    third = released(db, tmp_path / "r3", second)

    assert [["relations"]] * 4 == [one.fields(notice) for one in (second, third) for notice in (ONE, TWO)]


def test_a_text_that_is_masked_elsewhere_is_no_change_here(db: Database, tmp_path: Path) -> None:
    """Digests of masked states are counted off, so they move with every other that is masked."""
    here, elsewhere = url_key(f"{BUREAU}2.html"), url_key(f"{BUREAU}1.html")
    put = "update revisions set text = text || ?, text_digest = 'sha256:' || copy, state_digest = copy where copy = ?"
    db.execute(put, ["手机13912345678", here])
    first = released(db, tmp_path / "r1", masked=True)
    db.execute(put, ["手机13912345679", elsewhere])
    second = released(db, tmp_path / "r2", first, masked=True)
    states = [{row["copy"]: row["state_digest"] for row in one.rows("revisions")} for one in (first, second)]

    assert {ONE} == {row["id"] for row in second.rows("changes")}
    assert states[0][here] != states[1][here]


def test_why_a_notice_is_not_there_any_more_is_told(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    db.execute("pragma foreign_keys = off")
    for table, column in (("notices", "id"), ("copies", "notice")):
        db.execute(f"delete from {table} where {column} = ?", [THREE])
    second = released(db, tmp_path / "r2", first, only=[], taken_down=[ONE])
    why = {row["former_id"]: row["detail"] for row in second.rows("changes")}

    assert {ONE: "taken_down", TWO: "not_chosen", THREE: "not_held"} == why
    assert 3 == second.about["changes"]["removed"]


def test_the_files_of_a_release_tell_what_its_snapshot_tells(db: Database, tmp_path: Path) -> None:
    db.execute("update notices set best_copy = ? where id = ?", [REPOST, ONE])  # not the first of its copies
    first = released(db, tmp_path / "r1")
    write_lines(first)
    bare = Release(shutil.copytree(first.folder, tmp_path / "bare"), first.about)
    bare.database.unlink()
    db.execute("update notices set title = '改' where id = ?", [TWO])
    db.execute("update notices set id = 'another' where id = ?", [ONE])
    db.table("aliases").insert({"alias": ONE, "kind": "id", "notice": "another"})
    a_copy(db, THREE, f"{PORTAL}3.html")
    told = [released(db, tmp_path / f"of-{before.folder.name}", before) for before in (first, bare)]

    assert told[0].rows("changes") == told[1].rows("changes") != []
    assert told[0].rows("successors") == told[1].rows("successors") != []


def test_a_release_that_was_changed_or_is_not_whole_is_refused(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    spoilt = shutil.copytree(first.folder, tmp_path / "spoilt")
    with (spoilt / "notices.sqlite").open("ab") as file:
        file.write(b"x")
    partial = shutil.copytree(first.folder, tmp_path / "partial")
    (partial / "release.json").write_text(json.dumps({**first.about, "changes_only": True}), "utf-8")
    write_sums(partial)

    for folder, why in ((spoilt, "was changed"), (partial, "changes of release r1"), (tmp_path, "no whole release")):
        with pytest.raises(ValueError, match=why):
            read_previous(folder, tmp_path)


def test_a_release_is_found_by_its_folder_or_its_name_where_it_was_written(db: Database, tmp_path: Path) -> None:
    first = released(db, tmp_path / "r1")
    archive = tmp_path / "archive"
    archive.mkdir()
    line = {"at": NOW, "who": "wang", "what": "release", "name": "2026.1", "formats": (), "notices": 3}
    sums = digest(first.folder / "SHA256SUMS")
    append(archive / "exports.jsonl", Export(**line, folder=str(first.folder), files={"SHA256SUMS": sums}))

    assert {first.folder} == {find_previous(given, archive) for given in (str(first.folder), "2026.1")}
    with pytest.raises(ValueError, match=r"no release of that name"):
        find_previous("2026.2", archive)
    (first.folder / "SHA256SUMS").write_text("", "utf-8")
    with pytest.raises(ValueError, match=r"does not hold release 2026\.1"):
        find_previous("2026.1", archive)
    first.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match=rf"was written to {first.folder}, which is gone"):
        find_previous("2026.1", archive)


def test_a_release_masked_otherwise_says_that_its_texts_may_differ_by_that(db: Database, tmp_path: Path) -> None:
    number = "13912345678"
    db.execute("update notices set text = text || ?, text_digest = 'sha256:1' where id = ?", [f"手机{number}", ONE])
    first = released(db, tmp_path / "r1")
    second = released(db, tmp_path / "r2", first, masked=True)

    assert {"text", "masks"} <= set(second.fields(ONE))
    assert {ONE} == {row["id"] for row in second.rows("changes")}


def test_masking_changes_nothing_of_what_the_archive_was_made_of(db: Database, tmp_path: Path) -> None:
    address = f"{BUREAU}{CITIZEN}.html"
    ruling = Decision(at=NOW, who="wang", what="split", urls=(address, f"{BUREAU}1.html"), why=f"{CITIZEN}")
    put_decisions(db, [ruling])
    masked, plain = (released(db, tmp_path / name, masked=name == "r1") for name in ("r1", "r2"))

    assert CITIZEN.encode() not in masked.database.read_bytes()
    assert masked.about["archive"] == plain.about["archive"] == archive_facts(db)
    assert 1 == masked.about["archive"]["rulings"]


def test_equal_archives_give_equal_words(db: Database, tmp_path: Path) -> None:
    one, two = (released(db, tmp_path / name / "r") for name in ("a", "b") if not (tmp_path / name).mkdir())

    assert (one.folder / "release.json").read_bytes() == (two.folder / "release.json").read_bytes()
    assert one.database.read_bytes() == two.database.read_bytes()
