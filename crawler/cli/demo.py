"""`minzheng demo`: crawl the miniature web into a fresh archive, show what was found, serve it. Needs no network."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

FOLDER = Path("demo-archive")
_HOW = {"explicit_link": "link", "equal_text": "same text", "ruling": "a person"}
_SHOWN = 30
"""Notices that are printed, the newest; the others are counted."""
_MARK = ".demo"
"""A file that says that an archive is a demo's, so that the next demo may throw it away."""


@click.command()
@click.option("--no-serve", is_flag=True, help="End after printing what was found.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port to serve on.")
@click.pass_context
def demo(ctx: click.Context, *, no_serve: bool, port: int) -> None:
    """Crawl an invented miniature web and browse the result.

    Bureaus of every kind of site, portals that repost them, and the traps of the real web; no network is needed.

    The archive is ./demo-archive, made anew each time, or the folder of `minzheng --archive DIR demo`.
    """
    folder = _fresh_folder(ctx)
    result_code = _crawl(folder)
    _print_found(ctx, folder)
    if result_code:
        ctx.exit(result_code)
    root = ctx.find_root()
    command = root.command.get_command(root, "serve")  # type: ignore[attr-defined]  # the root is our LazyGroup
    if no_serve:
        click.echo(f"Browse it with: minzheng --archive {folder} serve")
        return
    ctx.invoke(command, path=folder, host="127.0.0.1", port=port, public=False, open_browser=False)


def _crawl(folder: Path) -> int:
    from crawler.catalogue import load_catalogue
    from crawler.cli.crawl import LOG, print_result, run_with_progress
    from crawler.demo import DEMO_SOURCES, web
    from crawler.spiders.plan import Plan

    plan = Plan(sites=tuple(load_catalogue(DEMO_SOURCES).values()), kind="demo")
    with web() as served:
        os.environ.update(served.env)
        result = run_with_progress(plan, folder, log_file=folder / LOG)
    print_result(result)
    # the miniature web holds a block and other traps: that they raise issues is as it should be
    return result.exit_code if result.problem or result.reason != "finished" else 0


def _fresh_folder(ctx: click.Context) -> Path:
    given = ctx.find_root().get_parameter_source("folder") is ParameterSource.COMMANDLINE
    folder: Path = ctx.obj if given else FOLDER
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise click.UsageError(f"{folder} holds something that is no demo; move it away, or give another --archive")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    return folder


def _print_found(ctx: click.Context, folder: Path) -> None:
    """Print each notice with where its original is and who reposts it, out of the archive's own dataset."""
    from tabulate import tabulate

    with tempfile.TemporaryDirectory() as dataset:
        arguments = ["--archive", str(folder), "export", dataset, "--format", "jsonl"]
        with redirect_stdout(io.StringIO()):
            ctx.find_root().command.main(arguments, standalone_mode=False)
        lines = (Path(dataset) / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    notices = sorted(
        (json.loads(line) for line in lines), key=lambda notice: notice["published_on"] or "", reverse=True
    )
    rows = [
        (
            notice["published_on"],
            _cut(notice["title"] or ""),
            notice["issuing_agency"] or "",
            _original(notice),
            ", ".join(sorted(_HOW.get(copy["rule"], "") for copy in notice["copies"] if copy["role"] == "repost")),
        )
        for notice in notices[:_SHOWN]
    ]
    headers = ("published", "notice", "agency", "original", "reposts, found by")
    click.echo(tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True))
    if len(notices) > _SHOWN:
        click.echo(f"… and {len(notices) - _SHOWN} more")
    copies = sum(len(notice["copies"]) for notice in notices)
    click.echo(f"{len(notices)} notices, {copies} copies of them")
    files = [file["sha256"] for notice in notices for file in notice["attachments"]]
    click.echo(
        f"{len(files)} files that they link, {len(files) - files.count(None)} captured; their text is searched too"
    )


def _original(notice: dict[str, Any]) -> str:
    if notice["original_captured"]:
        return "captured"
    return "named, not captured" if notice["original_url"] else "unknown"


def _cut(title: str, width: int = 24) -> str:
    return title if len(title) <= width else title[: width - 1] + "…"
