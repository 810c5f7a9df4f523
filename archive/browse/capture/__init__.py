"""A capture as it was kept: headers, source, and where in it a value was read; never run."""
