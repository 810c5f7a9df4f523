"""`scrapy crawl bureau -a source=KEY[,KEY]`: bureaus, which issue notices."""

from __future__ import annotations

from crawler.spiders.channel import ChannelSpider


class BureauSpider(ChannelSpider):
    """Walks the channels of bureaus."""

    name = "bureau"
    kinds = ("bureau",)
