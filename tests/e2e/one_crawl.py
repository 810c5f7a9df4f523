"""One crawl of the miniature web into an archive folder, as a process that a test may kill.

`python -m tests.e2e.one_crawl FOLDER`, with the proxy in the environment.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from crawler.catalogue import load_catalogue
from crawler.demo import DEMO_SOURCES
from crawler.run import run_crawl
from crawler.spiders.plan import Plan


def main() -> None:
    """Crawl, and end with the crawl's exit code."""
    sites = tuple(replace(site, delay=0.0) for site in load_catalogue(DEMO_SOURCES).values())
    result = run_crawl(Plan(sites=sites, kind="demo"), Path(sys.argv[1]))
    sys.exit(result.exit_code)


if __name__ == "__main__":
    main()
