"""Who gives a command, as rulings and the ledger put it down unless told."""

from __future__ import annotations

import getpass
import os


def user_name() -> str:
    """The name of the user; `uid 1000` where nobody gave that number a name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
