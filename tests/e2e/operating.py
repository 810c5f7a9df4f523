"""The miniature web as an operator would crawl it: by the real command, with entries of their own."""

from __future__ import annotations

from pathlib import Path

from crawler.demo import DEMO_SOURCES


def operator_folder(
    folder: Path, *, config: str = "", files: tuple[str, ...] = ("demo.toml",), keys: tuple[str, ...] = ()
) -> Path:
    """An archive folder whose catalogue is the miniature web and nothing else; only these sources of it, if given.

    Its hosts lie under `.example`, so that they may be asked without a delay; every other rule holds.
    """
    (folder / "sources").mkdir(parents=True)
    for name in files:
        _, *entries = (DEMO_SOURCES / name).read_text("utf-8").split("[[source]]")
        chosen = [entry for entry in entries if not keys or any(f'key = "{key}"' in entry for key in keys)]
        timed = [entry if "\ndelay" in entry else f"\ndelay = 0{entry}" for entry in chosen]
        (folder / "sources" / name).write_text("".join(f"[[source]]{entry}" for entry in timed), encoding="utf-8")
    settings = f'contact = "archivist@example.org"\nshipped = false\n{config}'
    if "min_free" not in settings:
        settings += "min_free = 1\n"  # a test machine may be small
    (folder / "minzheng.toml").write_text(settings, encoding="utf-8")
    return folder
