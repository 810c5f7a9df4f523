"""What `minzheng schedule` prints works: for systemd, for cron, from anywhere, in an empty environment."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from archive.lock import Lock
from crawler.demo import Web
from tests.e2e.commands import Done, minzheng
from tests.e2e.operating import operator_folder

INSTALL = """awk -v to="$1/" '/^# FILE /{f=to $3} f{print > f}'"""
"""As the output itself says, with another folder."""


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on this machine")


def printed(folder: Path, *words: str) -> str:
    done = minzheng(folder, "schedule", "--print", *words)

    assert 0 == done.code, done.err
    return done.out


def units(folder: Path, target: Path, *words: str) -> list[Path]:
    """The printed units as files, put there the way the output says."""
    target.mkdir()
    out = printed(folder, "systemd", *words)
    assert INSTALL.replace('"$1/"', "/etc/systemd/system/") in out
    subprocess.run(["sh", "-c", INSTALL, "sh", str(target)], input=out, text=True, check=True)
    return sorted(target.iterdir())


def commands(crontab: str) -> list[str]:
    """The commands of the lines that begin with five fields, as cron hands them to the shell."""
    lines = [re.fullmatch(r"(?:[\d*,]+ ){5}(.*)", line) for line in crontab.splitlines()]
    return [line[1].replace("\\%", "%") for line in lines if line is not None]


def bare(command: str, web: Web | None = None) -> Done:
    """Run a command from / in an empty environment, but for the proxy that is the web here."""
    env = {"http_proxy": web.proxy, "https_proxy": web.proxy} if web else {}
    done = subprocess.run(
        ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in env.items()), "/bin/sh", "-c", command],
        cwd="/", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("every", ["1d", "6h"])
def test_systemd_takes_the_units_and_their_times(tmp_path: Path, every: str) -> None:
    need("systemd-analyze")
    folder = operator_folder(tmp_path / 'a "100%" $HOME archive')
    files = units(folder, tmp_path / "units", "--every", every)
    told = subprocess.run(["systemd-analyze", "verify", *map(str, files)], capture_output=True, text=True, check=False)
    times = [line.split("=", 1)[1] for file in files for line in file.read_text().splitlines() if "OnCalendar" in line]

    assert (0, "") == (told.returncode, told.stderr)
    assert 3 == len(times)
    assert 7 == len(files)
    for at in times:
        subprocess.run(["systemd-analyze", "calendar", at], capture_output=True, check=True)


def test_units_may_write_the_archive_and_nothing_else(tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive")
    texts = [file.read_text() for file in units(folder, tmp_path / "units") if file.suffix == ".service"]

    assert 4 == len(texts)
    for text in texts:
        assert f'ReadWritePaths="{folder}"\nProtectSystem=strict' in text
        assert "NoNewPrivileges=true" in text


def test_a_night_window_moves_the_crawl_into_it(tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", config='night = "22:00-06:30"\n')

    assert "*-*-* 22:17:00 Asia/Shanghai" in printed(folder, "systemd")


def test_printed_commands_run_twice_from_anywhere_and_ask_only_what_is_due(web: Web, tmp_path: Path) -> None:
    need("flock")
    folder = operator_folder(tmp_path / "an archive of 100 %", keys=("qingshan", "yunling"))
    crawl, snapshot, verify = commands(printed(folder, "cron"))
    first = bare(crawl, web)
    asked = len(web.log)
    second = bare(crawl, web)

    assert first.code in (0, 3), first.err
    assert asked > 20
    assert (0, asked) == (second.code, len(web.log)), second.err
    assert 0 == bare(snapshot).code
    assert 0 == bare(verify).code
    assert 1 == len(list(folder.glob("snapshots/*/notices.*")))


def test_systemd_s_commands_are_those_of_cron(tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "an archive of 100 %")
    told = []
    for file in units(folder, tmp_path / "units"):
        line = re.search(r"^ExecStart=(.*)$", file.read_text(), re.MULTILINE)
        if line is not None and "serve" not in file.name:
            told.append(shlex.split(line[1].replace("%%", "%").replace("$$", "\\$" if "sh" in line[1][:12] else "$")))
    crawl, snapshot, verify = (shlex.split(one) for one in commands(printed(folder, "cron")))

    assert [crawl[5:], snapshot, verify] == [[word.replace("\\$", "$") for word in one] for one in told]


def test_an_overlap_names_the_holder(web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("qingshan",))
    crawl = commands(printed(folder, "cron"))[0]
    web.sites.pause = 0.3
    running = subprocess.Popen(
        ["/bin/sh", "-c", crawl], env={"http_proxy": web.proxy}, cwd="/", stderr=subprocess.DEVNULL, text=True
    )
    while not web.log and running.poll() is None:
        time.sleep(0.05)
    by_cron, by_hand = bare(crawl, web), bare(crawl.split("cron.lock ", 1)[1], web)
    running.wait(60)

    assert (4, 4) == (by_cron.code, by_hand.code), by_hand.err
    assert re.search(r"held by `minzheng crawl` \(process \d+ on \S+\) since 20", by_hand.err), by_hand.err


def test_a_lock_tells_who_where_and_since_when(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "archive.lock", "minzheng ingest")
    with pytest.raises(OSError, match=r"held by `minzheng ingest` \(process \d+ on \S+\) since 20\d\d-"):
        Lock(tmp_path / "archive.lock", "another")
    lock.release()
