"""How the pages of the miniature web's family sites are written: texts, frames, and a module a group of sites."""
