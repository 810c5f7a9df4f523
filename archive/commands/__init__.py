"""The archive's commands, a module each; `archive.cli` names them and imports them when asked for."""
