"""Surveys of sites: what lists a site has, whether a source can still be read, and where a broken one has gone.

Everything here asks by a Road (crawler/spiders/survey.py): the network, or a WARC file.
"""
