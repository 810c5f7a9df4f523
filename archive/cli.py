"""The archive's commands, by name. They run without the crawler: `python -m archive.cli`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from archive.commands import PUBLIC_URL as PUBLIC_URL  # noqa: PLC0414 (a program that reads minzheng.toml sets it)
from archive.commands import SOURCES as SOURCES  # noqa: PLC0414 (a program that knows a catalogue sets it)

COMMANDS: Mapping[str, str] = {
    "ingest": "archive.commands.write:ingest",
    "index": "archive.commands.write:index",
    "rebuild": "archive.commands.write:rebuild",
    "extract": "archive.commands.extract:extract",
    "search": "archive.commands.search:search",
    "show": "archive.commands.show:show",
    "trace": "archive.commands.trace:trace",
    "history": "archive.commands.history:history",
    "diff": "archive.commands.diff:diff",
    "cite": "archive.commands.cite:cite",
    "review": "archive.commands.review:review",
    "merge": "archive.commands.decide:merge",
    "split": "archive.commands.decide:split",
    "takedown": "archive.commands.takedown:takedown",
    "decisions": "archive.commands.decisions:decisions",
    "status": "archive.commands.status:status",
    "issues": "archive.commands.issues:issues",
    "export": "archive.commands.export:export",
    "exports": "archive.commands.exports:exports",
    "serve": "archive.commands.serve:serve",
    "verify": "archive.commands.verify:verify",
    "doctor": "archive.commands.doctor:doctor",
}
"""Command name → `module:attribute`, in the order of `--help`; imported when asked for."""

archive_option = click.option(
    "--archive",
    "folder",
    envvar="MINZHENG_ARCHIVE",
    show_envvar=True,
    default="archive-data",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the archive.",
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for; Ctrl-C ends it with code 130."""

    def __init__(self, *args: Any, table: Mapping[str, str], **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Names in the order of the table, the way one would use them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import one command; None if the table has no such name."""
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.table[cmd_name]} is no click command but {type(command).__name__}")
        return command

    def invoke(self, ctx: click.Context) -> Any:  # click's signature
        """Run a command; Ctrl-C becomes exit code 130 instead of click's 1."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("Stopped by Ctrl-C.", err=True)
            ctx.exit(130)


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says: Chinese text and JSON are the data of every command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@archive_option
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """Read, search, check and export an archive of civil-affairs (民政) notices."""
    speak_utf8()
    ctx.obj = folder


if __name__ == "__main__":
    main(prog_name="python -m archive.cli")
