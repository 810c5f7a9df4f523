"""The archive's commands: what they print, where, with which exit code."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.cli import COMMANDS, main
from archive.store import open_writer
from archive.store.engine import has_wal_race
from archive.trace.original import notice_id
from tests.build import a_citation, a_copy, a_notice, a_source, an_archive
from tests.captures import an_exchange, article, write_warc

TITLE = "关于提高城乡低保标准的通知"
ORIGINAL, REPOST = "http://mz.example/a.html", "http://portal.example/1.html"
NOTICE = notice_id("mz.example/a.html")
ROOT = Path(__file__).parents[2]
READING = {
    "search": ["低保"],
    "show": [NOTICE],
    "trace": [NOTICE],
    "history": [NOTICE],
    "diff": [NOTICE],
    "cite": [NOTICE],
    "review": [],
    "decisions": [],
    "status": [],
    "issues": [],
    "verify": [],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of one notice with its captured original and one repost, and one open issue; no WARC files."""
    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    db = an_archive(folder / "notices.db")
    a_source(db, "mz", agency="永川市民政局", home="http://mz.example/")
    a_source(db, "portal", agency="养老网", kind="portal", home="http://portal.example/")
    said = {"document_number": "永民发〔2024〕5号", "published_on": "2024-03-01"}
    a_notice(db, TITLE, "自四月起，提高城乡低保标准。", url=ORIGINAL, source="mz", **said)
    db.execute("""update copies set published_on = '2024-03-01', evidence = '{"title": "meta:ArticleTitle"}'""")
    a_copy(db, NOTICE, REPOST, source="portal", rule="explicit_link", evidence={"read": "anchor"})
    db.execute("delete from captures")
    db.execute("insert into aliases (alias, kind, notice) select url_key, 'url', notice from copies")
    db.table("issues").insert(
        {
            "id": "abcdefgh",
            "kind": "list_unreadable",
            "source": "portal",
            "subject": "http://portal.example/2.html",
            "detail": "空页",
            "raised_at": "2024-03-02T00:00:00.000Z",
        }
    )
    db.close()
    return folder


def run(folder: Path, *words: str) -> Result:
    """Run one command on an archive."""
    return CliRunner().invoke(main, ["--archive", str(folder), *words])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])

    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) > 3


@pytest.mark.parametrize("name", [*READING, "export"])
def test_no_reading_command_makes_an_archive(tmp_path: Path, name: str) -> None:
    missing = tmp_path / "nowhere"
    words = ["export", str(tmp_path / "out"), "--format", "jsonl"] if name == "export" else [name, *READING[name]]
    result = run(missing, *words)

    assert result.exit_code == 4
    assert str(missing) in result.stderr
    assert "minzheng crawl" in result.stderr
    assert result.stdout == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [*READING, "doctor"])
def test_json_is_one_document_on_stdout(folder: Path, name: str) -> None:
    result = run(folder, name, *READING.get(name, []), "--json")

    assert result.exit_code == (3 if name == "status" else 0), result.output
    assert json.loads(result.stdout) is not None


@pytest.mark.parametrize("words", [("status",), ("issues",), ("search", "低保")])
def test_a_database_of_an_older_version_is_told_with_what_to_do(folder: Path, words: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(folder / "notices.db")) as db, db:
        db.execute("delete from _sqlite_migrations where id = (select max(id) from _sqlite_migrations)")
    result = run(folder, *words)

    assert (4, "") == (result.exit_code, result.stdout)
    assert "`minzheng index` brings it up to date" in result.stderr


def test_the_words_of_a_search_may_be_typed_one_by_one(folder: Path) -> None:
    together, apart = run(folder, "search", "低保 标准", "--json"), run(folder, "search", "低保", "标准", "--json")

    assert json.loads(together.stdout) == json.loads(apart.stdout)
    assert len(json.loads(apart.stdout)) == 1


def test_search_marks_what_it_found(folder: Path) -> None:
    result = run(folder, "search", "低保")

    assert TITLE in result.stdout
    assert "【低保】" in result.stdout
    assert "1 of 1" in result.stderr


def test_search_says_when_nothing_is_found(folder: Path) -> None:
    result = run(folder, "search", "殡葬")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "殡葬" in result.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--since", "2024-03-01", "--until", "2024-03-01"], 1),
        (["--since", "2024-03-02"], 0),
        (["--until", "2024-02-29"], 0),
        (["--source", "mz"], 1),
        (["--source", "portal"], 0),
    ],
)
def test_search_is_narrowed_by_day_and_source(folder: Path, words: list[str], found: int) -> None:
    assert len(json.loads(run(folder, "search", "低保", *words, "--json").stdout)) == found


@pytest.mark.parametrize("wanted", [NOTICE, ORIGINAL, REPOST])
def test_a_notice_is_shown_by_id_and_by_any_address(folder: Path, wanted: str) -> None:
    shown = json.loads(run(folder, "show", wanted, "--json").stdout)

    assert (shown["id"], shown["document_number"]) == (NOTICE, "永民发〔2024〕5号")
    assert [copy["role"] for copy in shown["copies"]] == ["original", "repost"]
    assert shown["copies"][0]["evidence"] == {"title": "meta:ArticleTitle"}


def test_an_unknown_notice_ends_with_code_4(folder: Path) -> None:
    result = run(folder, "show", "http://mz.example/none.html")

    assert result.exit_code == 4
    assert "http://mz.example/none.html" in result.stderr


def test_trace_tells_rule_and_evidence_of_each_copy_in_words(folder: Path) -> None:
    lines = run(folder, "trace", REPOST).stdout.splitlines()

    assert lines[1] == f"└─ 原文 original: 永川市民政局 · 2024-03-01 · {ORIGINAL} · 在线 live"
    assert f"   └─ 转载 repost: 养老网 · {REPOST} · 在线 live" in lines
    told = "该页注明了原文地址。 The page names its original. (注明原文 link · 把握 confidence 1.0)"
    assert f"         {told}" in lines
    assert "            读自 read from: 页内链接 link on the page" in lines


def test_show_tells_roles_rules_and_places_in_words(folder: Path) -> None:
    shown = run(folder, "show", NOTICE).stdout

    assert f"原文网址 Original: {ORIGINAL}\n" in shown
    assert "发文字号 Document number: 永民发〔2024〕5号" in shown
    assert "转载 repost" in shown
    assert "注明原文 names its original" in shown
    assert "explicit_link" not in shown


@pytest.mark.parametrize(
    ("original", "told"),
    [(None, "未知 unknown: no official first publication was found"), (REPOST, "未采集 named by a copy, not captured")],
)
def test_show_says_what_is_known_of_an_original_that_was_not_captured(
    folder: Path, original: str | None, told: str
) -> None:
    db = open_writer(folder / "notices.db")
    db.execute("update notices set original_captured = 0, original_url = ?", [original])
    db.close()
    shown = run(folder, "show", NOTICE).stdout.splitlines()[2]

    assert told in shown
    assert (original or "") in shown


def test_show_tells_what_a_notice_cites_and_what_cites_it(folder: Path) -> None:
    db = open_writer(folder / "notices.db")
    other = a_notice(db, "关于执行低保标准的通知", url="http://mz.example/b.html", source="mz")
    a_citation(db, NOTICE, kind="repeals", title="关于旧标准的通知", document_number="永民发〔2010〕1号")
    a_citation(db, other, kind="forwards", cited_notice=NOTICE, title=TITLE)
    db.close()
    lines, plain = run(folder, "show", NOTICE).stdout, json.loads(run(folder, "show", NOTICE, "--json").stdout)

    assert "废止 repeals  永民发〔2010〕1号  关于旧标准的通知  未收录 not held" in lines
    assert f"转发 forwards               关于执行低保标准的通知  {other}" in lines
    assert [("repeals", None)] == [(one["kind"], one["cited_notice"]) for one in plain["citations"]]
    assert [("forwards", other)] == [(one["kind"], one["notice"]) for one in plain["cited_by"]]


def test_show_tells_what_a_notice_is_related_to_from_both_sides(folder: Path) -> None:
    db = open_writer(folder / "notices.db")
    other = a_notice(db, "关于执行低保标准的通知", url="http://mz.example/b.html", source="mz")
    why = "same series, 92% in common; differs in 第3季度 / 第4季度"
    row = {"kind": "sibling", "why": why, "found_in": "text"}
    db["relations"].insert({"a": other, "b": NOTICE, **row})
    db["relations"].insert(
        {"a": other, "b": NOTICE, "kind": "explains", "why": "现就《通知》解读如下：", "found_in": "citation"}
    )
    db["relations"].insert({"a": other, "b": NOTICE, "kind": "explains", "why": "its title", "found_in": "text"})
    db.close()
    lines, plain = run(folder, "show", NOTICE).stdout, json.loads(run(folder, "show", NOTICE, "--json").stdout)

    words = f"同一系列，相同 92%；不同处 第3季度 / 第4季度 {why}"
    assert f"同系列 sibling               关于执行低保标准的通知  {other}  {words}" in lines
    assert "its title" not in lines
    assert [("explains", False, other, "citation"), ("sibling", False, other, "text")] == [
        (one["kind"], one["is_from"], one["notice"], one["found_in"]) for one in plain["relations"]
    ]
    assert why in run(folder, "show", other).stdout


def test_show_and_trace_name_the_class_of_a_match_as_the_dataset_does(folder: Path) -> None:
    copies = [json.loads(run(folder, name, NOTICE, "--json").stdout)["copies"][1] for name in ("show", "trace")]

    assert [copy["class"] for copy in copies] == ["link", "link"]


def test_status_shows_each_source_with_its_newest_notice_and_open_issues(folder: Path) -> None:
    status = json.loads(run(folder, "status", "--json").stdout)

    assert status["counts"]["notices"] == 1
    assert [(s["key"], s["newest_on"], s["open_issues"]) for s in status["sources"]] == [
        ("mz", "2024-03-01", 0),
        ("portal", None, 1),
    ]


def test_issues_are_listed_for_all_or_for_one_source(folder: Path) -> None:
    everything, other = (json.loads(run(folder, "issues", *words, "--json").stdout) for words in ([], ["mz"]))

    assert [issue["detail"] for issue in everything] == ["空页"]
    assert other == []


def test_issues_of_what_is_no_source_are_a_usage_error(folder: Path) -> None:
    result = run(folder, "issues", "portel")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "'portel'" in result.stderr


def test_one_issue_is_shown_whole_by_its_id(folder: Path) -> None:
    assert "detail: 空页" in run(folder, "issues", "abcdefgh").stdout.splitlines()


def test_taking_in_a_file_that_is_missing_makes_no_archive(tmp_path: Path) -> None:
    result = run(tmp_path / "archive", "ingest", str(tmp_path / "gone.warc.gz"))

    assert result.exit_code == 2
    assert "gone.warc.gz" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_warc_keeps_no_other_out(tmp_path: Path) -> None:
    write_warc(tmp_path, "20260302T010000Z-aaaaaa", [an_exchange(ORIGINAL, article(TITLE))])
    (tmp_path / "empty.warc.gz").touch()
    (tmp_path / "random.warc.gz").write_bytes(bytes(range(256)) * 64)
    result = run(tmp_path / "archive", "ingest", str(tmp_path), "--json")

    assert result.exit_code == 3
    assert sorted(file["state"] for file in json.loads(result.stdout)["files"]) == ["new", "refused", "refused"]
    assert "empty.warc.gz holds no readable WARC record" in result.stderr
    assert json.loads(run(tmp_path / "archive", "show", ORIGINAL, "--json").stdout)["title"] == TITLE


def test_a_file_that_is_no_warc_alone_ends_with_code_4(tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").touch()

    assert run(tmp_path / "archive", "ingest", str(tmp_path / "empty.warc.gz")).exit_code == 4


def test_a_folder_without_warc_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run(tmp_path / "archive", "ingest", str(tmp_path / "empty"))

    assert result.exit_code == 0
    assert "nothing was taken in" in result.stderr


def test_an_unknown_source_is_a_usage_error_that_names_the_known(folder: Path) -> None:
    result = run(folder, "search", "低保", "--source", "portel")

    assert result.exit_code == 2
    assert "portal" in result.stderr


def test_options_that_do_not_go_together_are_a_usage_error(folder: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    wrong = {
        "--files does not go with --format": ["--format", "csv", "--files"],
        "--issue and --release are two exports": ["--release", "1", "--issue", "abc"],
        "--sample needs --seed": ["--format", "csv", "--sample", "3"],
        "--public masks what --unmasked shows": ["--format", "csv", "--public", "--unmasked"],
        "--sample draws among all": ["--release", "2", "--changed-since", "1", "--sample", "3", "--seed", "1"],
        "--seed is of a sample": ["--format", "csv", "--seed", "3"],
        "is no name of a release": ["--release", "two words"],
        "Give --unmasked, too": ["--format", "warc"],
    }
    results = {said: run(folder, "export", out, *words) for said, words in wrong.items()}

    assert dict.fromkeys(wrong, 2) == {said: result.exit_code for said, result in results.items()}
    assert [] == [said for said, result in results.items() if said not in result.stderr]
    assert not (tmp_path / "out").exists()


def test_a_dry_run_counts_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    asked = ["export", str(tmp_path / "out"), "--dry-run", "--json"]
    release = run(folder, *asked, "--release", "1")
    none = run(folder, *asked, "--format", "csv", "--since", "2024-04-01")

    assert {"notices": 1, "copies": 2, "taken_down": 0} == json.loads(release.stdout)
    assert {"notices": 0, "copies": 0, "taken_down": 0} == json.loads(none.stdout)
    assert ["archive"] == [path.name for path in tmp_path.iterdir()]
    assert not (folder / "exports.jsonl").exists()


@pytest.mark.parametrize("kind", [["--release", "1"], ["--format", "csv"]], ids=["release", "format"])
@pytest.mark.parametrize("dry", [["--dry-run"], []], ids=["dry", "wet"])
def test_a_choice_of_what_is_not_there_is_wrong_usage(
    folder: Path, tmp_path: Path, kind: list[str], dry: list[str]
) -> None:
    for words in (["--place", "nowhere"], ["--sql", "delete from notices"], ["--query", " "]):
        result = run(folder, "export", str(tmp_path / "out"), *kind, *dry, *words)

        assert (2, True) == (result.exit_code, "Usage:" in result.stderr), words
    assert not (tmp_path / "out").exists()


def test_a_seed_of_0_is_put_down(folder: Path, tmp_path: Path) -> None:
    run(folder, "export", str(tmp_path / "out"), "--release", "1", "--format", "csv", "--sample", "1", "--seed", "0")
    about = json.loads((tmp_path / "out" / "release.json").read_text("utf-8"))

    assert {"--sample": 1, "--seed": 0} == about["selection"]["options"]
    assert "--sample 1 --seed 0" == about["selection"]["words"]


def test_export_takes_several_formats_at_once(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "export", str(tmp_path / "out"), "--format", "csv,jsonl", "--format", "sqlite")

    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "notices.csv",
        "notices.jsonl",
        "notices.sqlite",
    ]


def test_an_unknown_format_is_a_usage_error(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "export", str(tmp_path), "--format", "pdf")

    assert result.exit_code == 2
    assert "csv, jsonl, parquet, xlsx" in result.stderr


def test_a_format_whose_package_is_missing_is_a_usage_error(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    result = run(folder, "export", str(tmp_path / "out"), "--format", "csv,parquet")

    assert result.exit_code == 2
    assert "pip install 'minzheng-archive[parquet]'" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_damaged_archive_ends_verify_with_code_3(folder: Path) -> None:
    db = open_writer(folder / "notices.db")
    db.table("warc_files").insert({"name": "2024/gone.warc.gz", "indexed_to": 9})
    db.close()
    result = run(folder, "verify")

    assert result.exit_code == 3
    assert "2024/gone.warc.gz" in result.stdout


def test_doctor_works_without_an_archive(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere", "doctor", "--json")

    assert result.exit_code == 0, result.output
    assert {check["name"] for check in json.loads(result.stdout)} >= {"python", "sqlite", "disk", "contact", "archive"}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("line", "state"), [('contact = "a@b.example"', "good"), ("contact = 5", "warning"), ("", "warning")]
)
def test_doctor_tells_a_contact_from_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, state: str
) -> None:
    monkeypatch.delenv("MINZHENG_CONTACT", raising=False)
    (tmp_path / "minzheng.toml").write_text(line)
    checks = json.loads(run(tmp_path, "doctor", "--json").stdout)

    assert [check["state"] for check in checks if check["name"] == "contact"] == [state]


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_the_wal_fault_is_told_by_version(version: tuple[int, int, int], *, faulty: bool) -> None:
    assert has_wal_race(version) == faulty


def test_random_bytes_are_no_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(bytes(range(256)) * 8)
    result = CliRunner().invoke(main, ["extract", str(page)])

    assert result.exit_code == 4
    assert str(page) in result.stderr
    assert result.stdout == ""


def test_an_empty_page_is_told_by_the_name_of_its_file(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()
    result = CliRunner().invoke(main, ["extract", str(page)])

    assert (result.exit_code, result.stderr) == (4, f"Error: {page} cannot be read: the body is empty (0 bytes)\n")


def test_extract_prints_every_field_and_null_for_what_a_page_does_not_say(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = "<p>各区县民政局：自四月起提高城乡低保标准，请遵照执行。</p>" * 5
    page.write_text(
        f"<html><head><meta name='ArticleTitle' content='关于低保的通知'></head><body>"
        f"<h1>关于低保的通知</h1><div class='TRS_Editor'>{text}</div></body></html>",
        "utf-8",
    )
    result = CliRunner().invoke(main, ["extract", str(page), "--url", "http://mz.example/t20240301_1.html"])
    said = json.loads(result.stdout)

    assert result.exit_code == 0, result.output
    assert set(said) >= {
        *("url", "kind", "outcome", "title", "published_on", "published_at", "written_on", "document_number"),
        *("document_type", "index_number", "issuing_agency", "issuing_agencies", "attribution", "author"),
        *("claimed_original", "text", "attachments", "evidence"),
    }
    assert (said["title"], said["author"], said["attachments"]) == ("关于低保的通知", None, [])
    assert "提高城乡低保标准" in said["text"]


def test_chinese_is_utf_8_whatever_the_locale(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "archive.cli", "--archive", str(folder), "search", "低保"],
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "【低保】".encode() in done.stdout
