"""The miniature web: three invented publishers, and a proxy that serves them on this machine only.

`minzheng demo` crawls it and the end-to-end tests run against it. Every page, name and host is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.demo.hosts import Sites
from crawler.demo.proxy import Asked, serve

DEMO_SITES = Path(__file__).parent / "sites"
DEMO_SOURCES = Path(__file__).parent / "sources"
"""Folder of the catalogue of the miniature web, for `load_catalogue`."""


@dataclass(frozen=True, slots=True)
class Web:
    """A miniature web that is being served."""

    proxy: str
    """Address of the proxy: `http://127.0.0.1:<port>`."""
    log: list[Asked]
    """What the proxy was asked so far, in the order of answering."""
    sites: Sites
    """What it answers; change it between two crawls."""

    @property
    def env(self) -> Mapping[str, str]:
        """The environment that sends a crawl here and nowhere else: https too, so that it fails on this machine."""
        return {"http_proxy": self.proxy, "https_proxy": self.proxy, "no_proxy": ""}


@contextmanager
def web(sites: Path = DEMO_SITES) -> Iterator[Web]:
    """Serve the hosts of a folder for the length of the context."""
    loaded = Sites(sites)
    with serve(loaded) as proxy:
        yield Web(proxy.address, proxy.log, loaded)
