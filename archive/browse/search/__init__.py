"""The search page: what is asked, what is found, what it is narrowed by, how far it reaches."""
