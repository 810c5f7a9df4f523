"""The catalogue: every mistake in an entry is told by file, entry, key, value and remedy; overlays; what is shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.urls import fetch_url, owner, url_key
from crawler.catalogue import ENTRY_KEYS, SHIPPED, CatalogueError, adhoc_site, entry_files, load_catalogue, pick
from crawler.families import FAMILIES
from crawler.families.links import OPTIONS as LINKS_OPTIONS
from crawler.lists import Site

DOCUMENT = Path(__file__).parents[2] / "docs" / "add-a-bureau.md"

GOOD = """
[[source]]
key = "shuixi"
agency = "水西市民政局"
division = "500000"
home = "https://mzj.shuixi.example/"
hosts = ["mz-old.shuixi.example", "http://www.shuixi.example/mzj/"]
family = "trs"
delay = 5
channel = [{ name = "通知公告", url = "https://mzj.shuixi.example/xw/tzgg/" }]
seen = "2026-01"
note = "columns were /old/ before 2020"
"""


def test_an_entry_becomes_a_site(tmp_path: Path) -> None:
    site = load_catalogue(write(tmp_path, GOOD))["shuixi"]

    assert ("水西市民政局", "bureau", "500000", 5.0) == (
        site.source.agency,
        site.source.kind,
        site.source.division,
        site.delay,
    )
    assert ("mzj.shuixi.example/", "mz-old.shuixi.example/", "shuixi.example/mzj/") == site.source.addresses
    assert [("通知公告", "trs")] == [(channel.name, channel.family) for channel in site.channels]


def test_an_entry_needs_only_key_agency_and_home(tmp_path: Path) -> None:
    site = load_catalogue(write(tmp_path, minimal()))["shuixi"]

    assert ("auto", (), 2.0, False) == (site.source.family, site.channels, site.delay, site.unverified)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[source]]\nkey = "a"\nagency = "b', "a.toml:3: broken TOML"),
        ('[source]\nkey = "a"', "write [[source]] with two brackets"),
        ('[[sources]]\nkey = "a"', "unknown key 'sources' (did you mean 'source'?)"),
        ('[[source]]\nkey = "a"\nhome = "https://a.example/"', "source 1: key 'agency' is missing"),
        ('[[source]]\nkey = "a"\nagncy = "b"\nhome = "https://a.example/"', "'agency' is missing (there is 'agncy')"),
    ],
)
def test_a_broken_file_names_file_and_entry(tmp_path: Path, text: str, message: str) -> None:
    refused(tmp_path, text, message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('famly = "trs"', "source 1 (shuixi): unknown key 'famly' (did you mean 'family'?); allowed: key, agency"),
        ('family = "trss"', "family is 'trss' (did you mean 'trs'?); allowed: auto, links, trs"),
        ('kind = "newspaper"', "kind is 'newspaper'; allowed: bureau, portal"),
        ('division = "50"', "division is '50': it must be six digits in quotes (GB/T 2260)"),
        ("division = 500000", "division is 500000: it must be a text in quotes"),
        ("delay = 1", "delay is 1: it must be a number of seconds from 2"),
        ('delay = "slow"', "delay is 'slow': it must be a number of seconds"),
        ('seen = "last year"', "seen is 'last year': it must be a year, month or day in quotes"),
        ("seen = 2025-04-01", "it must be a text in quotes"),
        ('unverified = "yes"', "unverified is 'yes': it must be true or false"),
        ('note = ""', "note is '': it must be a text in quotes"),
        ('hosts = "old.example"', "hosts is 'old.example': it must be a list"),
        ('hosts = ["old"]', "hosts is 'old': it must be an address"),
        ('channel = "https://a.example/"', 'write channel = [{ name = "…", url = "…" }]'),
        ('channel = [{ name = "公告" }]', "channel 1 is {'name': '公告'}: it needs a name and a url"),
        ('channel = [{ name = "公告", url = "/tzgg/" }]', "channel 1: url is '/tzgg/': it must be an address"),
        ('channel = [{ name = "公告", url = "ftp://a.example/" }]', "url is 'ftp://a.example/': it must be an address"),
        (
            'channel = [{ name = "a", url = "https://a.example" }, { name = "b", url = "http://a.example/index.htm" }]',
            "channel 2: url 'http://a.example/index.htm' is already that of channel 1",
        ),
        (
            'channel = [{ name = "a", url = "https://a.example/l/", itm = "li" }]',
            "channel 1 (https://a.example/l/): unknown option 'itm'; family auto has none",
        ),
        (
            'family = "links"\nchannel = [{ name = "a", url = "https://a.example/l/", item = "li[" }]',
            "item = 'li[' is no CSS selector",
        ),
        (
            'channel = [{ name = "a", url = "https://a.example/l/", family = "link" }]',
            "channel 1: family is 'link' (did you mean 'links'?)",
        ),
        (
            'channel = [{ name = "a", url = "https://a.example/l/", item = ["li"] }]',
            "channel 1: item is ['li']: it must be a text in quotes",
        ),
        ("options = 3", "options is 3: it must be a table of texts"),
    ],
)
def test_a_wrong_value_names_key_value_and_remedy(tmp_path: Path, line: str, message: str) -> None:
    refused(tmp_path, minimal(line), message)


@pytest.mark.parametrize(
    ("key", "message"),
    [('"Shui Xi"', "key is 'Shui Xi': it must be small letters"), ("7", "key is 7: it must be a text in quotes")],
)
def test_a_key_can_stand_in_file_names(tmp_path: Path, key: str, message: str) -> None:
    refused(tmp_path, minimal().replace('"shuixi"', key), message)


@pytest.mark.parametrize("home", ["mzj.shuixi.example", "https://", "https://localhost/"])
def test_a_home_is_a_whole_address(tmp_path: Path, home: str) -> None:
    refused(
        tmp_path, minimal().replace("https://mzj.shuixi.example/", home), f"home is '{home}': it must be an address"
    )


def test_a_key_is_given_once_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path, minimal(), name="b.toml")

    refused(tmp_path, minimal(), "b.toml: source 1: key 'shuixi' is taken by")


def test_one_address_has_one_owner(tmp_path: Path) -> None:
    write(tmp_path, minimal().replace('"shuixi"', '"hedong"'), name="b.toml")

    refused(tmp_path, minimal(), "'mzj.shuixi.example/' belongs to both 'shuixi'")


def test_a_later_folder_replaces_whole_entries(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, GOOD)
    write(own, minimal().replace("水西市民政局", "水西市民政和社会工作局"), name="mine.toml")

    site = load_catalogue(shipped, own)["shuixi"]

    assert ("水西市民政和社会工作局", None, ()) == (site.source.agency, site.source.division, site.channels)
    assert own / "mine.toml" == entry_files(shipped, own)["shuixi"]


def test_a_missing_overlay_is_an_empty_one(tmp_path: Path) -> None:
    assert ["shuixi"] == list(load_catalogue(write(tmp_path, GOOD), tmp_path / "sources"))


def test_channels_inherit_the_options_of_their_entry(tmp_path: Path) -> None:
    lines = """family = "links"
options = { item = "li", date = "span" }
channel = [{ name = "a", url = "https://mzj.shuixi.example/a/" },
           { name = "b", url = "https://mzj.shuixi.example/b/", item = "tr" },
           { name = "c", url = "https://mzj.shuixi.example/c/", family = "auto" }]"""

    channels = load_catalogue(write(tmp_path, minimal(lines)))["shuixi"].channels

    assert [{"item": "li", "date": "span"}, {"item": "tr", "date": "span"}, {}] == [dict(c.options) for c in channels]


def test_a_channel_on_another_host_makes_its_folder_the_sources(tmp_path: Path) -> None:
    line = 'channel = [{ name = "a", url = "https://www.shuixi.example/zwgk/mzj/index.html" }]'

    site = load_catalogue(write(tmp_path, minimal(line)))["shuixi"]

    assert ("mzj.shuixi.example/", "shuixi.example/zwgk/mzj/") == site.source.addresses


def test_sources_are_picked_in_the_order_asked_and_once(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, GOOD))

    assert ["shuixi"] == [site.source.key for site in pick(catalogue, ["shuixi", "shuixi"])]


def test_a_misspelt_key_is_told_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=re.escape("no source 'shuixl' (did you mean 'shuixi'?)")):
        pick(load_catalogue(write(tmp_path, GOOD)), ["shuixl"])


def test_a_site_no_one_configured_is_one_channel_read_by_auto() -> None:
    site = adhoc_site("http://www.hedong.example/mzj/tzgg/")

    assert ("hedong-example", "unknown", "http://www.hedong.example/") == (
        site.source.key,
        site.source.kind,
        site.source.home,
    )
    assert [("http://www.hedong.example/mzj/tzgg/", "auto")] == [(c.url, c.family) for c in site.channels]
    assert ("hedong.example/",) == site.source.addresses


def test_what_is_no_address_is_no_site() -> None:
    with pytest.raises(CatalogueError, match="the address is 'shuixi': it must be an address"):
        adhoc_site("shuixi")


def test_the_shipped_catalogue_loads() -> None:
    catalogue = load_catalogue(SHIPPED)

    assert {"mca", "chongqing", "mszx"} <= catalogue.keys()
    assert 3 <= sum(site.source.family == "trs" for key, site in catalogue.items() if key != "chongqing")


@pytest.mark.parametrize("site", load_catalogue(SHIPPED).values(), ids=lambda site: site.source.key)
def test_a_shipped_entry_is_whole(site: Site) -> None:
    assert site.source.seen
    assert site.source.note
    addresses = dict.fromkeys(site.source.addresses, site.source.key)
    for channel in site.channels:
        assert channel.url == fetch_url(channel.url)
        assert site.source.key == owner(url_key(channel.url), addresses)
        assert channel.family in FAMILIES


def test_the_entry_in_the_documents_loads(tmp_path: Path) -> None:
    entry, channel = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)

    assert 2 == len(load_catalogue(write(tmp_path, entry))["shuixi"].channels)
    assert "links" == load_catalogue(write(tmp_path, minimal(channel)))["shuixi"].channels[0].family


def test_the_documents_name_every_key_and_every_option_of_links() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))

    assert {*ENTRY_KEYS, *LINKS_OPTIONS} == named


def minimal(lines: str = "") -> str:
    """The shortest entry, with further lines at its end."""
    return f'[[source]]\nkey = "shuixi"\nagency = "水西市民政局"\nhome = "https://mzj.shuixi.example/"\n{lines}\n'


def write(folder: Path, text: str, *, name: str = "a.toml") -> Path:
    """Write one file of a catalogue; gives the folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, text: str, message: str) -> None:
    """The catalogue with this file is refused with the message, which names the file."""
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(write(folder, text))

    assert message in str(caught.value)
    assert str(folder) in str(caught.value)
