"""The archive's commands, a module each; `archive.cli` names them and imports them when asked for."""

SOURCES = "archive.sources"
"""Key of `ctx.meta` under which a program that knows a catalogue leaves a function that gives its Sources."""

PUBLIC_URL = "archive.public_url"
"""Key of `ctx.meta` under which a program that reads `minzheng.toml` leaves a function that gives its `public_url`."""
