"""What systemd and cron are told, as text: units and lines for one archive, with absolute paths and quoted for each."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

MINUTE = 17
"""Not on the hour, when everybody's timers go off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What is to run for one archive, and when; all times are those of China."""

    program: tuple[str, ...]
    """The installed `minzheng`, absolute, in words."""
    archive: Path
    user: str
    hours: tuple[int, ...]
    """At which hours a crawl begins."""
    max_hours: int
    port: int = 8001

    @property
    def crawl(self) -> tuple[str, ...]:
        """The scheduled crawl; it ends before the next is to begin."""
        return (*self._minzheng, "crawl", "--due", "--max-time", f"{self.max_hours}h")

    @property
    def serve(self) -> tuple[str, ...]:
        """The reading room, for this machine only."""
        return (*self._minzheng, "serve", "--port", str(self.port))

    @property
    def snapshot(self) -> tuple[str, ...]:
        """A whole copy of the database, by turns in two folders: one is always complete. It stays in the archive."""
        script = f'exec "$@" export {_SNAPSHOTS} --format sqlite --unmasked'
        return ("/bin/sh", "-c", script, str(self.archive), *self._minzheng)

    @property
    def verify(self) -> tuple[str, ...]:
        """The proof that captures, rows and digests agree."""
        return (*self._minzheng, "verify")

    @property
    def _minzheng(self) -> tuple[str, ...]:
        return (*self.program, "--archive", str(self.archive))


_SNAPSHOTS = '"$0/snapshots/$(($(date +%s) / 86400 % 2))"'


def first_hours(every: int, night: tuple[time, time] | None) -> tuple[int, ...]:
    """The hours of a day at which a crawl begins, `every` hours apart: from 3 on, or from the opening of the night."""
    start = 3 if night is None else (night[0].hour + (1 if night[0].minute > MINUTE else 0)) % 24
    return tuple(sorted((start + step) % 24 for step in range(0, 24, every)))


def systemd_units(table: Timetable) -> Mapping[str, str]:
    """Name of a unit's file → its text."""
    hours = ",".join(f"{hour:02}" for hour in table.hours)
    jobs = {
        "crawl": ("what is due", table.crawl, f"*-*-* {hours}:{MINUTE:02}:00 Asia/Shanghai", _CRAWL),
        "snapshot": ("a copy of the database", table.snapshot, f"*-*-* 12:{MINUTE:02}:00 Asia/Shanghai", ""),
        "verify": ("captures against rows", table.verify, f"*-*-01 14:{MINUTE:02}:00 Asia/Shanghai", ""),
    }
    units = {}
    for name, (what, command, calendar, more) in jobs.items():
        units[f"minzheng-{name}.service"] = _SERVICE.format(
            what=what,
            kind="oneshot",
            command=_systemd(command),
            user=table.user,
            more=more,
            archive=_path(table.archive),
        )
        units[f"minzheng-{name}.timer"] = _TIMER.format(what=what, calendar=calendar)
    units["minzheng-serve.service"] = (
        _SERVICE.format(
            what="the archive in a browser",
            kind="exec",
            command=_systemd(table.serve),
            user=table.user,
            more="Restart=on-failure\nRestartSec=60\n",
            archive=_path(table.archive),
        )
        + "\n[Install]\nWantedBy=multi-user.target\n"
    )
    return units


def cron_lines(table: Timetable) -> str:
    """A crontab of the archive's owner."""
    lock = shlex.quote(str(table.archive / "cron.lock"))
    hours = ",".join(map(str, table.hours))
    crawl = f"flock -n -E 4 {lock} {shlex.join(table.crawl)}"
    jobs = (
        (f"{MINUTE} {hours} * * *", crawl),
        ("@reboot", f"sleep 300; {crawl}"),  # catches up: only what is due is asked
        ("@reboot", shlex.join(table.serve)),
        (f"{MINUTE} 12 * * *", shlex.join(table.snapshot)),
        (f"{MINUTE} 14 1 * *", shlex.join(table.verify)),
    )
    return _CRON + "".join(f"{when} {_cron(command)}\n" for when, command in jobs)


def _systemd(words: tuple[str, ...]) -> str:
    """A command line: each word in quotes, with nothing left for systemd to expand."""
    return " ".join(_quoted(word).replace("$", "$$") for word in words)


def _path(path: Path) -> str:
    """A path of a list of paths."""
    return _quoted(str(path))


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _cron(command: str) -> str:
    """A command of a crontab, where a bare % ends the line."""
    return command.replace("%", "\\%")


_CRAWL = """\
# 3 says that something needs a look: the crawl itself has run, and `minzheng status` tells what
SuccessExitStatus=3
Nice=10
"""

_SERVICE = """\
[Unit]
Description=Minzheng Archive: {what}
Wants=network-online.target
After=network-online.target

[Service]
Type={kind}
User={user}
ExecStart={command}
{more}# it may write the archive and nothing else
ReadWritePaths={archive}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=true
PrivateDevices=true
NoNewPrivileges=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectControlGroups=true
RestrictSUIDSGID=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=true
"""

_TIMER = """\
[Unit]
Description=Minzheng Archive: {what}

[Timer]
OnCalendar={calendar}
# after an outage it runs once, at the next start
Persistent=true
# not at the same minute as everybody else; the same minute every day
RandomizedDelaySec=20m
FixedRandomDelay=true

[Install]
WantedBy=timers.target
"""

_CRON = """\
# Add these lines to the crontab of whoever owns the archive: crontab -e
# A cron that does not know CRON_TZ and RANDOM_DELAY takes the times as those of the machine, to the minute.
SHELL=/bin/sh
CRON_TZ=Asia/Shanghai
RANDOM_DELAY=20
"""
