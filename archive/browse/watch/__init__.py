"""How the archive was made and what changes: edits, crawls, health, an overview of the dataset."""
