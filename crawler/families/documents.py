"""The list of a page in families whose documents have addresses of a known form."""

from __future__ import annotations

import re

from archive.page import Unreadable
from archive.records import Entry, Page
from crawler.families.anchors import find_anchors
from crawler.families.rows import Block, fill_gaps, find_blocks


def list_documents(page: Page, form: re.Pattern[str], *, like: str) -> tuple[Entry, ...]:
    """The entries of the block whose rows are dated or have addresses of this form, in the page's order.

    `like` names the family and shows one such address, for the message.

    Raises: Unreadable if the page has no such block.
    """
    anchors = find_anchors(page)
    blocks = sorted(find_blocks(anchors), key=lambda block: _weigh(block, form), reverse=True)
    if not blocks or _weigh(blocks[0], form) == 0:
        family, _, address = like.partition(" ")
        raise Unreadable(
            f"{page.url}: no {family} list: looked for repeated dated links or addresses like {address}"
            f" among {len(anchors)} links"
        )
    return tuple(row.entry() for row in fill_gaps(blocks[0], anchors).rows)


def _weigh(block: Block, form: re.Pattern[str]) -> float:
    """The block's weight; none where few rows have the form and most have no date."""
    documents = sum(form.search(row.anchor.url) is not None for row in block.rows) / len(block.rows)
    if documents < 0.3 and block.dated < 0.5:
        return 0
    return block.weight * (0.5 + documents)
