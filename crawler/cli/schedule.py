"""`minzheng schedule`: what to tell systemd or cron, so that the archive grows by itself."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crawler.cli.timers import Timetable

HOURS = {"1d": 24, "12h": 12, "8h": 8, "6h": 6, "4h": 4}
INSTALL = """\
# Units of Minzheng Archive for {archive}. Put them in place and start them, as root:
#   minzheng schedule --print systemd | awk -v to=/etc/systemd/system/ '/^# FILE /{{f=to $3}} f{{print > f}}'
#   systemctl daemon-reload
#   systemctl enable --now minzheng-crawl.timer minzheng-snapshot.timer minzheng-verify.timer minzheng-serve.service
"""


@click.command()
@click.option("--print", "program", type=click.Choice(["systemd", "cron"]), required=True, help="For which of them.")
@click.option("--every", type=click.Choice(list(HOURS)), default="1d", show_default=True, help="How often to crawl.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on.")
@click.pass_obj
def schedule(folder: Path, *, program: str, every: str, port: int) -> None:
    """Print timers for crawl, serve, snapshot and verify.

    Nothing is written or started: the output says where its parts go. Each crawl asks what is due, so a timer that
    comes too often asks nothing twice, and one that was missed is caught up with.
    """
    from crawler.catalogue import CatalogueError
    from crawler.cli.timers import Timetable, cron_lines, first_hours
    from crawler.config import contact_advice, load_config

    archive = folder.absolute()
    try:
        config = load_config(archive, {})
    except CatalogueError as error:
        raise click.UsageError(str(error)) from error
    table = Timetable(
        program=_program(),
        archive=archive,
        user=getpass.getuser(),
        hours=first_hours(HOURS[every], config.night),
        max_hours=HOURS[every] - 1,
        port=port,
    )
    if program == "cron":
        click.echo(cron_lines(table), nl=False)
    else:
        _print_units(table)
        if archive.parts[1:2] == ("tmp",):
            click.echo("The units have a /tmp of their own: keep the archive elsewhere.", err=True)
    if config.contact is None:
        told = " MINZHENG_CONTACT is not known to a timer." if os.environ.get("MINZHENG_CONTACT") else ""
        click.echo(f"A crawl needs a contact: {contact_advice(archive)}.{told}", err=True)
    if not archive.is_dir():
        click.echo(f"{archive} is not there yet: make it before the timers run.", err=True)


def _print_units(table: Timetable) -> None:
    from crawler.cli.timers import systemd_units

    click.echo(INSTALL.format(archive=table.archive), nl=False)
    for name, text in systemd_units(table).items():
        click.echo(f"\n# FILE {name}\n{text}", nl=False)


def _program() -> tuple[str, ...]:
    """The command as it is installed beside this interpreter; without one, the interpreter and the module."""
    installed = Path(sys.executable).parent / "minzheng"
    return (str(installed),) if installed.exists() else (sys.executable, "-m", "crawler.cli")
