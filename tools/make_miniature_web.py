"""Write the hosts of the miniature web that stand for one CMS family, trap or kind of repost each.

`python tools/make_miniature_web.py` writes `crawler/demo/sites/<host>/` for all of them and their rows of
`tests/e2e/expected.json`; the first four hosts were written by hand and are left alone. `--check` only says whether
the pages that are committed are those that it would write.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from miniature import answer_hosts, static_hosts, trap_hosts
from miniature.repost_hosts import reposts
from miniature.site import Host

ROOT = Path(__file__).parent.parent
SITES = ROOT / "crawler" / "demo" / "sites"
EXPECTED = ROOT / "tests" / "e2e" / "expected.json"
MAKERS = (
    static_hosts.lanxi,
    answer_hosts.fuyuan,
    answer_hosts.jinlu,
    answer_hosts.beihe,
    static_hosts.ministry,
    static_hosts.nanzhu,
    answer_hosts.dongting,
    static_hosts.baoyan,
    static_hosts.yunjin,
    static_hosts.haibu,
    static_hosts.jindu,
    trap_hosts.qinhai,
    trap_hosts.mijing,
    trap_hosts.challenge,
)


def make() -> list[Host]:
    """Every host, the same each time."""
    hosts = [maker() for maker in MAKERS]
    return [*hosts, *reposts({host.name: host for host in hosts})]


def expect(hosts: Iterable[Host], before: dict[str, object]) -> dict[str, object]:
    """The expectations with the rows of these hosts anew, behind those of the other hosts."""
    hosts = list(hosts)
    names = {host.name for host in hosts}

    def others(rows: Iterable[str]) -> list[str]:
        return [url for url in rows if url.split("/")[2] not in names]

    notices = [row for row in before["notices"] if _host_of(row) not in names]  # type: ignore[attr-defined]
    return {
        "notices": [*notices, *(row for host in hosts for row in host.notices)],
        "not_notices": {url: before["not_notices"][url] for url in others(before["not_notices"])}  # type: ignore[index, arg-type]
        | {url: outcome for host in hosts for url, outcome in host.traps.items()},
        "lists": [*others(before["lists"]), *(url for host in hosts for url in host.lists)],  # type: ignore[arg-type]
        "walks": {url: end for host in hosts for url, end in host.endings.items()},
        "files": {url: before["files"][url] for url in others(before["files"])}  # type: ignore[index, arg-type]
        | {url: found for host in hosts for url, found in host.linked.items()},
        "parts": {url: first for host in hosts for url, first in host.parts.items()},
    }


def main() -> int:
    """Write, or compare; 1 if they differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; say what differs")
    check = parser.parse_args().check
    hosts = make()
    found = json.loads(EXPECTED.read_text("utf-8"))
    told = json.dumps(expect(hosts, found), ensure_ascii=False, indent=1) + "\n"
    if not check:
        for host in hosts:
            shutil.rmtree(SITES / host.name, ignore_errors=True)
            host.save(SITES)
        EXPECTED.write_text(told, encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for host in hosts:
            host.save(Path(folder))
        wrong = sorted(name for host in hosts for name in _differences(Path(folder) / host.name, SITES / host.name))
    wrong += [str(EXPECTED)] if told != EXPECTED.read_text("utf-8") else []
    for name in wrong:
        print(f"{name} is not what the script writes", file=sys.stderr)
    return int(bool(wrong))


def _host_of(row: dict[str, object]) -> str:
    shown = row["original"] or next(iter(row["reposts"]), None) or row["alone"]  # type: ignore[call-overload]
    return str(shown).split("/")[2]


def _differences(made: Path, kept: Path) -> list[str]:
    files = {file.relative_to(top) for top in (made, kept) for file in top.rglob("*") if file.is_file()}
    return [str(kept / file) for file in files if _bytes(made / file) != _bytes(kept / file)]


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
