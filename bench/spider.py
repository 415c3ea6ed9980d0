"""Crawls the site of the crawl benchmark with fixed selectors, as Scrapy does it.

Called with the address of the site and the file of the table.
"""

import re
import sqlite3
import sys

import scrapy
from scrapy.crawler import CrawlerProcess

INFO = re.compile(r"Date: (.*?) Author: (.*?) Source: (.*)")


class Table:
    """Keeps each article with one insert of its own, on disk before it counts."""

    def open_spider(self, spider):
        self.db = sqlite3.connect(sys.argv[2], isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, date TEXT, author TEXT, source TEXT, body TEXT)")

    def close_spider(self, spider):
        self.db.close()

    def process_item(self, item, spider):
        self.db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", item["row"])
        return item


class Zone(scrapy.Spider):
    name = "zone"
    start_urls = [sys.argv[1] + "/news/"]

    def parse(self, response):
        yield from response.follow_all(css="ul.list a", callback=self.article)
        yield from response.follow_all(css=".pager a")

    def article(self, response):
        date, author, source = INFO.search(response.css("div.main .info::text").get()).groups()
        body = "\n".join(p.xpath("string()").get() for p in response.css("div.main .content p"))
        yield {"row": (response.url, response.css("h1.title::text").get(), date, author, source, body)}


process = CrawlerProcess(
    {
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "ITEM_PIPELINES": {Table: 1},
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(Zone)
process.start()
