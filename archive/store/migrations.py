"""The schema of `notices.db`, one function a step. Steps are appended, never edited.

Names of tables and columns are a public contract. The search index is made by
`archive.store.search`, which runs after every migration.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from archive.cms_ids import cms_id
from archive.dates import read_day
from archive.store.issues import subject_key
from archive.store.times import day
from archive.urls import url_key

migrations = Migrations("minzheng")


@migrations()
def m001_first_tables(db: Database) -> None:
    """All tables of the design; some stay empty until a later step fills them."""
    for statement in _FIRST_TABLES.split(";\n\n"):
        db.execute(statement)


@migrations()
def m002_claims(db: Database) -> None:
    """Every address that any capture of a copy ever named as its original, so that the ids they gave still resolve."""
    db.execute(
        "create table claims (copy text not null references copies(url_key), claimed_key text not null,"
        " primary key (copy, claimed_key))"
    )
    db.execute("create index claims_claimed_key on claims(claimed_key)")
    db.execute("insert into claims select url_key, claimed_key from copies where claimed_key is not null")


@migrations()
def m003_walks_and_states(db: Database) -> None:
    """How walks went, when a copy was last asked for, further pages of split texts, and the lives of issues.

    Rows of before have no ETag and no transport until they are made anew by `rebuild`: the records have them.
    """
    for statement in _WALKS_AND_STATES.split(";\n\n"):
        db.execute(statement)
    dates = [raw for (raw,) in db.execute("select distinct date_raw from entries where date_raw is not null")]
    db.conn.executemany(
        "update entries set listed_on = ? where date_raw = ?",
        [(day(read_day(raw)), raw) for raw in dates],
    )
    raised = db.execute("select kind, subject, issue from raisings").fetchall()
    db.conn.executemany(
        "update raisings set subject_key = ? where issue = ?",
        [(subject_key(kind, subject), issue) for kind, subject, issue in raised],
    )


@migrations()
def m004_raw_twins(db: Database) -> None:
    """Beside each value its text as printed, how the site files the notice, and what other witnesses say.

    Rows of before have none of them until they are read again: `minzheng rebuild --stale`.
    """
    for name in (
        *("published_raw", "written_raw", "effective_raw", "document_number_raw", "issuing_agency_raw"),
        *("attribution_raw", "author_raw", "validity_raw", "site_name", "channel_name", "subject_category"),
    ):
        db.execute(f"alter table copies add column {name} text")
    db.execute("alter table copies add column conflicts text not null default '[]'")


@migrations()
def m005_files(db: Database) -> None:
    """What the files say that copies link, which they were when, and whether a source's files are fetched at all.

    The files of an older archive are told by the next index run, as far as they were captured.
    """
    for statement in _FILES.split(";\n\n"):
        db.execute(statement)
    rows = db.execute("select distinct url from attachments").fetchall()
    keys = [(url_key(url), url) for (url,) in rows]
    db.conn.executemany("update attachments set url_key = ? where url = ?", keys)
    db.conn.executemany(
        "insert into dirty (step, url_key) values ('file', ?) on conflict do nothing", [(key,) for key, _ in keys]
    )


_FILES = """
create table files (
  payload_digest text primary key,
  sha256 text not null,
  size integer not null,
  media_type text not null,
  read_as text,
  text text,
  unread text,
  pages integer,
  members text not null default '[]',
  reader_version text not null
);

create table file_versions (
  url_key text not null,
  number integer not null,
  payload_digest text not null references files(payload_digest),
  seen_from text not null,
  seen_to text not null,
  primary key (url_key, number)
);

create index file_versions_payload_digest on file_versions(payload_digest);

alter table attachments add column url_key text not null default '';

alter table attachments add column size integer;

create index attachments_url_key on attachments(url_key);

alter table notices add column attachments_text text not null default '';

alter table sources add column attachments text not null default 'all';

alter table revisions add column files text not null default '{}'"""


@migrations()
def m006_citations(db: Database) -> None:
    """What each citation says and shows, and the names under which a notice may be cited.

    The table was never filled before, so it is made anew: a citation goes with its notice. Every copy is settled once
    more, so that notices of before get their names; what they cite is known when they are read again.
    """
    for statement in _CITATIONS.split(";\n\n"):
        db.execute(statement)
    _settle_again(db)


@migrations()
def m007_likenesses(db: Database) -> None:
    """Which copies may print one text, and what comparing them came to. A copy without a mark is yet to be posted."""
    for statement in _LIKENESSES.split(";\n\n"):
        db.execute(statement)


@migrations()
def m008_edits(db: Database) -> None:
    """What was edited between two states: the classes of the edits, the rank of the first, and that edit in words.

    Copies of before that have more than one state are told by the next index run.
    """
    db.execute("alter table revisions add column classes text not null default '[]'")
    db.execute("alter table revisions add column rank integer")
    db.execute("alter table revisions add column headline text")
    db.execute("create index revisions_rank on revisions(rank)")
    db.execute(
        "insert into dirty (step, url_key) select distinct 'read', copy from revisions where number > 1"
        " on conflict do nothing"
    )


@migrations()
def m009_fidelity(db: Database) -> None:
    """What each copy did to its notice. Every copy is settled once more, so that it is told of older ones, too."""
    for statement in _FIDELITY.split(";\n\n"):
        db.execute(statement)
    _settle_again(db)


_FIDELITY = """
create table fidelities (
  copy text primary key references copies(url_key),
  against text not null,
  share real not null,
  complete integer not null,
  retitling text,
  title text,
  copy_title text,
  days_later integer,
  numbers text not null,
  numbers_changed integer not null,
  wording text not null,
  wording_changed integer not null,
  moved integer not null,
  dropped text not null,
  added real not null,
  added_words text not null,
  partial integer not null,
  made_of text not null
)"""


@migrations()
def m009_relations(db: Database) -> None:
    """Where a relation was found, so that what citations say and what texts tell stand beside each other; and which
    notices hang together by their titles. Notices are related when their copies are settled once more."""
    for statement in _RELATIONS.split(";\n\n"):
        db.execute(statement)


_RELATIONS = """
alter table relations rename to relations_before;

create table relations (
  a text not null references notices(id) on update cascade deferrable initially deferred,
  b text not null references notices(id) on update cascade deferrable initially deferred,
  kind text not null,
  why text not null,
  found_in text not null default 'citation',
  primary key (a, b, kind, found_in)
);

insert into relations (a, b, kind, why) select a, b, kind, why from relations_before;

drop table relations_before;

create index relations_b on relations(b);

create table threads (
  notice text not null references notices(id) on update cascade on delete cascade deferrable initially deferred,
  kind text not null,
  key text not null,
  place text not null,
  primary key (notice, kind, key)
);

create index threads_key on threads(kind, key, place, notice)"""


@migrations()
def m011_moved(db: Database) -> None:
    """The CMS's id in the address of a copy or claim, and what a copy showed first: so a page that moved is found.

    Every copy is settled once more.
    """
    for statement in _MOVED.split(";\n\n"):
        db.execute(statement)
    db.execute(
        "update copies set (first_title, first_published_on, first_text_digest) ="
        " (select title, json_extract(fields, '$.published_on'), text_digest from revisions"
        " where copy = url_key and number = 1)"
    )
    for table, column in (("copies", "url_key"), ("claims", "claimed_key")):
        keys = [key for (key,) in db.execute(f"select distinct {column} from {table}")]  # noqa: S608 (ours)
        ids = [(found, key) for key in keys if (found := cms_id(key)) is not None]
        db.conn.executemany(f"update {table} set cms_id = ? where {column} = ?", ids)  # noqa: S608 (ours)
    _settle_again(db)


_MOVED = """
alter table copies add column cms_id text;

alter table copies add column first_title text;

alter table copies add column first_published_on text;

alter table copies add column first_text_digest text;

create index copies_cms_id on copies(cms_id) where cms_id is not null;

alter table claims add column cms_id text;

create index claims_cms_id on claims(cms_id) where cms_id is not null;

create index copies_title on copies(title, published_on);

create index copies_first_title on copies(first_title, first_published_on);

create index copies_first_text on copies(first_text_digest) where first_text_digest <> text_digest"""


@migrations()
def m012_stamps(db: Database) -> None:
    """Which hosts date a page with the day on which it is fetched. Every copy is settled once more."""
    db.execute("create table stamped_hosts (host text primary key, pages integer not null, same_day integer not null)")
    _settle_again(db)


@migrations()
def m013_fidelity_to_a_revision(db: Database) -> None:
    """Which state of an edited notice each copy comes nearest to. Every copy is measured once more."""
    db.execute("alter table fidelities add column revision integer")
    db.execute("update fidelities set made_of = ''")
    _settle_again(db)


@migrations()
def m014_search(db: Database) -> None:
    """What a search is narrowed by and counted by, one short row a notice; `archive.store.facets` fills it.

    And an index by which the months that some sources were not wholly collected in are told at once.
    """
    db.execute(_FACETS)
    db.execute("create index coverage_month on coverage(month, state, source)")


_FACETS = """
create table facets (
  n integer primary key,
  published_on text,
  document_type text,
  agencies text,
  province text,
  city text,
  sources text,
  original_held integer not null,
  reposted integer not null,
  with_files integer not null,
  edited integer not null,
  original_gone integer not null
)"""


@migrations()
def m015_texts_by_digest(db: Database) -> None:
    """A text that somebody cited is found by its digest, whichever notice holds it by then."""
    db.execute("create index revisions_text_digest on revisions(text_digest)")


@migrations()
def m016_masks(db: Database) -> None:
    """What was masked in a notice, by rule; filled in masked copies only (`archive.store.masked`)."""
    db.execute(
        "create table masks ("
        " notice text not null references notices(id) on update cascade on delete cascade"
        " deferrable initially deferred,"
        " rule text not null, places integer not null, primary key (notice, rule))"
    )


@migrations()
def m017_rooms(db: Database) -> None:
    """Indexes for the pages about the archive: without them each reads every notice, copy or revision.

    `notices_joint` answers only a query that has its condition word for word. Two indexes are the beginning of others.
    """
    for statement in _ROOMS.split(";\n\n"):
        db.execute(statement)


_ROOMS = """
create index notices_division on notices(division);

create index notices_joint on notices(issuing_agencies) where instr(issuing_agencies, '", "') > 0;

create index notices_best_copy on notices(best_copy);

create index copies_source_seen on copies(source, first_seen_at, role);

create index copies_source_published on copies(source, published_on);

drop index copies_source;

create index copies_away on copies(source, state, checked_at) where state in ('gone', 'missing');

create index captures_outcome on captures(crawl, outcome);

drop index captures_crawl;

create index revisions_edited on revisions(seen_from, copy, number, rank, classes, headline) where number > 1"""


@migrations()
def m018_terms(db: Database) -> None:
    """What a source says of using its texts, and where; null until a crawl notes it."""
    db.execute("alter table sources add column terms text")
    db.execute("alter table sources add column terms_url text")


def _settle_again(db: Database) -> None:
    """Have the next index run settle every copy."""
    db.execute(
        "insert into dirty (step, url_key) select 'settle', url_key from copies where true on conflict do nothing"
    )


_LIKENESSES = """
alter table copies add column mark integer;

alter table copies add column least_bureau integer;

alter table copies add column least_other integer;

create index copies_mark on copies(mark);

create table postings (
  hash integer not null,
  mark integer not null,
  primary key (hash, mark)
) without rowid;

create table likenesses (
  copy text not null,
  other text not null,
  class text not null,
  covers real not null,
  covered real not null,
  title real not null,
  agency integer not null,
  numbered integer not null,
  veto text,
  primary key (copy, other)
) without rowid;

create index likenesses_other on likenesses(other);

create table reviews (
  copy text primary key,
  other text not null,
  why text not null
)"""

_CITATIONS = """
drop table citations;

create table citations (
  id integer primary key,
  notice text not null references notices(id) on update cascade on delete cascade deferrable initially deferred,
  number integer not null,
  kind text not null,
  document_number text,
  title text,
  cited_notice text references notices(id) on update cascade on delete set null deferrable initially deferred,
  raw text not null,
  sentence text not null,
  copy text not null,
  number_key text,
  title_key text,
  unique (notice, number)
);

create index citations_document_number on citations(document_number);

create index citations_number_key on citations(number_key);

create index citations_title_key on citations(title_key);

create index citations_cited_notice on citations(cited_notice);

create index relations_b on relations(b);

create table names (
  notice text not null references notices(id) on update cascade on delete cascade deferrable initially deferred,
  kind text not null,
  key text not null,
  official integer not null,
  primary key (notice, kind, key)
);

create index names_key on names(key, kind)"""

_WALKS_AND_STATES = """
create table walks (
  source text not null,
  channel text not null,
  crawl text not null,
  started_at text not null,
  ended_at text not null,
  how text not null,
  pages integer not null,
  entries integer not null,
  new integer not null,
  total integer,
  total_pages integer,
  detail text,
  primary key (source, channel, crawl)
);

create table parts (
  copy text not null,
  number integer not null,
  url text not null,
  url_key text not null,
  primary key (copy, number)
);

create index parts_url_key on parts(url_key);

alter table channels add column every integer not null default 86400;

alter table channels add column first_noted_at text not null default '';

update channels set first_noted_at = noted_at;

alter table captures add column transport text;

alter table captures add column etag text;

alter table captures add column last_modified text;

alter table copies add column checked_at text;

update copies set checked_at = last_seen_at;

alter table issues add column channel text;

alter table issues add column last_raised_at text;

alter table issues add column closed_at text;

update issues set last_raised_at = raised_at;

create table raisings (
  issue text not null,
  kind text not null,
  subject text not null,
  subject_key text,
  source text,
  channel text,
  detail text not null,
  crawl text,
  raised_at text not null,
  primary key (issue, raised_at, detail)
);

insert into raisings (issue, kind, subject, source, detail, crawl, raised_at)
  select id, kind, subject, source, detail, crawl, raised_at from issues;

alter table entries add column listed_on text;

create index entries_source on entries(source, channel, listed_on);

create table rechecks (
  copy text not null,
  crawl text not null,
  at text not null,
  source text,
  vantage text not null,
  found text not null,
  primary key (copy, crawl, at)
);

create index rechecks_source on rechecks(source, found);

create table source_moves (
  source text not null,
  crawl text not null,
  at text not null,
  rechecked integer not null,
  vanished integer not null,
  examples text not null default '[]',
  closed_at text,
  closed_by text,
  primary key (source, crawl)
);

alter table revisions add column payloads text not null default '[]';

alter table dirty rename to dirty_before;

create table dirty (
  step text not null,
  url_key text not null,
  primary key (step, url_key)
);

insert into dirty (step, url_key) select step, url_key from dirty_before;

insert into dirty (step, url_key) select 'fate', url_key from copies;

drop table dirty_before;

alter table decisions add column about text;

alter table sources add column until text;

alter table sources add column why text"""

_FIRST_TABLES = """
create table divisions (
  code text primary key,
  name text not null,
  name_en text,
  parent text references divisions(code),
  level text not null
);

create table sources (
  key text primary key,
  agency text not null,
  kind text not null,
  division text references divisions(code),
  home text not null,
  family text not null,
  addresses text not null default '[]',
  seen text,
  note text,
  state text not null default 'active',
  noted_at text not null default ''
);

create table channels (
  source text not null references sources(key),
  name text not null,
  url text not null,
  url_key text not null,
  family text not null,
  noted_at text not null default '',
  primary key (source, url_key)
);

create table crawls (
  id text primary key,
  kind text not null,
  state text not null,
  started_at text not null,
  ended_at text,
  resumes text,
  vantage text,
  agent text,
  asked integer,
  stored integer,
  failed integer,
  refused integer,
  reason text
);

create table notices (
  n integer primary key,
  id text not null unique,
  title text,
  original_url text,
  original_captured integer not null,
  issuing_agency text,
  issuing_agencies text not null default '[]',
  document_type text,
  document_number text,
  index_number text,
  published_on text,
  written_on text,
  effective_on text,
  validity text,
  year integer generated always as (cast(substr(published_on, 1, 4) as integer)) virtual,
  text text not null default '',
  text_digest text,
  best_copy text,
  copies integer not null default 0,
  source text references sources(key),
  division text references divisions(code),
  province text,
  city text,
  first_seen_at text,
  last_seen_at text
);

create index notices_source on notices(source);

create index notices_province on notices(province);

create index notices_city on notices(city);

create index notices_year on notices(year);

create index notices_document_type on notices(document_type);

create index notices_issuing_agency on notices(issuing_agency);

create index notices_published_on on notices(published_on);

create index notices_document_number on notices(document_number);

create table copies (
  url_key text primary key,
  url text not null,
  notice text references notices(id) on update cascade deferrable initially deferred,
  role text not null default 'unknown',
  source text references sources(key),
  title text,
  published_on text,
  published_at text,
  written_on text,
  effective_on text,
  document_number text,
  document_type text,
  index_number text,
  issuing_agency text,
  issuing_agencies text not null default '[]',
  attribution text,
  author text,
  claimed_original text,
  claimed_key text,
  validity text,
  text_digest text not null,
  text_length integer not null,
  state text not null default 'live',
  evidence text not null default '{}',
  first_seen_at text not null,
  last_seen_at text not null
);

create index copies_notice on copies(notice);

create index copies_text_digest on copies(text_digest);

create index copies_claimed_key on copies(claimed_key);

create index copies_source on copies(source);

create table matches (
  copy text primary key references copies(url_key),
  notice text not null references notices(id) on update cascade deferrable initially deferred,
  rule text not null,
  class text not null,
  confidence real not null,
  evidence text not null default '{}'
);

create index matches_notice on matches(notice);

create table match_history (
  id integer primary key,
  copy text not null,
  "from" text,
  "to" text,
  run text not null,
  at text not null,
  why text not null
);

create table relations (
  a text not null references notices(id) on update cascade deferrable initially deferred,
  b text not null references notices(id) on update cascade deferrable initially deferred,
  kind text not null,
  why text not null,
  primary key (a, b, kind)
);

create table revisions (
  copy text not null references copies(url_key),
  number integer not null,
  seen_from text not null,
  seen_to text not null,
  changed text not null default '[]',
  title text,
  text text not null,
  text_digest text not null,
  state_digest text not null,
  fields text not null default '{}',
  primary key (copy, number)
);

create table captures (
  id integer primary key,
  url text not null,
  url_key text not null,
  raw_url text,
  fetched_at text not null,
  status integer,
  outcome text not null,
  kind text,
  content_type text,
  charset text,
  payload_digest text,
  location text,
  location_key text,
  state_digest text,
  reader_version text,
  detail text,
  record_id text not null unique,
  revisit integer not null default 0,
  warc_file text not null,
  warc_offset integer not null,
  warc_end integer not null,
  crawl text not null,
  unique (warc_file, warc_offset)
);

create index captures_url_key on captures(url_key, fetched_at);

create index captures_location_key on captures(location_key);

create index captures_payload_digest on captures(payload_digest);

create index captures_crawl on captures(crawl);

create index captures_other on captures(url_key) where kind = 'other';

create table entries (
  url_key text not null,
  channel text not null,
  source text not null,
  url text not null,
  title text,
  date_raw text,
  fields text not null default '{}',
  listed_at text not null,
  primary key (url_key, source, channel)
);

create table attachments (
  copy text not null references copies(url_key),
  url text not null,
  name text not null,
  media_type text,
  payload_digest text,
  text text,
  skipped text,
  primary key (copy, url)
);

create table citations (
  id integer primary key,
  notice text not null references notices(id) on update cascade deferrable initially deferred,
  document_number text,
  title text,
  cited_notice text references notices(id) on update cascade deferrable initially deferred
);

create table aliases (
  alias text primary key,
  kind text not null,
  notice text not null references notices(id) on update cascade deferrable initially deferred
);

create index aliases_notice on aliases(notice);

create table coverage (
  source text not null references sources(key),
  channel text not null,
  month text not null,
  stated integer,
  listed integer,
  captured integer,
  readable integer,
  state text not null,
  primary key (source, channel, month)
);

create table issues (
  id text primary key,
  kind text not null,
  source text,
  subject text not null,
  detail text not null,
  crawl text,
  raised_at text not null,
  state text not null default 'open',
  until text,
  why text
);

create table decisions (
  line integer primary key,
  at text not null,
  who text not null,
  what text not null,
  urls text not null,
  why text not null,
  until text,
  retired_at text
);

create table warc_files (
  name text primary key,
  sha256 text,
  indexed_to integer not null default 0
);

create table dirty (
  url_key text primary key,
  step text not null
);

create table archive_state (
  key text primary key,
  value text not null
)"""
