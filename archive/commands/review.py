"""`minzheng review`: matches that tracing leaves to a person."""

from __future__ import annotations

import click


@click.command()
def review() -> None:
    """Later.

    x
    """
