"""Probing, checking and repairing sources over the miniature web, by the command line."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from crawler.demo import Web
from tests.crawler.crawling import rows
from tests.crawler.surveying import (
    CHANNELS,
    HOST,
    article,
    entry,
    fast,
    make_archive,
    put_home,
    put_list,
    remove_list,
    stop_when,
    title,
)
from tests.e2e.operating import operator_folder

OLD = {name: f"http://{HOST}/{path}/" for name, path in CHANNELS.items()}
NOTICES = {"通知公告": [7, 6, 5, 4, 3, 2, 1], "政策文件": [15, 14, 13, 12, 11]}


def put_old_site(web: Web) -> None:
    put_home(web, {name: f"/{path}/" for name, path in CHANNELS.items()})
    for name, numbers in NOTICES.items():
        put_list(web, OLD[name], numbers, name=name)


def move_to_new_host(web: Web) -> dict[str, str]:
    """Another host, system and names of paths; a notice more a channel. The old host only redirects its home page."""
    host = "www.smmzj.example"
    new = {"通知公告": f"http://{host}/xwzx/gg", "政策文件": f"http://{host}/zwgk/wj"}
    remove_list(web, HOST)
    web.sites.put(f"http://{HOST}/", "", status=302, headers={"Location": f"http://{host}/"})
    put_home(web, {"公告公示": "/xwzx/gg.htm", "文件": "/zwgk/wj.htm"}, host=host)
    put_list(web, new["通知公告"], [8, *NOTICES["通知公告"]], family="vsb")
    put_list(web, new["政策文件"], [16, *NOTICES["政策文件"]], family="vsb", name="文件")
    return {name: f"{url}.htm" for name, url in new.items()}


def test_a_probed_site_says_its_lists_with_what_reads_them(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive")
    done = fast(folder, "sources", "probe", f"http://{HOST}/", "--json")
    (found,) = json.loads(done.out)

    assert (0, "reachable") == (done.code, found["state"]), done.err
    assert [
        ("通知公告", OLD["通知公告"], "trs", 3, 3, f"{OLD['通知公告']}index_1.html", 3),
        ("政策文件", OLD["政策文件"], "trs", 3, 3, f"{OLD['政策文件']}index_1.html", 2),
    ] == [
        (one["name"], one["url"], one["family"], one["entries"], one["dated"], one["next"], one["pages"])
        for one in found["lists"]
    ]


def test_what_probing_wrote_is_crawled(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive")
    probed = fast(folder, "sources", "probe", f"http://{HOST}/", "--write")
    crawled = fast(folder, "crawl", "mzj-shuimu-example")

    assert (0, 0) == (probed.code, crawled.code), probed.err + crawled.err
    assert {title(n) for numbers in NOTICES.values() for n in numbers} == titles(folder)


def test_probing_keeps_the_values_of_an_entry_and_renews_what_it_found(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    web.sites.put(f"http://{HOST}/gone/", "", status=404)
    channels = {"公告": OLD["通知公告"], "旧栏目": f"http://{HOST}/gone/"}
    more = 'unverified = true\nnote = "由人写下。"\ndelay = 2.5\nrecheck = [3, 30]\nhosts = ["old.shuimu.example"]\n'
    folder = make_archive(tmp_path / "archive")
    file = folder / "sources" / "shuimu.toml"
    file.write_text(entry(channels, more=more), "utf-8")
    done = fast(folder, "sources", "probe", "shuimu", "--write")
    (written,) = tomllib.loads(file.read_text("utf-8"))["source"]

    assert {"公告", "政策文件"} == {channel["name"] for channel in written["channel"]}, done.err
    assert ("由人写下。", 2.5, [3, 30], ["old.shuimu.example"]) == tuple(
        written[key] for key in ("note", "delay", "recheck", "hosts")
    )
    assert "unverified" not in written
    assert written["seen"] > "2026"
    assert f"旧栏目 http://{HOST}/gone/" in file.read_text("utf-8")
    assert "shuimu.toml.old" in done.err
    assert file.with_suffix(".toml.old").read_text("utf-8") == entry(channels, more=more)


def test_an_entry_in_a_file_of_a_persons_own_is_not_written_over(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive", entry({"公告": OLD["通知公告"]}))
    file = folder / "sources" / "entries-0.toml"
    before = file.read_text("utf-8")
    done = fast(folder, "sources", "probe", "shuimu", "--write")

    assert 3 == done.code
    assert "not written" in done.err
    assert str(file) in done.err
    assert [file] == list((folder / "sources").iterdir())
    assert before == file.read_text("utf-8")


def test_probing_names_what_became_of_each_site(web: Web, tmp_path: Path) -> None:
    put_home(web, {}, host="leer.example")
    web.sites.put("http://ting.example/", "", status=302, headers={"Location": "http://neu.example/"})
    put_home(web, {}, host="neu.example")
    web.sites.put("http://feng.example/", "<html><body><h1>创宇盾拦截</h1>疑似黑客攻击</body></html>", status=403)
    folder = make_archive(tmp_path / "archive")
    hosts = ("leer", "ting", "feng", "wu")
    done = fast(folder, "sources", "probe", *(f"http://{host}.example/" for host in hosts), "--json")
    found = json.loads(done.out)

    assert 3 == done.code
    assert ["no_list", "moved", "blocked", "unreachable"] == [one["state"] for one in found]
    assert "to http://neu.example/" == found[1]["why"]
    assert "创宇盾" in found[2]["why"]


def test_no_site_is_asked_more_than_the_bound(web: Web, tmp_path: Path) -> None:
    put_home(web, {f"第{n}类公告": f"/gg{n}/" for n in range(60)})
    for n in range(60):
        web.sites.put(
            f"http://{HOST}/gg{n}/", "<html><body><p>本栏目正在建设，敬请期待，谢谢您的关注。</p></body></html>"
        )
    fast(make_archive(tmp_path / "archive"), "sources", "probe", f"http://{HOST}/")

    assert 30 == sum(HOST in asked.url and "robots.txt" not in asked.url for asked in web.log)


def test_probing_all_goes_on_where_it_was(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive", entry(OLD))
    first = fast(folder, "sources", "probe", "--all", "--json")
    before = len(web.log)
    second = fast(folder, "sources", "probe", "--all", "--json")
    between = len(web.log)
    fast(folder, "sources", "probe", "--all", "--again", "0")

    assert json.loads(first.out) == json.loads(second.out)
    assert before == between
    assert len(web.log) > between


def test_a_survey_that_was_stopped_loses_nothing(web: Web, tmp_path: Path) -> None:
    hosts = [f"mzj.s{n}.example" for n in range(12)]
    for host in hosts:
        put_home(web, {"公告": "/gg/"}, host=host)
        put_list(web, f"http://{host}/gg/", [3, 2, 1])
    entries = [entry({}, host=host).replace("shuimu", f"s{n}") for n, host in enumerate(hosts)]
    folder = make_archive(tmp_path / "archive", *entries)
    results = folder / "probe.jsonl"
    web.sites.pause = 0.2
    stopped = stop_when(results.exists, folder, "sources", "probe", "--all", "--json")
    assert 130 == stopped.code, stopped.err
    kept = {json.loads(line)["key"] for line in results.read_text("utf-8").splitlines()}
    web.sites.pause = 0.0
    before = len(web.log)
    done = fast(folder, "sources", "probe", "--all", "--json")
    asked_again = {one.url.split("/")[2] for one in web.log[before:]}

    assert 130 == stopped.code, stopped.err
    assert 0 < len(kept) < len(hosts)
    assert kept == {one["key"] for one in json.loads(stopped.out)}
    assert {f"mzj.s{n}.example" for n in range(12) if f"s{n}" not in kept} == asked_again
    assert len(hosts) == len(json.loads(done.out))


def test_a_checked_source_tells_each_field_of_its_articles(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    web.sites.edit(f"{OLD['通知公告']}202401/t20240106_000006.html", " 来源：水沐市民政局", "")
    folder = make_archive(tmp_path / "archive", entry(OLD))
    done = fast(folder, "sources", "check", "shuimu", "--json")
    told = json.loads(done.out)["shuimu"]
    first, second, _ = told[0]["articles"]

    assert 0 == done.code, done.err
    assert [(3, 3, None), (3, 3, None)] == [(one["entries"], one["dated"], one["problem"]) for one in told]
    assert (title(7), "2024-01-07", "水沐市民政局") == (first["title"], first["published_on"], first["attribution"])
    assert ["document_number"] == first["missing"]
    assert "attribution" in second["missing"]


def test_a_channel_that_cannot_be_read_is_named_and_ends_with_3(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    web.sites.put(OLD["政策文件"], "<html><body><p>栏目调整中，请稍后再来访问本页面，谢谢理解。</p></body></html>")
    done = fast(make_archive(tmp_path / "archive", entry(OLD)), "sources", "check", "shuimu")

    assert 3 == done.code
    assert ["通知公告  ok", "政策文件  FAILS"] == [
        line.removeprefix("shuimu  ") for line in done.out.splitlines() if line.startswith("shuimu")
    ]


def test_a_check_of_a_file_says_the_same_and_asks_nobody(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive", entry(OLD))
    online = fast(folder, "sources", "check", "shuimu", "--json")
    (file,) = (folder / "warc").rglob("*.warc.gz")
    before = len(web.log)
    elsewhere = make_archive(tmp_path / "elsewhere", entry(OLD))
    offline = fast(elsewhere, "sources", "check", "shuimu", "--from", file, "--json")

    assert json.loads(online.out) == json.loads(offline.out)
    assert before == len(web.log)
    assert not (elsewhere / "warc").exists()


def test_what_a_file_lacks_is_named_and_no_failure(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive", entry({"通知公告": OLD["通知公告"]}))
    fast(folder, "sources", "check", "shuimu")
    (file,) = (folder / "warc").rglob("*.warc.gz")
    done = fast(make_archive(tmp_path / "elsewhere", entry(OLD)), "sources", "check", "shuimu", "--from", file)

    assert 0 == done.code, done.err
    assert "政策文件  not in the file" in done.out


def test_the_patch_of_a_moved_site_applied_unedited_gets_every_notice(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive")
    file = folder / "sources" / "shuimu.toml"
    file.write_text(entry(OLD, more='note = "由人写下。"\n'), "utf-8")
    assert 0 == fast(folder, "crawl", "shuimu").code
    before = dict(rows(folder, "select id, title from notices"))
    new = move_to_new_host(web)
    broken = fast(folder, "crawl", "shuimu")
    repaired = fast(folder, "sources", "repair", "shuimu")
    file.write_text(repaired.out, "utf-8")
    mended = fast(folder, "crawl", "shuimu")
    (patch,) = tomllib.loads(repaired.out)["source"]

    assert (3, 0, 0) == (broken.code, repaired.code, mended.code), repaired.err + mended.err
    assert list(new.items()) == [(channel["name"], channel["url"]) for channel in patch["channel"]]
    assert ("vsb", "由人写下。", [HOST]) == (patch["family"], patch["note"], patch["hosts"])
    assert f"# 通知公告: {OLD['通知公告']}" in repaired.out
    assert title(7) in repaired.out
    assert {title(n) for numbers in NOTICES.values() for n in numbers} | {title(8), title(16)} == titles(folder)
    assert len(before) + 2 == rows(folder, "select count(*) from notices")[0][0]
    assert set(before) <= {row[0] for row in rows(folder, "select id from notices union select alias from aliases")}


def test_a_source_that_reads_needs_no_patch(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    done = fast(make_archive(tmp_path / "archive", entry(OLD)), "sources", "repair", "shuimu")

    assert (0, "") == (done.code, done.out)
    assert "nothing to repair" in done.err


def test_what_is_not_found_again_is_said_and_left_out(web: Web, tmp_path: Path) -> None:
    put_old_site(web)
    folder = make_archive(tmp_path / "archive", entry(OLD))
    fast(folder, "crawl", "shuimu")
    web.sites.remove(OLD["通知公告"])
    done = fast(folder, "sources", "repair", "shuimu")
    (patch,) = tomllib.loads(done.out)["source"]

    assert 3 == done.code
    assert ["政策文件"] == [channel["name"] for channel in patch["channel"]]
    assert "not found; left out" in done.out


def test_an_article_alone_is_no_list(web: Web, tmp_path: Path) -> None:
    put_home(web, {"重要公告": "/gg.html"})
    web.sites.put(f"http://{HOST}/gg.html", article(1))
    done = fast(make_archive(tmp_path / "archive"), "sources", "probe", f"http://{HOST}/", "--json")

    assert "no_list" == json.loads(done.out)[0]["state"]


@pytest.mark.parametrize("command", ["check", "probe"])
def test_a_list_that_a_script_draws_on_an_empty_page_is_read(command: str, web: Web, tmp_path: Path) -> None:
    done = fast(operator_folder(tmp_path / "archive", keys=("dongting",), files=("families.toml",)), "sources", command,
                "dongting")  # fmt: skip

    assert 0 == done.code, done.out
    assert "gkmlpt" in done.out


def test_a_list_that_a_script_draws_on_an_empty_page_can_be_added(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("none",))
    home = "http://www.dongting.example/dtmz/"
    done = fast(folder, "sources", "add", "dongting", "--agency", "东汀区民政局", "--home", home,
                "--list", f"通知公告={home}gkmlpt/index")  # fmt: skip

    assert 0 == done.code, done.err
    assert 'family = "gkmlpt"' in (folder / "sources" / "dongting.toml").read_text("utf-8")


@pytest.mark.parametrize("command", [("probe", "shuimu"), ("check", "shuimu"), ("repair", "shuimu")])
def test_nobody_is_asked_without_a_contact(command: tuple[str, str], web: Web, tmp_path: Path) -> None:
    from tests.e2e.commands import minzheng

    folder = make_archive(tmp_path / "archive", entry(OLD))
    done = minzheng(folder, "sources", *command, env={"MINZHENG_CONTACT": ""})

    assert 2 == done.code
    assert "contact =" in done.err
    assert [] == web.log


def titles(folder: Path) -> set[str]:
    return {row[0] for row in rows(folder, "select title from notices")}
