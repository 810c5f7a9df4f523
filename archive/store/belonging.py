"""What belongs to a notice: of every table the rows that go along with it, and what names a notice that is left out.

A statement of `GATHERED` is asked of the archive when `chosen_notices` and `left_notices` are there, temporary tables
of ids; each makes one more, whose single column the conditions of `KEPT` look into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

KEPT: Final[Mapping[str, str]] = {
    # what describes the archive, whatever is chosen
    "_sqlite_migrations": "true",
    "archive_state": "true",
    "channels": "true",
    "coverage": "true",
    "crawls": "true",
    "divisions": "true",
    "source_moves": "true",
    "sources": "true",
    "stamped_hosts": "true",
    "walks": "true",
    "warc_files": "true",
    # notices; what is cited, and one end of a relation, may be of none that is chosen
    "notices": "id in chosen_notices",
    "aliases": "notice in chosen_notices and (kind <> 'url' or alias in chosen_copies)",
    "masks": "notice in chosen_notices",
    "names": "notice in chosen_notices",
    "threads": "notice in chosen_notices and (kind = 'series' or key not in left_title_keys)",
    "citations": """notice in chosen_notices and coalesce(cited_notice, '') not in left_notices
        and (cited_notice is not null
          or (coalesce(title_key, '') not in left_title_keys and coalesce(number_key, '') not in left_number_keys))""",
    "relations": "(a in chosen_notices or b in chosen_notices) and a not in left_notices and b not in left_notices",
    # copies
    "copies": "url_key in chosen_copies",
    "attachments": "copy in chosen_copies and url_key not in left_keys",
    "claims": "copy in chosen_copies and claimed_key not in left_keys",
    "fidelities": "copy in chosen_copies",
    "likenesses": "copy in chosen_copies and other in chosen_copies",
    "matches": "copy in chosen_copies",
    "match_history": """copy in chosen_copies
        and coalesce("from", '') not in left_notices and coalesce("to", '') not in left_notices""",
    "parts": "copy in chosen_copies and url_key not in left_keys",
    "rechecks": "copy in chosen_copies",
    "reviews": "copy in chosen_copies and other in chosen_copies",
    "revisions": "copy in chosen_copies",
    # what was seen at their addresses; with every notice, at those that are of none, too
    "captures": """(url_key in chosen_keys or url_key in loose_keys or record_id in repeated)
        and coalesce(location_key, '') not in left_keys""",
    "entries": "url_key in chosen_keys or url_key in loose_keys and coalesce(title, '') not in left_titles",
    "files": "payload_digest in chosen_files",
    "file_versions": "url_key in chosen_keys or url_key in loose_keys",
    # what people were asked and what they said: about these addresses, and about the archive itself
    "issues": "coalesce(subject_key(kind, subject), '') in subjects",
    "raisings": "coalesce(subject_key, '') in subjects",
    "decisions": """what <> 'takedown'
        and (urls = '[]' or exists (select 1 from json_each(urls) where url_key(value) in subjects))
        and not exists (select 1 from json_each(urls) where url_key(value) in left_keys)""",
    # work that waits, and pieces of texts to be compared: nobody goes on with them in a copy
    "dirty": "false",
    "postings": "false",
    # told anew from the rows above
    "facets": "false",
}
"""The rows of each table that go along, as a condition."""
OF_A_RELEASE: Final[Mapping[str, str]] = {
    "changes": "true",
    "successors": "true",
    "family_links": "notice in chosen_notices",
    "sample": "notice in chosen_notices",
    "splits": "notice in chosen_notices",
}
"""The same of tables that only the draft of a release has."""

GATHERED: Final[Mapping[str, str]] = {
    "left_copies (url_key)": "select url_key from copies where notice in left_notices",
    "chosen_copies (url_key)": """
        select url_key from copies where notice in chosen_notices and (:min_confidence is null
          or exists (select 1 from matches where copy = url_key and confidence >= :min_confidence))""",
    "chosen_keys (url_key)": """
        with recursive led (url_key) as (
          select url_key from attachments where copy in chosen_copies and url_key > ''
          union select location_key from captures join led using (url_key)
            where outcome = 'moved' and location_key > ''
        ), addresses (url_key) as (
          select url_key from chosen_copies
          union select alias from aliases where kind <> 'id' and notice in chosen_notices
          union select url_key from parts where copy in chosen_copies
          union select url_key from led where not exists (
            select 1 from captures where captures.url_key = led.url_key and kind in ('home', 'list'))
        )
        select url_key from addresses
        where url_key in chosen_copies or not exists (select 1 from copies where copies.url_key = addresses.url_key)""",
    # no secret is an address that a chosen notice has, too, nor a list or home page that a copy names as its original
    "left_keys (url_key)": """
        with recursive led (url_key) as (
          select url_key from attachments where copy in left_copies and url_key > ''
          union select location_key from captures join led using (url_key)
            where outcome = 'moved' and location_key > ''
        ), addresses (url_key) as (
          select url_key from left_copies
          union select alias from aliases where kind <> 'id' and notice in left_notices
          union select url_key from parts where copy in left_copies
          union select url_key from led
          union select claimed_key from claims where copy in left_copies
        ), all_addresses (url_key) as (
          select url_key from addresses union select url_key from captures where location_key in addresses
        )
        select url_key from all_addresses where url_key not in chosen_keys
          and url_key not in (select url_key from channels) and url_key not in (select url_key(home) from sources)
          and not exists (select 1 from captures
            where captures.url_key = all_addresses.url_key and kind in ('list', 'home'))""",
    "left_titles (title)": """
        select title from notices where id in left_notices and title > ''
        union select title from revisions where copy in left_copies and title > ''
        union select title from entries where url_key in left_keys and title > ''""",
    "left_title_keys (key)": "select distinct key from names where notice in left_notices and kind <> 'number'",
    "left_number_keys (key)": "select distinct key from names where notice in left_notices and kind = 'number'",
    "loose_keys (url_key)": """
        with addresses (url_key) as (
          select url_key from captures union select url_key from entries union select url_key from file_versions
        )
        select url_key from addresses where :whole and url_key not in left_keys and url_key not in chosen_keys""",
    # where an answer of another address has in full what one of these repeats, as programs of others write it
    "repeated (record_id)": """
        with missed (payload_digest) as (
          select payload_digest from captures as mine
          where revisit = 1 and url_key in chosen_keys and not exists (
            select 1 from captures as own where own.payload_digest = mine.payload_digest and own.revisit = 0
              and own.url_key = mine.url_key)
        ), held (record_id, fetched_at) as (
          select record_id, min(fetched_at) from captures join missed using (payload_digest)
          where revisit = 0 and url_key not in left_keys group by payload_digest
        )
        select record_id from held""",
    "chosen_files (payload_digest)": """
        select payload_digest from attachments where copy in chosen_copies and payload_digest > ''
        union select payload_digest from file_versions where url_key in chosen_keys or url_key in loose_keys""",
    "subjects (url_key)": """
        with addresses (url_key) as (
          select '' union select url_key from channels union select url_key from chosen_keys
          union select subject_key from raisings where :whole and subject_key > ''
          union select url_key(value) from decisions, json_each(urls) where :whole and url_key(value) > ''
        )
        select url_key from addresses where url_key not in left_keys""",
}
"""What the conditions ask, each made of those before it: of the chosen notices and of those that are left out the
copies, addresses and names. Loose are the addresses of no notice, which come along with every notice."""

IDS: Final = "select id from left_notices"
"""The ids that are covered where another row names them."""
SPELLINGS: Final = """
    select url_key from left_keys
    union select url from copies where url_key in left_keys
    union select url from parts where url_key in left_keys
    union select url from attachments where url_key in left_keys
    union select url from entries where url_key in left_keys
    union select url from captures where url_key in left_keys
    union select raw_url from captures where url_key in left_keys and raw_url > ''
"""
"""The addresses that are covered, however they are spelled."""
TITLES: Final = """
    select title from left_titles
    where not exists (select 1 from copies where copies.title = left_titles.title and url_key in chosen_copies)
"""
"""The titles that are covered where they are quoted: those that no chosen notice has."""

AS_PRINTED: Final[Mapping[str, tuple[str, ...]]] = {
    "attachments": ("text",),
    "citations": ("raw", "sentence"),
    "files": ("text",),
    "notices": ("text", "attachments_text"),
    "revisions": ("text",),
}
"""Columns that say what a page or a file prints, word for word."""
SAYINGS: Final = frozenset({"crawls", "decisions", "issues", "raisings", "reviews", "source_moves", "sources", "walks"})
"""Tables that say in words of people or of ours what became of notices."""
