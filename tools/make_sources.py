"""Write `docs/sources.md`: the shipped catalogue as a table, and who is known without an address.

Run by hand from the checkout after any change in `crawler/sources/`: `python tools/make_sources.py`.
A test compares the file with what this would write.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crawler.catalogue import SHIPPED, load_catalogue
from crawler.lists import Site

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "sources.md"
DIVISIONS = ROOT / "archive" / "store" / "divisions.tsv"

WITHOUT_ADDRESS = (
    ("安徽省民政厅", "bureau", "known from reposts on portals of its counties"),
    (
        "政讯通 (sister sites of 民生资讯网)",
        "portal",
        "known from the number of a licence only",
    ),
    ("法律资料网", "portal", "known from a page that names it as its source"),
)
"""Publishers that evidence names without saying where they are: agency, kind, how they are known."""

HEAD = """# Sources

Written by `tools/make_sources.py` from `crawler/sources/`; edit the entries, not this page.
How an entry is made, and when it counts as verified, stands in [add a bureau](add-a-bureau.md).

The catalogue holds {bureaus} bureaus and {portals} portals; {verified} of these {total} are verified.
`minzheng crawl --all` leaves out the others unless `--unverified` is given.
*Seen* is the year of the latest evidence, empty where it has none; nothing here was tried by the program itself.

"""
TAIL = """
## No address known

These are known by name only, so they have no entry.
For 江西省民政厅 and 河南省民政厅 the entries hold the retired hosts of 2020; where they are now is not known.

"""


def main() -> None:
    """Write the page anew."""
    TARGET.write_text(render(), encoding="utf-8")
    print(TARGET)


def render() -> str:
    """The whole page, entries in the order of `minzheng sources list`."""
    sites = load_catalogue(SHIPPED).values()
    kinds = [site.source.kind for site in sites]
    counts = {"bureaus": kinds.count("bureau"), "portals": kinds.count("portal"), "total": len(kinds)}
    head = HEAD.format(verified=sum(not site.unverified for site in sites), **counts)
    places = read_places()
    entries = table(
        ("key", "agency", "division", "family", "channels", "seen", "verified"),
        (describe(site, places) for site in sites),
    )
    return head + entries + TAIL + table(("agency", "kind", "evidence"), WITHOUT_ADDRESS)


def describe(site: Site, places: dict[str, str]) -> tuple[str, ...]:
    """One row of the table; the division by its name."""
    source = site.source
    families = dict.fromkeys(channel.family for channel in site.channels) or (source.family,)
    return (
        f"`{source.key}`",
        source.agency,
        places[source.division] if source.division else "",
        ", ".join(families),
        str(len(site.channels)),
        source.seen or "",
        "no" if site.unverified else "yes",
    )


def read_places() -> dict[str, str]:
    """Names of divisions by their code."""
    lines = DIVISIONS.read_text(encoding="utf-8").splitlines()[1:]
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines}


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown, its line ends included."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
