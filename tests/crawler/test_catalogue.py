"""The catalogue: every mistake in an entry is told by file, entry, key, value and remedy; overlays; what is shipped."""

from __future__ import annotations

import re
import runpy
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from archive.store.divisions import place
from archive.urls import fetch_url, owner, url_key
from crawler.catalogue import ENTRY_KEYS, SHIPPED, CatalogueError, adhoc_site, entry_files, load_catalogue, pick
from crawler.families import FAMILIES
from crawler.families.links import OPTIONS as LINKS_OPTIONS
from crawler.lists import Site

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "add-a-bureau.md"
SHIPPED_BY_KEY = load_catalogue(SHIPPED)
SHIPPED_SITES = tuple(SHIPPED_BY_KEY.values())
YEAR_NOT_KNOWN = "Year of the evidence not known."

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


def test_an_entry_may_say_what_its_site_allows_and_where_it_says_so(tmp_path: Path) -> None:
    said = 'terms = "转载须注明出处。"\nterms_url = "https://mzj.shuixi.example/sm/"'
    source = load_catalogue(write(tmp_path, minimal(said)))["shuixi"].source

    assert ("转载须注明出处。", "https://mzj.shuixi.example/sm/") == (source.terms, source.terms_url)


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
        ('family = "trss"', f"family is 'trss' (did you mean 'trs'?); allowed: {', '.join(sorted(FAMILIES))}"),
        ('kind = "newspaper"', "kind is 'newspaper'; allowed: bureau, portal"),
        ('division = "50"', "division is '50': it must be six digits in quotes (GB/T 2260)"),
        ("division = 500000", "division is 500000: it must be a text in quotes"),
        ("delay = -1", "delay is -1: it must be a number of seconds from 0"),
        ('delay = "slow"', "delay is 'slow': it must be a number of seconds"),
        ('seen = "last year"', "seen is 'last year': it must be a year, month or day in quotes"),
        ("seen = 2025-04-01", "it must be a text in quotes"),
        ('unverified = "yes"', "unverified is 'yes': it must be true or false"),
        ('terms = ""', "terms is '': it must be a text in quotes"),
        ('terms_url = "/sm/"', "terms_url is '/sm/': it must be an address"),
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


def test_the_shipped_catalogue_holds_what_is_known() -> None:
    """64 bureaus and 12 portals are known, one and two of them without an address."""
    kinds = Counter(site.source.kind for site in SHIPPED_SITES)

    assert {"bureau": 63, "portal": 10} == kinds


def test_every_bureau_but_the_ministry_has_a_division() -> None:
    assert ["mca"] == [s.source.key for s in SHIPPED_SITES if s.source.kind == "bureau" and not s.source.division]


def test_a_file_holds_one_province_led_by_its_own_bureau() -> None:
    """Keys below the province begin with the two letters of the province, the same in all files."""
    letters: dict[str, set[str]] = defaultdict(set)
    for key, file in entry_files(SHIPPED).items():
        division = SHIPPED_BY_KEY[key].source.division or "national"
        own = key == file.stem or file.stem in ("national", "portals")
        assert own or SHIPPED_BY_KEY[file.stem].source.division == f"{division[:2]}0000"
        if "-" in key and division != "national":
            letters[division[:2]].add(key.partition("-")[0])

    assert {1} == {len(found) for found in letters.values()}
    assert len(letters) == len(set.union(*letters.values()))


@pytest.mark.parametrize("site", SHIPPED_SITES, ids=lambda site: site.source.key)
def test_a_shipped_entry_is_whole(site: Site) -> None:
    assert site.source.note
    assert site.source.seen or YEAR_NOT_KNOWN in site.source.note
    assert site.source.division is None or place(site.source.division)[0]
    addresses = dict.fromkeys(site.source.addresses, site.source.key)
    for channel in site.channels:
        assert channel.url == fetch_url(channel.url)
        assert site.source.key == owner(url_key(channel.url), addresses)
        assert channel.family in FAMILIES


@pytest.mark.parametrize("site", SHIPPED_SITES, ids=lambda site: site.source.key)
def test_a_verified_entry_has_channels_and_nothing_older_than_2021(site: Site) -> None:
    assert site.unverified or (site.channels and (site.source.seen or "2021") >= "2021")


def test_a_shipped_address_has_one_owner() -> None:
    owners = Counter(prefix for site in SHIPPED_SITES for prefix in site.source.addresses)

    assert [] == [prefix for prefix, sources in owners.items() if sources > 1]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.jxmzw.gov.cn/system/2019/05/05/010203040.shtml", "jiangxi"),
        ("www.henanmz.gov.cn/xxgk/xxgkml/gggs/index.html", "henan"),
        ("http://www.xjmca.gov.cn/zcfg/index.jhtml?path=zcfg", "xinjiang"),
        ("http://mz.hangzhou.gov.cn/module/xxgk/search.jsp", "zj-hangzhou"),
        ("http://minzheng.hebei.gov.cn:8086/wz/zcfgku.jsp?pn=1", "hebei"),
        ("http://xxgk.mca.gov.cn:8011/gdnps/content.jsp?id=1", "mca"),
        ("http://mzj.cq.gov.cn/cqmz/html/zcxwj/index.html", "chongqing"),
        ("https://www.gongqing.gov.cn/mzj/fdzdgknr_187053/", "jx-gongqingcheng"),
        ("https://www.gongqing.gov.cn/jyj/", None),
        ("https://www.cqcs.gov.cn/bm/qmzj_75252/a.html", "cq-changshou"),
        ("http://xxgk.jl.gov.cn/zcbm/fgw_97981/xxgkmlqy/", "jl-xxgk"),
        ("https://www.gov.cn/zhengce/content_1.htm", "gov-cn"),
        ("https://mzj.shuixi.gov.cn/", None),
    ],
)
def test_an_address_finds_its_bureau_though_the_host_is_retired(url: str, key: str | None) -> None:
    addresses = {prefix: site.source.key for site in SHIPPED_SITES for prefix in site.source.addresses}

    assert key == owner(url_key(url), addresses)


def test_the_table_of_sources_is_that_of_the_catalogue() -> None:
    expected = runpy.run_path(str(ROOT / "tools" / "make_sources.py"))["render"]()

    assert expected == (ROOT / "docs" / "sources.md").read_text(encoding="utf-8"), (
        "docs/sources.md is stale; run: python tools/make_sources.py"
    )


def test_who_has_no_address_is_told_and_has_no_entry() -> None:
    """Together with the entries these are all 64 bureaus and 12 portals that are known."""
    told = runpy.run_path(str(ROOT / "tools" / "make_sources.py"))["WITHOUT_ADDRESS"]

    assert {"bureau": 1, "portal": 2} == Counter(kind for _, kind, _ in told)
    assert set() == {agency for agency, *_ in told} & {site.source.agency for site in SHIPPED_SITES}


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
