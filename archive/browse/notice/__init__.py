"""The page of a notice, its revisions, differences and citations."""
