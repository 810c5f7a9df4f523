"""What leaves the archive as files: notices in one format, a whole release, the exchanges behind an issue."""
