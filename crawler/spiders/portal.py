"""`scrapy crawl portal -a source=KEY[,KEY]`: portals, which mostly repost."""

from __future__ import annotations

from crawler.spiders.channel import ChannelSpider


class PortalSpider(ChannelSpider):
    """Walks the channels of portals."""

    name = "portal"
    kinds = ("portal",)
