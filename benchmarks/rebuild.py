"""What two processes gain over one when an archive is rebuilt: everything, from captures to the published database.

usage: python benchmarks/rebuild.py [--pages 5000] [--rounds 3] [--workers 2] [--beside] [--out FIGURES.json]

Pages are made up, the same every time: five kinds of template (TRS, Hanweb, a portal, an old table layout, text parted
by `<br>`), about 40 KB and 150 links each, a fifth of them in GBK, a fifth reposts that name or repeat another page.
They are written to one WARC file once. Each round then runs `archive.rebuild` on it with one worker and with several,
in turn, into an archive that has no database, so that nothing but the rebuild is measured; every database must have
the same number of rows.

With one worker the index reads, writes and settles in one process. With N there are N processes: one writes, and reads
while it would wait; the others read. The ratio of seconds is what counts; on a shared machine it is held down by
whoever else runs, so CPU seconds (all processes of a rebuild) and the load are printed with it: `bound` is the ratio
that a machine of N idle cores could come to at most, CPU seconds of one worker over those of several, parted among N.
With --beside each round also rebuilds N archives of the same pages beside one another, each with one worker: nothing is
shared there but the machine, so `ceiling`, what that gains over one after the other, is what N cores of it are worth.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.archive import Archive
from archive.rebuild import rebuild
from archive.records import Channel, Crawl, CrawlEnd, Entry, Exchange, Listed, Source, Tally
from archive.store import open_reader
from archive.warc import WarcWriter

BEGUN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BUREAU = Source(
    key="qingshan",
    agency="青山市民政局",
    kind="bureau",
    home="http://mzj.qingshan.example/",
    division="420100",
    addresses=("mzj.qingshan.example/",),
)
PORTAL = Source(
    key="zixun",
    agency="民情资讯",
    kind="portal",
    home="http://www.zixun.example/",
    addresses=("zixun.example/",),
)
_PAIRS = (
    "民政低保养老服务救助社区街道儿童福利慈善志愿婚姻登记殡葬区划地名社会组织困难群众残疾补贴标准资金"
    "发放对象核查家庭收入公示监督落实责任加强管理开展工作通知印发办法规定要求各区单位部门联合年度计划"
    "项目评估机构护理老年设施建设运营安全检查培训人员提升能力完善制度建立机制依法申请审核"
)
WORDS = [_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2)]
COUNTED = ("captures", "copies", "revisions", "notices", "matches", "aliases", "entries", "issues")


def main() -> None:
    """Make the archive, rebuild it in turn, print the figures."""
    args = _arguments()
    rounds: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        size = write_archive(path, args.pages)
        print(
            f"{args.pages} pages of {size / args.pages / 1000:.1f} kB, load {os.getloadavg()[0]:.2f}", file=sys.stderr
        )
        counts = []
        for number in range(args.rounds):
            found: dict[str, float] = {}
            for workers in (1, args.workers) if number % 2 == 0 else (args.workers, 1):
                found[f"seconds_{workers}"], found[f"cpu_{workers}"], rows = measure(path, workers)
                counts.append(rows)
            found["ratio"] = found["seconds_1"] / found[f"seconds_{args.workers}"]
            found["bound"] = found["cpu_1"] / found[f"cpu_{args.workers}"] * args.workers
            if args.beside:
                found["beside"] = measure_beside(path, Path(folder), args.workers)
                found["ceiling"] = found["seconds_1"] / found["beside"] * args.workers
            found["load"] = os.getloadavg()[0]
            rounds.append({name: round(value, 2) for name, value in found.items()})
            print(rounds[-1], file=sys.stderr)
    if any(rows != counts[0] for rows in counts):
        sys.exit(f"the databases differ: {counts}")
    figures = {
        "pages": args.pages,
        "workers": args.workers,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.machine()},
        "rows": counts[0],
        "rounds": rounds,
        "ratio": _spread(rounds, "ratio"),
        "bound": _spread(rounds, "bound"),
        **({"ceiling": _spread(rounds, "ceiling")} if args.beside else {}),
        "cpu_ms_a_page": round(statistics.median(one["cpu_1"] for one in rounds) / args.pages * 1000, 2),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    if args.out:
        args.out.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")


def measure(path: Path, workers: int) -> tuple[float, float, dict[str, int]]:
    """Rebuild once, from nothing: seconds, CPU seconds of all processes, and how many rows each table has."""
    for made in path.glob("notices.db*"):
        made.unlink()
    with Archive.lock(path, holder="benchmark") as archive:
        cpu, began = _cpu(), time.perf_counter()
        rebuild(archive, workers=workers)
        seconds, cpu = time.perf_counter() - began, _cpu() - cpu
    db = open_reader(path / "notices.db")
    rows = {table: db.table(table).count for table in COUNTED}
    db.close()
    return seconds, cpu, rows


def measure_beside(path: Path, folder: Path, count: int) -> float:
    """Rebuild so many archives of the same pages beside one another, each with one worker: seconds until all are."""
    paths = [folder / f"beside-{number}" for number in range(count)]
    for other in paths:
        if not other.exists():
            shutil.copytree(path / "warc", other / "warc")
    began = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(measure, paths, [1] * count))
    return time.perf_counter() - began


def write_archive(path: Path, pages: int) -> int:
    """Write the pages as one crawl's WARC file, entries before their pages. Gives the bytes of all pages."""
    chance = random.Random(1)
    crawl = Crawl(id="20260302T010000Z-aaaaaa", kind="crawl", started_at=BEGUN, vantage="benchmark", agent="benchmark")
    writer = WarcWriter(path / "warc", crawl, earlier=lambda _key, _digest: None)
    channel = Channel(source="qingshan", name="通知公告", url="http://mzj.qingshan.example/tzgg/", family="trs")
    for note in (crawl, BUREAU, PORTAL, channel):
        writer.note(note, at=BEGUN)
    size = 0
    written: list[tuple[str, str, list[str]]] = []
    for number in range(pages):
        at = BEGUN + timedelta(seconds=number)
        is_repost = number % 5 == 4
        if is_repost:
            url = f"http://www.zixun.example/zx/{number}.html"
            original, title, lines = chance.choice(written)
        else:
            url = f"http://mzj.qingshan.example/tzgg/202{number % 6}/t202{number % 6}0311_{number}.html"
            original, title, lines = "", f"关于{phrase(chance, 8)}的通知（第{number}号）", paragraphs(chance)
            written.append((url, title, lines))
            entry = Entry(url=url, title=title, date_raw=f"202{number % 6}-03-11")
            listed = Listed(entry=entry, source="qingshan", channel=channel.url, list_url=channel.url, listed_at=at)
            writer.note(listed, at=at)
        html = TEMPLATES[number % len(TEMPLATES)](chance, title, lines, f"202{number % 6}-03-11")
        if is_repost and number % 2:
            html = html.replace("</body>", f"<p>原文链接：{original}</p></body>")
        charset = "gbk" if number % 5 == 3 else "utf-8"
        body = html.replace("CHARSET", charset).encode(charset)
        size += len(body)
        writer.keep(
            Exchange(
                url=url,
                method="GET",
                request_headers=(("User-Agent", "benchmark"),),
                request_body=b"",
                status=200,
                reason="OK",
                headers=(("Content-Type", f"text/html; charset={charset}"),),
                body=body,
                fetched_at=at,
            )
        )
    tally = Tally(asked=pages, stored=pages, failed=0, refused=0)
    writer.note(CrawlEnd(ended_at=BEGUN + timedelta(days=1), reason="finished", tally=tally), at=BEGUN)
    writer.close()
    return size


def phrase(chance: random.Random, words: int) -> str:
    """So many words of our own."""
    return "".join(chance.choice(WORDS) for _ in range(words))


def paragraphs(chance: random.Random) -> list[str]:
    """The text of one notice: some 700 characters, with its signature."""
    lines = [
        f"{phrase(chance, chance.randint(12, 30))}，{phrase(chance, 10)}。{phrase(chance, 12)}。" for _ in range(9)
    ]
    return ["各区民政局：", *lines, "青山市民政局", "2023年3月10日"]


def links(chance: random.Random, count: int) -> str:
    """Links of a menu, as sites print them."""
    return "".join(
        f'<li class="item"><a href="/col/col{chance.randrange(9999)}/index.html" target="_blank"'
        f' title="{(name := phrase(chance, 3))}">{name}</a></li>\n'
        for _ in range(count)
    )


def frame(chance: random.Random, title: str, tags: str, main: str) -> str:
    """A page around its main part: head, scripts, styles, menus, footer."""
    script = "".join(f"var config_{number} = {{ id: {chance.randrange(9999)}, on: true }};\n" for number in range(90))
    style = "".join(f".box{number} a:hover {{ color: #c00; margin: 0 {number}px; }}\n" for number in range(150))
    return (
        f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=CHARSET">\n'
        f"<title>{title}_青山市民政局</title>\n{tags}<script>{script}</script><style>{style}</style></head>\n<body>"
        f'<div class="header"><ul class="nav">{links(chance, 60)}</ul></div>\n{main}\n'
        f'<div class="side"><h3>相关链接</h3><ul>{links(chance, 60)}</ul></div>'
        f'<div class="footer"><ul>{links(chance, 30)}</ul><p>主办单位：青山市民政局 网站标识码：4201000000</p></div>'
        "</body></html>"
    )


def official_tags(title: str, day: str) -> str:
    """The meta tags of government sites."""
    return (
        f'<meta name="SiteName" content="青山市民政局">\n<meta name="ArticleTitle" content="{title}">\n'
        f'<meta name="PubDate" content="{day} 10:20">\n<meta name="ContentSource" content="青山市民政局">\n'
    )


def trs(chance: random.Random, title: str, lines: list[str], day: str) -> str:
    """TRS: official tags, one span a paragraph."""
    text = "".join(f'<p style="text-indent: 2em"><span style="font-size: 16pt">　　{line}</span></p>' for line in lines)
    main = (
        f'<div class="main"><h1>{title}</h1><div class="info">来源：青山市民政局 发布时间：{day} 10:20</div>'
        f'<div class="TRS_Editor">{text}</div></div>'
    )
    return frame(chance, title, official_tags(title, day), main)


def hanweb(chance: random.Random, title: str, lines: list[str], day: str) -> str:
    """Hanweb: a disclosure table above the text."""
    cells = f"<tr><td>索引号</td><td>0142{chance.randrange(99999)}</td><td>发布日期</td><td>{day}</td></tr>"
    text = "".join(f"<p>　　{line}</p>" for line in lines)
    main = f'<table class="xxgk">{cells}</table><div id="zoom"><h1>{title}</h1>{text}</div>'
    return frame(chance, title, official_tags(title, day), main)


def portal(chance: random.Random, title: str, lines: list[str], day: str) -> str:
    """A portal: no official tags."""
    text = "".join(f"<p>{line}</p>" for line in lines)
    head = f'<h1>{title}</h1><p class="from">来源：青山市民政局　{day}</p>'
    main = f'<div class="article">{head}<div class="content">{text}</div></div>'
    return frame(chance, title, "", main)


def old_tables(chance: random.Random, title: str, lines: list[str], day: str) -> str:
    """Tables for layout, fonts for style."""
    text = "".join(f'<p><font size="3">　　{line}</font></p>' for line in lines)
    main = (
        f'<table width="960"><tr><td align="center"><b>{title}</b></td></tr>'
        f"<tr><td>发布时间：{day} 作者：办公室</td></tr>"
        f'<tr><td><div id="Zoom">{text}</div></td></tr></table>'
    )
    return frame(chance, title, "", main)


def broken_lines(chance: random.Random, title: str, lines: list[str], day: str) -> str:
    """One block, its paragraphs parted by `<br>`."""
    text = "<br><br>　　".join(lines)
    main = f'<div class="con"><h2>{title}</h2><span>日期：{day}</span><div class="text">{text}</div></div>'
    return frame(chance, title, "", main)


TEMPLATES = (trs, hanweb, portal, old_tables, broken_lines)


def _cpu() -> float:
    """CPU seconds of this process and of all that have ended under it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _spread(rounds: list[dict[str, float]], name: str) -> dict[str, float]:
    values = [one[name] for one in rounds]
    return {"min": min(values), "median": round(statistics.median(values), 2), "max": max(values)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What several processes gain over one when an archive is rebuilt.")
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--beside", action="store_true", help="also measure what the machine itself gains")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
