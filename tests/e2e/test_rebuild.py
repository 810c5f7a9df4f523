"""Law 1: captures and rulings are facts, everything else can be made again from them, in any order."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.rebuild import rebuild
from archive.store import open_reader
from archive.store.facets import stray_facets
from archive.urls import url_key
from archive.warc import warc_files
from crawler.demo import Web
from tests.dump import dump
from tests.e2e.commands import crawl_fast, minzheng
from tests.web import expected, served

ALONE = next(notice for notice in expected()["notices"] if notice["reposts"] == {} and notice["captured"])
REPOSTED = next(
    notice for notice in expected()["notices"] if list(notice["reposts"].values()) == ["link"] and notice["captured"]
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of three crawls, each of which found something new, with a merge and a split made after them."""
    with pytest.MonkeyPatch.context() as patch, served(patch) as web:
        yield _three_crawls(web, tmp_path_factory.mktemp("rebuild") / "archive")


@pytest.fixture
def crawled(template: Path, tmp_path: Path) -> Path:
    """A copy of that archive."""
    return shutil.copytree(template, tmp_path / "archive")


def _three_crawls(web: Web, folder: Path) -> Path:
    late = [str(ALONE["original"]), *REPOSTED["reposts"]]
    kept = {url: web.sites.answer(url).body for url in late}
    for url in late:
        web.sites.remove(url)
    assert crawl_fast(folder).code in (0, 3)
    for url, body in kept.items():
        web.sites.put(url, body, headers={"Content-Type": "text/html"})
        (folder / "crawl.db").unlink()  # the next crawl walks all lists again
        assert crawl_fast(folder).code in (0, 3)
    [repost, *_] = REPOSTED["reposts"]
    merged = [str(notice["original"]) for notice in expected()["notices"] if notice["captured"]][:2]
    assert minzheng(folder, "split", repost, "--why", "another edition", "--who", "wang").code == 0
    assert minzheng(folder, "merge", *merged, "--why", "one notice, two printings", "--who", "wang").code == 0
    return folder


def rows(folder: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """Every derived row; what searches are narrowed by is of the notice whose number it has."""
    db = open_reader(folder / "notices.db")
    found = dump(db)
    stray = stray_facets(db)
    db.close()
    assert stray == 0
    return found


def test_rebuild_gives_the_same_rows_with_rulings_standing(crawled: Path) -> None:
    before = rows(crawled)
    (crawled / "notices.db").unlink()
    (crawled / "crawl.db").unlink()
    done = minzheng(crawled, "rebuild")

    assert done.code == 0, done.err
    assert rows(crawled) == before
    assert [len(before["decisions"]), len(before["crawls"])] == [2, 1 + 1 + len(REPOSTED["reposts"])]


def test_a_split_and_a_merge_hold(crawled: Path) -> None:
    [repost, *_] = REPOSTED["reposts"]
    with Archive.lock(crawled, holder="test") as archive:
        assert archive.find(repost) != archive.find(str(REPOSTED["original"]))
        one, other = [str(notice["original"]) for notice in expected()["notices"] if notice["captured"]][:2]

        assert archive.find(one) == archive.find(other)


def test_a_rebuild_over_a_served_database_keeps_every_copy(crawled: Path) -> None:
    reader = open_reader(crawled / "notices.db")
    count = reader.table("copies").count
    done = minzheng(crawled, "rebuild")

    assert f"copies kept {count}, moved 0, added 0, dropped 0" in done.out
    assert reader.table("copies").count == count
    reader.close()


def test_tracing_every_copy_anew_moves_none(crawled: Path) -> None:
    before = rows(crawled)
    done = minzheng(crawled, "rebuild", "--matches")

    assert "moved 0, added 0, dropped 0" in done.out, done.err
    assert rows(crawled) == before


def test_the_order_of_the_files_does_not_matter(crawled: Path) -> None:
    before = rows(crawled)
    chance = random.Random(4)
    with Archive.lock(crawled, holder="test") as archive:
        names = [name for name, _ in warc_files(archive.warc)]
        for _ in range(5):
            chance.shuffle(names)
            rebuild(archive, order=names)

            assert rows(crawled) == before


def test_every_id_and_address_ever_given_still_resolves(crawled: Path) -> None:
    archive = Archive.open(crawled)
    for notice in expected()["notices"]:
        for url in [notice["original"], *notice["reposts"]]:
            if url is not None:
                assert archive.find(url), url
                assert archive.find(url_key(url)), url
    archive.close()
