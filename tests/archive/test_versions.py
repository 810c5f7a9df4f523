"""Releases of an archive that goes on: crawls, rulings, another release, and every id of the last one is found."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.cli import main
from archive.decisions import append_decision
from archive.index import Index
from archive.records import Decision, Ruled
from archive.store import open_reader, open_writer
from archive.urls import notice_id, url_key
from tests.captures import NOW, an_exchange, article, write_warc
from tests.editions import Release, released

ORIGINAL = "http://mzj.qingshan.example/tzgg/202603/t20260301_1.html"
REPOST = "http://www.zixun.example/a/1.html"
SECOND = "http://www.zixun.example/a/2.html"
TITLE = "关于规范最低生活保障工作的通知"
SWEEPING = ("清明节期间各公墓增开入口，祭扫请预约，文明祭扫，严禁携带火种进入林区，车辆听从引导停放。",) * 2
TRAINING = ("婚姻登记员业务培训定于3月举行，内容为新的登记规程与档案管理办法，请各登记处派员参加。",) * 2


class Story:
    """An archive, its crawls, and its releases, each told against the last one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.crawls = 0
        self.releases: list[Release] = []

    def crawl(self, pages: dict[str, str | None]) -> None:
        """Take these pages, address → markup; None where there is nothing any more."""
        self.crawls += 1
        at = NOW + timedelta(self.crawls)
        answers = [
            an_exchange(url, html or "<h1>404 Not Found</h1>", at=at, status=200 if html else 404)
            for url, html in pages.items()
        ]
        write_warc(self.folder / "archive" / "warc", f"{at:%Y%m%dT%H%M%SZ}-aaaaaa", answers, at=at)
        self.index()

    def index(self) -> None:
        """Bring the database up to date in this process, which is faster than a command."""
        with closing(open_writer(self.folder / "archive" / "notices.db")) as db:
            Index(self.folder / "archive", db, run="test").catch_up()

    def rule(self, what: Ruled, *urls: str) -> None:
        """Give a ruling."""
        ruling = Decision(at=NOW + timedelta(self.crawls), who="wang", what=what, urls=urls, why="so")
        append_decision(self.folder / "archive" / "decisions.jsonl", ruling)
        self.index()

    def release(self) -> Release:
        """Make the next release."""
        last = self.releases[-1] if self.releases else None
        with closing(open_reader(self.folder / "archive" / "notices.db")) as db:
            self.releases.append(released(db, self.folder / f"r{len(self.releases) + 1}", last))
        return self.releases[-1]

    def notices(self) -> dict[str, str]:
        """Address of each copy → id of its notice, as of now."""
        with closing(open_reader(self.folder / "archive" / "notices.db")) as db:
            return dict(db.execute("select url, notice from copies").fetchall())


@pytest.fixture
def story(tmp_path: Path) -> Story:
    (tmp_path / "archive").mkdir()
    return Story(tmp_path)


def reached(release: Release) -> dict[str, set[str]]:
    """What each id that the release knows leads to: itself, by alias, and as a successor."""
    found = {row["id"]: {row["id"]} for row in release.rows("notices")}
    for row in release.rows("aliases"):
        found.setdefault(row["alias"], {row["notice"]})
    for row in release.rows("successors"):
        found.setdefault(row["former_id"], set()).add(row["notice"])
    return found


def exported(story: Story, name: str, *words: str) -> Release:
    """A release made by the command."""
    folder = story.folder / "out" / name
    archive = ["--archive", str(story.folder / "archive")]
    done = CliRunner().invoke(main, [*archive, "export", str(folder), "--release", name, "--format", "csv", *words])
    assert done.exit_code == 0, done.output
    return Release(folder, json.loads((folder / "release.json").read_text("utf-8")))


def test_ids_of_a_notice_that_was_found_and_divided_join_the_next_release(story: Story) -> None:
    """Known only from a portal; then its original is found; then a person parts the portal's page from it."""
    story.crawl({REPOST: article(TITLE)})
    first = exported(story, "2026.1")
    story.crawl({ORIGINAL: article(TITLE), SECOND: article(TITLE)})
    second = exported(story, "2026.2")
    done = CliRunner().invoke(main, ["--archive", str(story.folder / "archive"), "split", REPOST, "--why", "a summary"])
    assert done.exit_code == 0, done.output
    third = exported(story, "2026.3")
    held = story.notices()

    [portal_only] = first.rows("notices")
    assert {("moved", portal_only["id"], held[ORIGINAL]), ("changed", None, held[ORIGINAL])} == second.kinds()
    assert {held[ORIGINAL]} == reached(second)[portal_only["id"]]
    assert held[REPOST] != held[ORIGINAL] == held[SECOND]
    assert {("split", held[ORIGINAL], held[ORIGINAL]), ("split", held[ORIGINAL], held[REPOST])} <= third.kinds()
    assert {held[ORIGINAL], held[REPOST]} == reached(third)[held[ORIGINAL]]
    assert [(held[ORIGINAL], "id", True), (held[REPOST], "ruling", False)] == sorted(
        ((row["notice"], row["known_by"], row["has_text"]) for row in third.rows("successors")),
        key=lambda row: row[0] != held[ORIGINAL],
    )
    assert held[REPOST] == portal_only["id"] == notice_id(url_key(REPOST))


def test_the_last_release_with_what_changed_put_in_is_the_new_one(story: Story) -> None:
    other = ORIGINAL.replace("_1.", "_2.")
    third = ORIGINAL.replace("_1.", "_3.")
    training = article("关于举办婚姻登记员培训的通知", paragraphs=TRAINING)
    story.crawl({REPOST: article(TITLE), other: training, third: article("关于清明祭扫的公告", paragraphs=SWEEPING)})
    before = exported(story, "2026.1")
    story.crawl({ORIGINAL: article(TITLE), SECOND: article(TITLE), other: training.replace("3月", "4月")})
    story.rule("split", SECOND, ORIGINAL)
    now = exported(story, "2026.2", "--previous", "2026.1")
    changes = exported(story, "2026.2-changes", "--changed-since", str(before.folder))

    named = {row[name] for row in changes.rows("changes") for name in ("id", "former_id") if row[name]}
    kept = {row["id"] for row in before.rows("notices")} - named
    whole = {row["id"] for row in now.rows("notices")}
    rows, others = rows_of(changes, named), rows_of(before, kept)
    assert rows_of(now, whole) == {table: sorted(rows[table] + others[table], key=repr) for table in rows}
    assert [row["id"] for row in before.rows("notices") if row["title"] == "关于清明祭扫的公告"] == [*kept]
    assert now.rows("changes") == changes.rows("changes") != []
    assert (False, True) == (now.about["changes_only"], changes.about["changes_only"])
    assert "2026.1" == now.about["previous"]["name"] == changes.about["previous"]["name"]
    assert now.about["archive"] == changes.about["archive"] != before.about["archive"]


def test_of_a_notice_that_was_taken_down_the_next_release_tells_its_id_and_no_more(story: Story) -> None:
    other = ORIGINAL.replace("_1.", "_2.")
    story.crawl({ORIGINAL: article(TITLE), other: article("关于清明祭扫的公告", paragraphs=SWEEPING)})
    exported(story, "2026.1")
    former = story.notices()[other]
    story.rule("takedown", other)
    now = exported(story, "2026.2")
    files = [path.read_bytes() for path in now.folder.rglob("*") if path.is_file()]

    assert {("removed", former, None)} == now.kinds()
    assert ["taken_down"] == [row["detail"] for row in now.rows("changes")]
    assert 1 == now.about["archive"]["taken_down"]
    assert [] == [word for word in (other, "清明祭扫", SWEEPING[0]) if any(word.encode() in data for data in files)]


def test_a_release_of_changes_is_none_to_tell_changes_from(story: Story) -> None:
    story.crawl({REPOST: article(TITLE)})
    exported(story, "2026.1")
    exported(story, "2026.1-changes", "--changed-since", "2026.1")
    words = ["--archive", str(story.folder / "archive"), "export", str(story.folder / "out" / "2026.2")]
    done = CliRunner().invoke(main, [*words, "--release", "2026.2", "--previous", "2026.1-changes"])

    assert done.exit_code == 2
    assert "give the folder of the whole" in done.output


MOVING = {
    "notices": {"last_seen_at", "family", "split"},
    "copies": {"last_seen_at", "checked_at"},
    "revisions": {"seen_to", "payloads", "state_digest"},
}


def rows_of(release: Release, notices: Iterable[str]) -> dict[str, list[list[tuple[str, Any]]]]:
    """Every row of these notices, table by table, without what each look at an unchanged page moves, and splits."""
    mine = set(notices)
    copies = {row["url_key"] for row in release.rows("copies") if row["notice"] in mine}
    found = {}
    for table in ("notices", "copies", "revisions", "matches", "aliases", "citations", "relations", "attachments"):
        rows = []
        for row in release.rows(table):
            ends = {row.get(name) for name in ("notice", "id", "a", "b")}
            if row.get("copy") in copies or ends & mine:
                if table == "matches":
                    row["evidence"] = row["evidence"].partition('"capture"')[0]
                rows.append(sorted((name, value) for name, value in row.items() if name not in MOVING.get(table, ())))
        found[table] = sorted(rows, key=repr)
    return found


@pytest.mark.parametrize("seed", [2, 5, 16])
def test_after_any_history_each_id_is_found_and_what_is_not_told_is_as_it_was(story: Story, seed: int) -> None:
    chance = random.Random(seed)
    bureau = [ORIGINAL.replace("_1.", f"_{number}.") for number in (1, 2)]
    portal = [f"http://www.zixun.example/a/{number}.html" for number in (1, 2, 3)]
    texts = [article(TITLE), article("关于举办婚姻登记员培训的通知", paragraphs=TRAINING), None]
    texts += [article(TITLE, original=url) for url in bureau]
    story.crawl({bureau[0]: texts[0], portal[0]: texts[3]})
    story.release()
    for _ in range(4):
        story.crawl({url: chance.choice(texts) for url in chance.sample([*bureau, *portal], 3)})
        held = sorted(story.notices())
        if len(held) > 1:
            story.rule(chance.choice(["merge", "split"]), *chance.sample(held, 2))
        before, now = story.releases[-1], story.release()
        told = now.rows("changes")
        ids = {row["id"] for row in now.rows("notices")}
        removed = {row["former_id"] for row in told if row["kind"] == "removed"}
        leads = reached(now)
        for notice in before.rows("notices"):
            assert (notice["id"] in removed) != (notice["id"] in leads)
            assert leads.get(notice["id"], set()) <= ids
        places = {row["url_key"]: row["notice"] for row in now.rows("copies")}
        for copy in before.rows("copies"):
            assert places.get(copy["url_key"]) in {None, *leads.get(copy["notice"], ())}
        changed = {row["id"] for row in told if row["id"]}
        assert ids - changed <= {row["id"] for row in before.rows("notices")}
        assert rows_of(before, ids - changed) == rows_of(now, ids - changed)
