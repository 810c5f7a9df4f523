"""The command `minzheng` without delays, for the miniature web: run as `python fast.py --archive FOLDER …`."""

from __future__ import annotations

import os
import sys

from crawler import toml_values

toml_values.LEAST_DELAY = 0.0


def main() -> None:
    """Everything else is the command as it is shipped."""
    os.environ.setdefault("MINZHENG_CONTACT", "tests@example.org")
    from crawler.cli import main as minzheng

    minzheng(sys.argv[1:], prog_name="minzheng")


if __name__ == "__main__":
    main()
