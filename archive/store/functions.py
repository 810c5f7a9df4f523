"""The search functions as a sqlite-utils plugin."""
