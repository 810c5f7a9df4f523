"""Scrapy's settings, each with its reason. Figures: benchmarks/README.md.

What depends on the archive (user agent, delays, size limits) is set by the spider when it has read `minzheng.toml`.
"""

from __future__ import annotations

import os

# Scrapy looks at a cookie's domain with tldextract, which would fetch its list from the web by itself, past guard,
# robots and user agent; the list that it brings along will do
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""

BOT_NAME = "minzheng"
SPIDER_MODULES = ["crawler.spiders"]
# nobody makes spiders from templates here: a new bureau is an entry of the catalogue
NEWSPIDER_MODULE = ""

MINZHENG_ARCHIVE = os.environ.get("MINZHENG_ARCHIVE") or "archive-data"
"""Folder of the archive that a crawl writes into."""

# --- manners: one honest agent, robots obeyed, one request at a time and server ---------------------------------------
ROBOTSTXT_USER_AGENT = "MinzhengArchive"
# slots, delays and chance are those of crawler/pace.py: Scrapy's jitter also shortens, and its slots forget
DOWNLOADER = "crawler.downloader.PacedDownloader"
CONCURRENT_REQUESTS = 16
# one connection is kept open to a server, and one row of the frontier is on its way to it
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# sites that give a session cookie and redirect once work like in a browser; cookies are never kept between crawls
COOKIES_ENABLED = True
# where we found a link is our own business (the middleware stays on: redirects warn without it)
REFERRER_POLICY = "no-referrer"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    # captures are kept as sent: only codings that every reader of WARC files undoes, for decades
    "Accept-Encoding": "gzip, deflate",
}

# --- bounds: nothing that a server sends may hang, fill or crash a crawl ----------------------------------------------
DOWNLOAD_TIMEOUT = 60
# the default of 1 GiB lets one response take the machine's memory; the spider sets the operator's limit
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
# servers that only know old TLS are met half-way, host by host; certificates are verified all the same
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "crawler.transport.TransportHandler")
DNS_TIMEOUT = 20
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
REDIRECT_MAX_TIMES = 5
# a page that refreshes to another is kept as what it is, and outcome.py tells it
METAREFRESH_ENABLED = False
RETRY_TIMES = 1
# without 429: too many requests is a block, and a block is a stop sign; crawler/spiders/retries.py hears `Retry-After`
RETRY_HTTP_CODES = [408, 500, 502, 503, 504, 522, 524]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# a long address is the server's to refuse: dropping it here would leave no record
URLLENGTH_LIMIT = 0
# our own decoding undoes gzip where a page is read (archive/page.py); Scrapy's guesses the charset of coded bytes,
# which halves the speed
COMPRESSION_ENABLED = False
# every answer reaches the spider, which judges it by archive/outcome.py
HTTPERROR_ALLOW_ALL = True

# --- the way through --------------------------------------------------------------------------------------------------
SCHEDULER = "crawler.frontier.scheduler.FrontierScheduler"
SPIDER_MIDDLEWARES = {
    # nearest the engine: sees the output of a callback after all others
    "crawler.frontier.middleware.FrontierMiddleware": 10,
    # depth is Ask.page here
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
DOWNLOADER_MIDDLEWARES = {
    # counts what is asked, so that the sum of its ends can be checked
    "crawler.capture.AskedMiddleware": 10,
    # before robots (100): nothing is asked of a host that has stopped, or of an address that may not be asked
    "crawler.blocks.BlockMiddleware": 60,
    "crawler.guard.GuardMiddleware": 70,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.spiders.robots.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.spiders.retries.Retries": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.spiders.redirects.Redirects": 600,
    # counts what each source gives, redirects included
    "crawler.spiders.caps.SourceCaps": 940,
    # nearest the wire: bodies as sent, redirects and retried errors included
    "crawler.capture.CaptureMiddleware": 950,
}

EXTENSIONS = {
    # ends a crawl before the disk is full, and when the night is over
    "crawler.spiders.caps.Bounds": 0,
}

# --- what is not needed -----------------------------------------------------------------------------------------------
# the default of 100 starts as many tasks for each response
CONCURRENT_ITEMS = 4
# servers that run Python for whoever reaches them
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
