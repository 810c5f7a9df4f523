"""The spiders: channels walked, articles stored, what the archive wants visited."""
