"""Any site: the list of a page told from the page alone.

The list is the weightiest block of links that repeat in one shape: with dates, long titles and addresses of
documents (crawler/families/rows.py). A page with a pager is one list; a page without one may print the same list
in several boxes (the front page of a site), and all of them are read.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive.outcome import judge
from archive.page import Unreadable
from archive.records import Channel, Page
from crawler.families.anchors import find_anchors, has_no_links
from crawler.families.calls import find_next_call
from crawler.families.options import unknown_options
from crawler.families.pager import (
    ask_page,
    find_next_link,
    read_script_pager,
    read_script_variables,
    stated_entries,
    stated_pages,
    turn_script_page,
)
from crawler.families.rows import Block, Row, fill_gaps, find_blocks, same_list_elsewhere
from crawler.lists import Ask, Listing


def first(channel: Channel) -> tuple[Ask, ...]:
    """The channel's own address."""
    return (Ask(url=channel.url, kind="list", channel=channel),)


def check(options: Mapping[str, str]) -> tuple[str, ...]:
    """No options: what `auto` cannot tell from the page is said with the family `links`."""
    return unknown_options(options, (), family="auto")


def read(page: Page, channel: Channel) -> Listing:
    """Read the entries and the next page of a list page of any site.

    The order is the page's; pinned entries stay where they are printed.

    Raises: Unreadable if the page has no list of documents, or is an article with links around it.
    """
    anchors = find_anchors(page)
    if not anchors:
        raise has_no_links(page)
    blocks = find_blocks(anchors)
    if not blocks:
        raise Unreadable(f"{page.url}: no list: none of its {len(anchors)} links repeat with dates or long titles")
    if judge(200, (), page.url, page, page.size).kind == "article":
        raise Unreadable(f"{page.url}: no list: the page is an article with {len(anchors)} links around it")
    script = read_script_pager(page) or read_script_variables(page)
    turn = turn_script_page(page, script) if script else find_next_link(page) or find_next_call(page)
    main = fill_gaps(blocks[0], anchors)
    pages = script.pages if script else stated_pages(page)
    rows = main.rows if turn or pages else _all_boxes(main, blocks)
    return Listing(
        entries=tuple(row.entry() for row in rows),
        asks=ask_page(turn, channel),
        total=stated_entries(page),
        pages=pages,
    )


def _all_boxes(main: Block, blocks: list[Block]) -> tuple[Row, ...]:
    others = [block for block in blocks if block.shape != main.shape]
    return same_list_elsewhere(main, [main, *others])
