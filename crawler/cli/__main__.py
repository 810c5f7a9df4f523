"""`python -m crawler.cli`, for a checkout that is not installed."""

from crawler.cli import main

main(prog_name="minzheng")
