"""What leaves the archive as files: notices in a format, a whole release, evidence, the exchanges behind an issue."""
