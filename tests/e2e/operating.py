"""The miniature web as an operator would crawl it: by the real command, with entries of their own."""

from __future__ import annotations

from pathlib import Path

from crawler.demo import DEMO_SOURCES


def operator_folder(folder: Path, *, config: str = "", files: tuple[str, ...] = ("demo.toml",)) -> Path:
    """An archive folder whose catalogue is the miniature web and nothing else.

    Its hosts lie under `.example`, so that they may be asked without a delay; every other rule holds.
    """
    (folder / "sources").mkdir(parents=True)
    for name in files:
        entries = (DEMO_SOURCES / name).read_text("utf-8").split("[[source]]")
        timed = [entry if "\ndelay" in entry else f"\ndelay = 0{entry}" for entry in entries[1:]]
        (folder / "sources" / name).write_text("[[source]]".join((entries[0], *timed)), encoding="utf-8")
    settings = f'contact = "archivist@example.org"\nshipped = false\n{config}'
    if "min_free" not in settings:
        settings += "min_free = 1\n"  # a test machine may be small
    (folder / "minzheng.toml").write_text(settings, encoding="utf-8")
    return folder
