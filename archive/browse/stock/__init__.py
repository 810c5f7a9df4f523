"""Datasette's own pages: their words, their cells, what they say of tables."""
