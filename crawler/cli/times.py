"""Days, lengths of time and addresses to tell, as an operator types them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click

_TIME = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")


class Span(click.ParamType[float]):
    """A length of time: `90`, `30m`, `2h`, `1h30m`. Seconds."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds of a text like `1h30m`."""
        match = _TIME.fullmatch(str(value))
        if match is None or not any(match.groups()):
            self.fail(f"{value!r} is no length of time; write 90 (seconds), 30m, 2h or 1h30m.", param, ctx)
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return float(hours * 3600 + minutes * 60 + seconds)


class Day(click.ParamType[date]):
    """An ISO day."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day of a text like 2024-03-01."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2024-03-01.", param, ctx)


class Web(click.ParamType[str]):
    """An http or https address."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address as typed."""
        if not re.match(r"https?://[^/\s]", str(value)):
            self.fail(f"{value!r} is no address; write it as https://example.org/….", param, ctx)
        return str(value)
