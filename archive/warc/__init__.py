"""Captures on disk: WARC 1.1 files, one gzip member a record, appended and never changed.

- `warc/YYYY/<crawl id>-00000.warc.gz` is one crawl's file; it is called `….open` until it is closed, and rows name it
  without `.open`.
- `warc/ingest/<12 of its SHA-256>-<name>` is a file made elsewhere, byte for byte; its crawl is `ingest-<12>`.
- `warcinfo` comes first, then for each exchange `response` (or `revisit`) and `request`, written together; `metadata`
  carries a Note as JSON.
- `WARC-Payload-Digest` is `sha256:` and hex digits of the body as sent (content-coded, de-chunked); a revisit names the
  record it repeats.
- An answer 304 is a `revisit` of the profile server-not-modified, without a payload digest; it names the last capture.
- `X-Minzheng-Method` and `X-Minzheng-Raw-URL` (a JSON string) on a response keep what HTTP's answer alone does not say.
- `Transfer-Encoding` becomes `X-Crawler-Transfer-Encoding`, as Common Crawl does: the body is no longer chunked, and
  other readers would try.

Header blocks are warcio's, both ways. Members are cut here, because warcio stops at the first damaged byte.
"""

from archive.warc.files import crawl_of, is_ours, noting_crawl, repair, warc_files, was_taken_in
from archive.warc.reading import Damage, Earlier, StoredExchange, StoredNote, read_exchange, scan
from archive.warc.verify import Checked, verify
from archive.warc.writing import WarcWriter

__all__ = [
    "Checked",
    "Damage",
    "Earlier",
    "StoredExchange",
    "StoredNote",
    "WarcWriter",
    "crawl_of",
    "is_ours",
    "noting_crawl",
    "read_exchange",
    "repair",
    "scan",
    "verify",
    "warc_files",
    "was_taken_in",
]
