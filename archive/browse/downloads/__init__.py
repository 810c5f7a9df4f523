"""All hits of a search as files, written while they are sent."""
