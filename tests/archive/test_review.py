"""The queue of doubtful matches: what is in it, in which order, how it is decided, and that it stays decided."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import main
from archive.commands import review
from archive.store import open_reader
from tests.archive.test_comparing import LINES
from tests.captures import BUREAU, PORTAL, an_exchange, article, write_warc

FIRST = "http://mzj.qingshan.example/gs/2025/t20250112_1.html"
SECOND = "http://mzj.qingshan.example/gs/2026/t20260112_1.html"
CUT = "http://www.zixun.example/a/1.html"
NEWS = "http://www.zixun.example/a/2.html"
LINK = "http://www.zixun.example/a/3.html"
TITLE = "关于做好{}困难群众救助工作的通知"
TRAINING = ("婚姻登记员业务培训定于3月举行，内容为新的登记规程与档案管理办法，请各登记处派员参加。",) * 3
OWN = (
    "记者近日走访了几个社区，看到工作人员正在入户了解情况，居民们对即将到来的节日充满期待，气氛十分热烈，街巷里张灯结彩。",
    "据介绍，此项工作已经连续开展多年，累计受益家庭数以千计，今后还将继续完善办法，让更多家庭得到及时而贴心的照料。",
)


def lines(sum_paid: str) -> tuple[str, ...]:
    """The text of one of two notices of a series."""
    return tuple(line.replace("368.20", sum_paid) for line in LINES)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two notices of a series, what either of them may be cut to, a report on one, and a link to another text."""
    folder = tmp_path_factory.mktemp("review") / "archive"
    pages = {
        FIRST: article(TITLE.format("两节期间"), paragraphs=lines("368.20"), on="2025-01-12"),
        SECOND: article(TITLE.format("两节期间"), paragraphs=lines("412.70"), on="2026-01-12"),
        CUT: article("困难群众救助工作", paragraphs=LINES[:2], on="2026-01-14"),
        NEWS: article("社区里的温暖", paragraphs=(OWN[0], LINES[2], LINES[3], OWN[1]), on="2026-01-15"),
        LINK: article("关于举办培训的通知", paragraphs=TRAINING, on="2026-01-16", original=SECOND),
    }
    write_warc(
        folder / "warc",
        "20260302T010000Z-aaaaaa",
        [BUREAU, PORTAL, *(an_exchange(url, html) for url, html in pages.items())],
    )
    assert run(folder, "index").exit_code == 0
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(template, tmp_path / "archive")


def run(folder: Path, *words: str, keys: str = "") -> Result:
    """Run one command on an archive."""
    return CliRunner().invoke(main, ["--archive", str(folder), *words], input=keys)


def told(folder: Path, *words: str) -> list[dict[str, object]]:
    """The queue, or whatever these words print as JSON."""
    found: list[dict[str, object]] = json.loads(run(folder, "review", *words, "--json").stdout)
    return found


def copies_in_queue(folder: Path) -> list[str]:
    """The addresses of the copies that wait, in their order."""
    return [json.loads(json.dumps(pair["copy"]))["url"] for pair in told(folder)]


def notices(folder: Path) -> dict[str, str]:
    """The address of each copy → the id of its notice."""
    db = open_reader(folder / "notices.db")
    found = {row["url"]: row["notice"] for row in db.query("select url, notice from copies")}
    db.close()
    return found


def test_the_most_useful_come_first_with_what_they_are_worth(folder: Path) -> None:
    found = told(folder)

    assert [CUT, NEWS, LINK] == copies_in_queue(folder)
    assert [(170, 1.0, True, True, 0), (118, 0.48, True, True, 0), (7, None, True, True, 0)] == [
        (
            pair["score"],
            round(float(str(pair["shared"])), 2) if pair["shared"] is not None else None,
            pair["gives_original"],
            pair["first_repost"],
            pair["comes_along"],
        )
        for pair in found
    ]
    assert [1, 2, 3] == [pair["number"] for pair in found]


def test_the_list_says_why_and_is_bounded(folder: Path) -> None:
    done = run(folder, "review", "--limit", "2")

    assert "与另一份公告同样相近 it is as like" in done.stdout
    assert "只有少量相同 it prints little of it" in done.stdout
    assert LINK not in done.stdout
    assert "2 of 3 doubtful matches" in done.stderr


@pytest.mark.parametrize("which", ["1", CUT, CUT.replace("http:", "https:")])
def test_one_is_shown_with_both_texts_and_the_runner_up(folder: Path, which: str) -> None:
    shown = run(folder, "review", which).stdout

    assert "候选 candidate: 关于做好两节期间困难群众救助工作的通知" in shown
    assert f"{SECOND} — 没有互相矛盾之处 nothing parts them" in shown
    assert "三、严格值班值守。 <" in " ".join(shown.split())
    assert f"minzheng merge {CUT} {FIRST} --why" in shown
    assert f"minzheng split {CUT} --from {FIRST} --why" in shown


def test_the_runner_up_comes_with_its_veto(folder: Path) -> None:
    shown = run(folder, "review", NEWS).stdout

    assert f"{SECOND} — 数字不同 other numbers: 412.70 / 368.20" in shown


def test_the_texts_come_as_spans_in_json(folder: Path) -> None:
    found = json.loads(run(folder, "review", NEWS, "--json").stdout)

    assert {"same", "added", "left_out"} <= {span["kind"] for span in found["spans"]}
    assert "text" not in found["copy"]
    assert [SECOND] == [one["url"] for one in found["rivals"]]


@pytest.mark.parametrize("which", ["0", "4", "http://www.zixun.example/none.html", "nothing", "no/page at all"])
def test_what_is_not_in_the_queue_is_a_usage_error(folder: Path, which: str) -> None:
    assert run(folder, "review", which).exit_code == 2


def test_what_was_parted_never_comes_up_again_and_the_next_best_is_told(folder: Path) -> None:
    run(folder, "split", CUT, "--from", FIRST, "--why", "of another year")
    run(folder, "split", NEWS, "--from", FIRST, "--why", "a report")
    run(folder, "split", LINK, "--from", SECOND, "--why", "another text")
    held = notices(folder)

    assert [] == copies_in_queue(folder)
    assert held[CUT] == held[SECOND]
    assert held[NEWS] not in (held[FIRST], held[SECOND])
    assert [] == json.loads(run(folder, "issues", "--json").stdout)


def test_what_was_merged_is_decided(folder: Path) -> None:
    for copy, other in ((CUT, FIRST), (NEWS, FIRST), (LINK, SECOND)):
        run(folder, "merge", copy, other, "--why", "I know")
    held = notices(folder)

    assert [] == copies_in_queue(folder)
    assert held[CUT] == held[NEWS] == held[FIRST] != held[SECOND]
    assert [] == json.loads(run(folder, "issues", "--json").stdout)


def test_what_was_decided_stays_so_when_all_is_made_anew(folder: Path) -> None:
    run(folder, "split", CUT, "--from", FIRST, "--why", "of another year")
    run(folder, "merge", NEWS, FIRST, "--why", "I know")
    before = notices(folder), copies_in_queue(folder)
    (folder / "notices.db").unlink()
    run(folder, "rebuild")

    assert before == (notices(folder), copies_in_queue(folder))


def test_a_link_that_somebody_put_off_waits_no_more(folder: Path) -> None:
    [issue] = json.loads(run(folder, "issues", "--json").stdout)
    run(folder, "issues", "ack", issue["id"], "--why", "their mistake")

    assert [CUT, NEWS] == copies_in_queue(folder)


def test_a_person_at_the_terminal_goes_through_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "_is_terminal", lambda: True)
    done = run(folder, "review", "ask", "--who", "wang", keys="y\nx\nn\nq\n")
    held = notices(folder)
    ruled = json.loads(run(folder, "decisions", "--json").stdout)

    assert done.exit_code == 0, done.output
    assert held[CUT] == held[FIRST] != held[NEWS]
    assert [("merge", "wang"), ("split", "wang")] == [(one["what"], one["who"]) for one in ruled]
    assert [LINK] == copies_in_queue(folder)


def test_leaving_keeps_what_was_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "_is_terminal", lambda: True)
    done = run(folder, "review", "ask", keys="s\nn\n")

    assert done.exit_code == 0, done.output
    assert [CUT, LINK] == copies_in_queue(folder)


def test_without_a_terminal_nobody_is_asked(folder: Path) -> None:
    done = run(folder, "review", "ask", keys="y\n")

    assert done.exit_code == 2
    assert not (folder / "decisions.jsonl").exists()
