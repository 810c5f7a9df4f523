"""The records that cross rooms: what was fetched, what a page says, what the archive holds.

All are frozen, slotted and keyword-only. Names ending in `_on` are days in Asia/Shanghai, `_at` aware UTC
instants, `_raw` text as printed; `url` is the fetch form, `url_key` the one spelling we identify by.
A value that a page does not give is None, an empty tuple or an empty mapping, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, get_args

from lxml.html import HtmlElement

Headers = tuple[tuple[str, str], ...]
"""HTTP header lines in the order received; names as sent, values decoded as Latin-1 (so that bytes round-trip)."""

SourceKind = Literal["bureau", "portal", "unknown"]
Role = Literal["original", "repost", "mirror", "unknown"]
CopyState = Literal["live", "missing", "gone", "moved", "blocked"]
Kind = Literal["article", "list", "home", "file", "other"]
Outcome = Literal[
    "ok",
    "not_modified",
    "moved",
    "gone",
    "soft_404",
    "stub",
    "blocked",
    "challenge",
    "geo",
    "unreachable",
    "tls",
    "robots",
    "refused",
    "too_large",
    "wrong_type",
]
Transport = Literal["http", "tls", "legacy_tls"]
"""How an exchange crossed the wire; `legacy_tls` is TLS with the old ciphers and renegotiation of some servers."""
WalkEnd = Literal["end", "edge", "unchanged", "cut", "failed"]
"""How the walk of a channel ended.

`end`: its last list page was read. `edge`: it came to what an earlier whole walk had shown. `unchanged`: the server
said that the first list page is as it was. After these three the channel is known without a gap. `cut`: it stopped
short by order (`--limit`, `--since`, `--max-time`, a budget). `failed`: a list page did not come, or its host stopped.
"""
CitationKind = Literal["mentions", "repeals", "revises", "forwards", "explains"]
"""What a document does with the one it names; `mentions` where no phrase says more."""
FileMode = Literal["all", "names", "none"]
"""Of files that a source's notices link: `all` are fetched, only their `names` and addresses are kept, or `none`."""
WantKind = Literal["original", "attachment", "part", "recheck", "probe"]
Ruled = Literal["merge", "split", "takedown", "ack", "pause"]
CrawlKind = Literal["crawl", "demo", "ingest", "survey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who publishes: a bureau that issues, or a portal that mostly reposts."""

    key: str
    agency: str
    kind: SourceKind
    home: str
    division: str | None = None
    """Six digits, GB/T 2260."""
    addresses: tuple[str, ...] = ()
    """Prefixes of url keys that belong to this source, retired hosts included: `mzj.cq.gov.cn/`."""
    family: str = "auto"
    seen: str | None = None
    note: str | None = None
    attachments: FileMode = "all"
    """Which files that its notices link are fetched."""
    terms: str | None = None
    """What its publisher says of using what stands there, in a sentence; None where nobody wrote that down."""
    terms_url: str | None = None
    """Where the publisher says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One list (栏目) on a source, with the family that reads it and the family's options."""

    source: str
    name: str
    url: str
    family: str
    options: Mapping[str, str] = field(default_factory=dict)
    every: int = 86_400
    """Seconds after which a scheduled crawl walks it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a list page, as printed there."""

    url: str
    title: str | None = None
    date_raw: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """What an API gave beside the link, by our field names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP round trip: the body as sent (content-coded, de-chunked), headers as Scrapy received them."""

    url: str
    method: str
    request_headers: Headers
    request_body: bytes
    status: int
    reason: str
    headers: Headers
    body: bytes
    fetched_at: datetime
    address: str | None = None
    """IP address of the server, where the transport told it."""
    raw_url: str | None = None
    """The address as it was found, before cleaning."""
    transport: Transport | None = None
    """None where nobody noted it, as in files made elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record is kept: file name under `warc/` without `.open`, offset of its gzip member, and its end."""

    warc_file: str
    offset: int
    end: int
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One stored or failed exchange of one URL at one time, and where its record is kept."""

    url: str
    url_key: str
    raw_url: str | None
    fetched_at: datetime
    status: int | None
    outcome: Outcome
    kind: Kind | None
    content_type: str | None
    charset: str | None
    payload_digest: str | None
    """`sha256:` and hex digits of the body as sent; None for a failure."""
    location: str | None
    """Where a redirect points to, absolute."""
    crawl: str
    place: Place
    detail: str | None = None
    transport: Transport | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A decoded HTML page, parsed once. `tree` is shared: readers copy it before they prune."""

    url: str
    html: str
    charset: str
    size: int
    """Bytes of the decoded (no longer content-coded) body."""
    tree: HtmlElement = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An attachment as a page links it."""

    name: str
    """As the link names it."""
    url: str
    """In fetch form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """What a file says, told from its bytes alone. There is a text, or a reason why there is none, or both."""

    media_type: str
    """By its content, whatever the server called it."""
    read_as: str | None = None
    """The reader that gave the text: `pdf`, `docx`, `xlsx`, `xls`, `text`, `zip`; None where nothing could be read."""
    text: str | None = None
    """A line a paragraph or a row of a table; of an archive the names of its members."""
    unread: str | None = None
    """Why there is no text, or why this is not all of it, for a person: `head: more`."""
    pages: int | None = None
    """Pages of a PDF, sheets of a workbook."""
    members: tuple[str, ...] = ()
    """Names of the files in an archive, in its order; at most as many as are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A table within a text: the lines of `Reading.text` that show it, and its sanitised HTML for display."""

    first: int
    """Number of its first line in the text, counted from 0."""
    last: int
    """Number of the line behind its last one."""
    html: str
    """Its rows and cells alone, spans kept, without scripts, styles, links or pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One mention of another document in a text. At least one of number and title is there."""

    kind: CitationKind
    """What this document does with that one."""
    document_number: str | None
    """In its one spelling: `民发〔2024〕5号`."""
    title: str | None
    """Without its 《》."""
    raw: str
    """The mention as printed."""
    sentence: str
    """The sentence that holds it: what shows its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What another witness says of a field, where it disagrees with the value that was taken."""

    field: str
    """Name of the field."""
    value: str
    """As the field itself would print it: a day as ISO, a number normalised."""
    evidence: str
    """Where that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one page says, each field with where it was read: `meta:PubDate`, `table:发文字号`, `byline`, `body`.

    A field with a `_raw` twin may be completed or normalised; the twin is the text it was read from, as printed.
    """

    url: str
    """The address it was read at, in fetch form; empty where nobody knows it."""
    title: str | None = None
    """Of the document, without the names of site and column."""
    published_on: date | None = None
    """The day that the page shows as its publication, in Asia/Shanghai."""
    published_at: datetime | None = None
    """The instant, where a time of day is given with that day."""
    published_raw: str | None = None
    written_on: date | None = None
    """The day on which the document was signed."""
    written_raw: str | None = None
    effective_on: date | None = None
    """The day from which it applies."""
    effective_raw: str | None = None
    document_number: str | None = None
    """The document's own number in its one spelling: `民发〔2024〕5号`; never one that it cites."""
    document_number_raw: str | None = None
    document_type: str | None = None
    """What sort of document it is, by its title: 通知, 公告, 办法 …"""
    index_number: str | None = None
    """Its id in the site's disclosure catalogue, as printed."""
    issuing_agency: str | None = None
    """Who issued it: the first of `issuing_agencies`."""
    issuing_agencies: tuple[str, ...] = ()
    """All who issued it, in the order of the document; several for a joint issuance."""
    issuing_agency_raw: str | None = None
    attribution: str | None = None
    """What the page says it was taken from (来源), without that label; 本网 is the name of the site."""
    attribution_raw: str | None = None
    author: str | None = None
    """A person, or who else signed the text; 佚名, admin and the like are none."""
    author_raw: str | None = None
    site_name: str | None = None
    """The site's name for itself."""
    channel_name: str | None = None
    """The site's name for the column that holds the page."""
    validity: str | None = None
    """Whether it is in force: 有效, 失效, 废止 or 已修改; the site's words where they say none of these."""
    validity_raw: str | None = None
    subject_category: str | None = None
    """The site's own class for it."""
    claimed_original: str | None = None
    """The address the page names as its original, in fetch form."""
    text: str = ""
    """Paragraphs joined by one newline, without indents."""
    tables: tuple[TextTable, ...] = ()
    """In the order of the text; they do not overlap."""
    citations: tuple[Citation, ...] = ()
    """Other documents that the text names, in its order, each number or title once a kind."""
    attachments: tuple[Link, ...] = ()
    """Files that the page links as its own, in its order, each address once."""
    parts: tuple[str, ...] = ()
    """Addresses of the further pages of a text that the site splits, in order, in fetch form."""
    part_of: str | None = None
    """The first page of the split text that this page is a further part of; such a page is no copy of its own."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Field name → where its value was read."""
    conflicts: tuple[Conflict, ...] = ()
    """What other witnesses say otherwise; the value taken and these are all that is known."""
    doubts: tuple[str, ...] = ()
    """What a person should look at: conflicts, fallbacks that cost something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One URL that carries a notice, as its latest article capture reads."""

    url: str
    url_key: str
    source: str | None
    source_kind: SourceKind
    reading: Reading
    claimed_key: str | None
    claimed_keys: tuple[str, ...]
    """Every address that a capture of it ever named as its original, sorted."""
    text_digest: str
    text_length: int
    """Characters of the normalised text."""
    first_seen_at: datetime
    last_seen_at: datetime


EditKind = Literal["added", "removed", "changed", "moved"]
EditClass = Literal[
    "amount", "deadline", "eligibility", "names", "validity", "attachment", "contact",
    "title", "text", "date", "details", "order", "cosmetic",
]  # fmt: skip
"""What an edit is about, what matters most to a citizen first.

Sums and shares; until when; who is entitled; people and bodies of a list; whether and from when it is in force; files;
where to ask; the title; other words; the signature and the days that are printed; number, source and kind; only the
order; only marks, blanks, widths, running numbers.
"""


EDIT_CLASSES: tuple[EditClass, ...] = get_args(EditClass)
"""The classes in that order: the place of one, from 1, is the rank of an edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What differs inside a clause that changed; the two are read in place of each other, one may be empty."""

    before: str
    after: str
    edit_class: EditClass
    place: tuple[int, int]
    """Where it begins and ends in the text of before; `new_place` in the text of after."""
    new_place: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One difference between two states: of a clause of the text, of a field, or of a file."""

    kind: EditKind
    field: str
    """Name of the field; `text`, `attachments`."""
    classes: tuple[EditClass, ...]
    """At least one, the one that matters most first."""
    before: str
    """As printed; a file by its name, with its address or digest where its name stayed."""
    after: str
    stretches: tuple[Stretch, ...] = ()
    """Of a clause or title that changed, in order."""
    place: tuple[int, int] | None = None
    """Of an edit of the text: where it begins and ends in that of before, a line break at its end counted."""
    new_place: tuple[int, int] | None = None
    """The same in the text of after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a copy between two changes; `number` starts at 1."""

    copy: str
    number: int
    seen_from: datetime
    seen_to: datetime
    changed: tuple[str, ...]
    reading: Reading
    text_digest: str
    state_digest: str
    payloads: tuple[str, ...]
    """Digests of the payloads that showed it last: the page's, then those of its further parts."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Address → digest of each file that it links and that changed at some time."""
    classes: tuple[EditClass, ...] = ()
    """Of what its edits are, the class that matters most first; empty for the first state."""
    headline: str = ""
    """The edit that matters most, in few words: `300元 → 320元`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Why a copy belongs to a notice. `copy` is a url key; `notice` a notice id."""

    copy: str
    notice: str
    rule: str
    match_class: str
    confidence: float
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A URL the archive asks for, and for whose sake (a url key)."""

    url: str
    url_key: str
    kind: WantKind
    because: str
    source: str | None = None
    """Of an attachment: key of the source whose copy it is wanted for."""
    since: datetime | None = None
    """Of an attachment: when that copy was first seen."""
    etag: str | None = None
    """Of what is held of an attachment that may have changed; `last_modified` likewise."""
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A copy as a crawl needs it to decide when to look again; both instants are those of exchanges about this URL."""

    url: str
    url_key: str
    source: str | None
    state: CopyState
    first_seen_at: datetime
    checked_at: datetime
    """When a server last answered for it: the page, `not_modified`, or that it is gone."""
    asked_at: datetime | None = None
    """When it was last asked for, whatever came of it; later than `checked_at` where nothing did. None if unknown."""
    etag: str | None = None
    """Of its last whole capture, to be sent as If-None-Match; `last_modified` likewise as If-Modified-Since."""
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One run. `vantage` names from where, as `minzheng.toml` says."""

    id: str
    kind: CrawlKind
    started_at: datetime
    vantage: str
    agent: str
    resumes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How every request of a crawl ended: asked = stored + failed + refused."""

    asked: int = 0
    stored: int = 0
    failed: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlEnd:
    """How a crawl ended. A crawl without one is `interrupted`."""

    ended_at: datetime
    reason: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry that a list page showed: `channel` is the url of the channel, `list_url` the page that had it."""

    entry: Entry
    source: str
    channel: str
    list_url: str
    listed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstListed:
    """When a page was seen in a list first."""

    channel: str
    """Address of the list."""
    name: str | None
    """Its name, where the catalogue has it."""
    listed_on: date | None
    """The day that the list printed beside it."""
    date_raw: str | None
    listed_at: datetime
    walked_at: datetime | None
    """When the last walk began that came to the end of that list before, and did not meet the page."""
    oldest_on: date | None
    """The oldest day that the list had shown by the end of that walk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A request that has no exchange: DNS, time-out, robots, guard, too large. `refused` ones were never sent."""

    url: str
    raw_url: str | None
    fetched_at: datetime
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something a person should look at. Its id is a digest of kind and subject, so it stays the same."""

    kind: str
    subject: str
    """The URL, channel or file it is about."""
    detail: str
    raised_at: datetime
    source: str | None = None
    channel: str | None = None
    """Url of the channel whose walk raised it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How the walk of one channel went in one crawl, noted when the crawl ends."""

    source: str
    channel: str
    """Its url."""
    started_at: datetime
    ended_at: datetime
    how: WalkEnd
    pages: int = 0
    """List pages read; 0 for `unchanged`."""
    entries: int = 0
    """Entries that these pages showed, each once."""
    new: int = 0
    """Entries asked for the first time."""
    total: int | None = None
    """Entries the list states that it has (共N条)."""
    total_pages: int | None = None
    """List pages it states that it has."""
    detail: str | None = None
    """Why it was cut or failed."""


LikenessClass = Literal["full", "embedded", "part", "excerpt", "weak"]
"""How much of another page's text a page prints: all, all within more, a piece, pieces among others, little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What laying a page beside another, as the notice it may print, came to."""

    other: str
    """url key of the other."""
    match_class: LikenessClass
    covers: float
    """Share of the other that the page has."""
    covered: float
    """Share of the page that is the other's."""
    title: float
    """How far their titles agree, from 0 to 1."""
    agency: bool
    """Whether the page names the other's agency."""
    numbered: bool = True
    """Whether what they have in common holds a number: most of what tells one notice of a series from another."""
    veto: str | None = None
    """Why they are two notices, however much they have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstState:
    """What a copy showed when it was first seen."""

    title: str | None
    published_on: date | None
    text: str
    text_digest: str
    text_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What tracing needs to know of a copy. `claimed_key` is followed through the redirects we captured."""

    url: str
    url_key: str
    kind: SourceKind
    title: str | None
    published_on: date | None
    """None, too, where its site dates every page with the day on which it is fetched."""
    claimed_url: str | None
    claimed_key: str | None
    claim_evidence: str | None
    claim_kind: Kind | None
    """What the named address is, where we captured it as something else than an article: a list, a file."""
    text: str
    text_digest: str
    text_length: int
    attribution: str | None = None
    agency: str | None = None
    """Who issued it, as it says."""
    document_number: str | None = None
    like: tuple[Likeness, ...] = ()
    """Pages that it may print, best first, without those a veto parts it from."""
    parted: frozenset[str] = frozenset()
    """url keys of those."""
    source: str | None = None
    cms_id: str | None = None
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    first_crawl: str = ""
    """The crawl that saw it first, or the one that this resumed; `last_crawl` the one that saw it last."""
    last_crawl: str = ""
    files: frozenset[str] = frozenset()
    """Names of the files that it links, of a text too short to be compared."""
    first: FirstState | None = None
    """What it showed when it was first seen; None for one that never changed."""
    moved_to: str | None = None
    """url key of the copy that its address leads to, where it shows the page itself no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A person's word: these url keys are one notice (`merge`), or the first is none of the others (`split`)."""

    what: Literal["merge", "split"]
    urls: Mapping[str, str]
    """url key → address as the person gave it, in that order."""
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One notice: its id, its original (captured, only named, or unknown) and its copies in canonical order."""

    id: str
    original_key: str | None
    original_url: str | None
    original_captured: bool
    best_copy: str
    roles: Mapping[str, Role]
    """url key of each copy → its role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A copy that stands alone and may belong to another's notice: a person should look. Both are url keys."""

    copy: str
    other: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What settling decided: notices by id, one match a copy, and doubts by the url key they are about."""

    plans: tuple[Plan, ...]
    matches: tuple[Match, ...]
    doubts: Mapping[str, str]
    reviews: tuple[Review, ...] = ()


RelationKind = Literal["sibling", "forwards", "revises", "digest_of", "explains", "republishes", "repeals"]
"""How a notice stands to another: of one series or template; a letter around it; a later edition; one of several that
it prints; a piece about it; the same text under a lower bureau's name; its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Two notices that belong together but are not one, by their ids: what `a` does with `b`, and why in words."""

    a: str
    b: str
    kind: RelationKind
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A notice as its relations are told."""

    id: str
    title: str
    text: str
    day: str
    """When it was published, else written, as an ISO day; empty where neither is known."""
    bureau: str | None = None
    """Key of the source whose own page of it was captured, if that is a bureau."""
    level: int = 0
    """Of that bureau: 1 of a province, 2 of a prefecture, 3 of a county; 0 of none of these."""

    @property
    def order(self) -> tuple[str, str]:
        """Sorts notices by their days."""
        return self.day, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What another notice has in common with one, by the copies of both that have most."""

    party: Party
    of_other: float
    """Share of the other's text that the one has."""
    of_own: float
    """Share of the one's text that the other has."""
    match_class: LikenessClass
    veto: str | None
    """Why they are two; where it tells what differs, the other's side stands first."""


Retitling = Literal["framed", "shortened", "extended", "changed"]
"""How a copy's title differs: in what stands around it, by what it leaves out, by what it adds, in its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place where a copy says something else than its notice, each side as it is printed; one may be empty."""

    before: str
    """What the notice says."""
    after: str
    """What the copy says."""
    lead: str
    """A few words of the notice before it."""
    tail: str
    """A few words of the notice behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """What a copy did to its notice, told from its latest state. `copy` and `against` are url keys."""

    copy: str
    against: str
    """The notice's best copy: its original, where that was captured."""
    revision: int | None
    """Number of the revision of it that the copy comes nearest to, if it was edited after that; None for the latest."""
    share: float
    """Share of the notice's text that the copy has, word for word or changed; furniture of pages does not count."""
    is_complete: bool
    """Nothing worth a word of the notice's text is left out."""
    retitling: Retitling | None
    titles: tuple[str, str] | None
    """The notice's title and the copy's, where they differ."""
    days_later: int | None
    """Days by which the copy's date is later; negative where it is earlier, None where one has no date."""
    numbers: tuple[Change, ...]
    """Numbers that were changed, the first ones; `numbers_changed` counts them all."""
    numbers_changed: int
    wording: tuple[Change, ...]
    """Other wording that was changed, the first places; `wording_changed` counts them all."""
    wording_changed: int
    moved: int
    """Sentences of the notice that the copy has at another place."""
    dropped: tuple[str, ...]
    """Names of the notice's files that the copy does not link."""
    added: float
    """Share of the copy's text that the notice does not have; furniture of pages does not count."""
    added_words: str
    """Its first words, as printed; empty where nothing was added."""
    is_partial: bool
    """Only the beginning of very long texts was compared."""


Note = Crawl | Source | Channel | Listed | Failure | Issue | Walked | CrawlEnd
"""What a WARC `metadata` record of ours can carry: the facts that have no exchange."""


BEFOREHAND: Final = "beforehand"
"""That a copy was parted from a notice which it was not in, so that no id ever stood for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's ruling, one line of `decisions.jsonl`. URLs, never ids, so that it survives a rebuild."""

    at: datetime
    who: str
    what: Ruled
    urls: tuple[str, ...]
    """What it is about: of `merge` and `split` the copies, of `takedown` what is given out no more, of `ack` an issue's
    subject, of `pause` a source's home."""
    why: str
    about: str | None = None
    """Of `ack` the kind of the issue, of `pause` the key of the source, of `split` `BEFOREHAND` or nothing."""
    until: date | None = None
    """The last day on which it holds; None for ever."""
    retired_at: datetime | None = None
    """Of a ruling that takes an earlier one of the same words back: when."""
    taken_from: str | None = None
    """Where it was taken over from, if it was made in another archive."""
