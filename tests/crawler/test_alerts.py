"""A crawl says that it runs and how it ended, and what changed since it last said something."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.archive import Archive
from archive.index import Index
from archive.records import Channel, Walked, WalkEnd
from archive.store import open_writer
from crawler.cli import main
from crawler.cli.alerts import TOLD, Heartbeat, tell_changes
from crawler.demo import Web
from tests.captures import NOW, write_warc
from tests.e2e.commands import minzheng
from tests.e2e.operating import operator_folder
from tests.web import PROXY_NAMES

LIST = "http://mzj.qingshan.example/tzgg/"
NOTICES = "http://mzj.qingshan.example/zwgk/tzgg/"
FAILING = "<html><head><title>500</title></head><body><p>服务器内部错误</p></body></html>"


@dataclass
class Receiver:
    """What came in: method, path and body; `status` is what it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[str, str, str]] = field(default_factory=list)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    for name in PROXY_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            found.got.append((self.command, self.path, self.rfile.read(length).decode()))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815  http.server calls it so

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def walk(archive: Path, number: int, how: WalkEnd) -> None:
    """One more crawl, a day later each, that walked the one list."""
    at = NOW + timedelta(days=number)
    walked = Walked(
        source="qingshan", channel=LIST, started_at=at, ended_at=at + timedelta(minutes=1), how=how, pages=1, entries=9
    )
    channel = Channel(source="qingshan", name="通知公告", url=LIST, family="trs")
    write_warc(archive / "warc", f"{at:%Y%m%dT%H%M%SZ}-aaaaaa", [channel, walked], at=at)
    with closing(open_writer(archive / "notices.db")) as db:
        Index(archive, db, run="test").catch_up()


@pytest.mark.parametrize(("code", "path"), [(0, "/x"), (3, "/x"), (1, "/x/fail"), (4, "/x/fail"), (130, "/x/fail")])
def test_a_heartbeat_says_start_then_success_or_fail(receiver: Receiver, code: int, path: str) -> None:
    beat = Heartbeat(f"{receiver.url}/x")
    beat.start()
    beat.end(code)

    assert receiver.got == [("GET", "/x/start", ""), ("GET", path, "")]


def test_a_crawl_pings_and_a_crawl_that_cannot_be_made_pings_that_it_failed(receiver: Receiver, tmp_path: Path) -> None:
    words = ["--archive", str(tmp_path), "crawl", "nosuchsource", "--heartbeat", receiver.url]
    result = CliRunner().invoke(main, words)

    assert (result.exit_code, [path for _, path, _ in receiver.got]) == (2, ["/start", "/fail"])


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/nobody", "file:///nowhere", "nonsense"])
def test_a_ping_that_does_not_arrive_stops_nothing(url: str, caplog: pytest.LogCaptureFixture) -> None:
    Heartbeat(url).start()

    assert f"{url}/start" in caplog.text


def test_a_change_of_state_is_told_once(receiver: Receiver, tmp_path: Path) -> None:
    walk(tmp_path, 0, "end")
    told = [tell_changes(tmp_path, receiver.url, now=NOW + timedelta(hours=1))]
    walk(tmp_path, 1, "failed")
    later = NOW + timedelta(days=1, hours=1)
    told += [tell_changes(tmp_path, receiver.url, now=later) for _ in range(2)]
    walk(tmp_path, 2, "end")
    told.append(tell_changes(tmp_path, receiver.url, now=NOW + timedelta(days=2, hours=1)))
    changes = [json.loads(body)["changes"] for _, _, body in receiver.got]

    assert told == [False, True, False, True]
    assert [(one["source"], one["from"], one["to"]) for [one] in changes] == [
        ("qingshan", "ok", "broken"),
        ("qingshan", "broken", "ok"),
    ]
    assert "通知公告" in changes[0][0]["why"]


def test_what_did_not_arrive_is_told_again(receiver: Receiver, tmp_path: Path) -> None:
    walk(tmp_path, 0, "failed")
    receiver.status = 500
    first = tell_changes(tmp_path, receiver.url, now=NOW + timedelta(hours=1))
    receiver.status = 200
    second = tell_changes(tmp_path, receiver.url, now=NOW + timedelta(hours=2))

    assert [first, second, len(receiver.got)] == [False, True, 2]
    assert json.loads((tmp_path / TOLD).read_text("utf-8"))["states"]["qingshan"] == "broken"


def test_a_whole_crawl_pings_and_tells_each_change_of_state_once(receiver: Receiver, web: Web, tmp_path: Path) -> None:
    folder = operator_folder(tmp_path / "archive", keys=("qingshan",), config=f'webhook = "{receiver.url}/hook"\n')
    words = ("crawl", "qingshan", "--heartbeat", f"{receiver.url}/beat")
    env = {"no_proxy": "127.0.0.1"}
    codes = [minzheng(folder, *words, env=env).code]
    web.sites.put(NOTICES, FAILING, status=500)
    codes += [minzheng(folder, *words, env=env).code for _ in range(2)]
    with Archive.lock(folder, holder="a test"):
        codes.append(minzheng(folder, *words, env=env).code)
    told = [json.loads(body)["changes"] for method, _, body in receiver.got if method == "POST"]

    assert codes == [0, 3, 3, 4]
    assert [path for method, path, _ in receiver.got if method == "GET"] == [
        *("/beat/start", "/beat") * 3,
        *("/beat/start", "/beat/fail"),
    ]
    assert [[(one["source"], one["from"], one["to"]) for one in changes] for changes in told] == [
        [("qingshan", "quiet", "broken")]
    ]
