"""One crawl into an archive folder, without delays, as a process that a test may kill.

`python -m tests.e2e.one_crawl FOLDER [KEY…]`, with the proxy in the environment: the miniature web, or these sources
of the shipped catalogue.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crawler.catalogue import SHIPPED, load_catalogue, pick
from crawler.demo import DEMO_SOURCES
from crawler.run import run_crawl
from crawler.spiders.plan import Plan


def main() -> None:
    """Crawl, and end with the crawl's exit code."""
    _, folder, *keys = sys.argv
    catalogue = load_catalogue(SHIPPED if keys else DEMO_SOURCES)
    sites = pick(catalogue, keys) if keys else tuple(catalogue.values())
    result = run_crawl(Plan(sites=sites, catalogue=tuple(catalogue.values()), kind="demo"), Path(folder))
    sys.exit(result.exit_code)


if __name__ == "__main__":
    main()
