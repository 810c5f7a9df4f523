"""The Scrapy process of one crawl or survey: our settings, its archive and its log."""

from __future__ import annotations

import logging
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings


def make_process(folder: Path, *, log_file: Path | None) -> AsyncCrawlerProcess:
    """A process that writes into an archive; logs go to stderr, or to `log_file`. It can be started once."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("MINZHENG_ARCHIVE", str(folder), priority="cmdline")
    if log_file is not None:
        settings.set("LOG_FILE", str(log_file), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    for name in ("scrapy.addons", "scrapy.crawler", "scrapy.middleware", "scrapy.utils.log"):
        logging.getLogger(name).setLevel(logging.WARNING)  # they list all settings at each start
    return process
