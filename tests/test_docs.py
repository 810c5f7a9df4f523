"""What the documents say is so: commands exist, links lead somewhere, no machine's names stand in them."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from crawler.cli import main

ROOT = Path(__file__).parent.parent
DOCS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "benchmarks").glob("*.md"))]
READMES = ["README.md", "README.zh-CN.md"]
SETUP = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[test]' && .venv/bin/minzheng demo"
TESTS = ".venv/bin/python -m pytest -q -n auto --dist loadfile"
CONTEXT = click.Context(main)


@pytest.mark.parametrize("name", READMES)
def test_a_readme_opens_with_the_two_commands(name: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)

    assert [SETUP, TESTS] == [block.strip() for block in blocks[:2]]


@pytest.mark.parametrize("name", [*READMES, "docs/datasets.md"])
def test_every_command_that_a_page_names_exists(name: str) -> None:
    named = set(_named_commands((ROOT / name).read_text("utf-8")))

    assert set() == named - set(main.list_commands(CONTEXT))


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_named_in_the_readme(name: str) -> None:
    named = set(_named_commands((ROOT / name).read_text("utf-8")))

    assert set() == set(main.list_commands(CONTEXT)) - named


@pytest.mark.parametrize("name", [*READMES, "docs/datasets.md"])
def test_every_option_that_a_page_gives_a_command_exists(name: str) -> None:
    unknown = []
    for line in re.findall(r"^\.venv/bin/minzheng (.*)$", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        words = shlex.split(line)
        command = main.get_command(CONTEXT, words[0])
        assert command is not None, line
        known = {option for parameter in command.params for option in parameter.opts}
        unknown += [f"{words[0]} {word}" for word in words[1:] if word.startswith("--") and word not in known]

    assert [] == unknown


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))

    assert [] == [target for target in targets if not (path.parent / target).exists()]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_path_of_somebodys_machine(path: Path) -> None:
    found = re.findall(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|opt|mnt|var)/\S*", path.read_text("utf-8"))

    assert [] == found


def test_the_constraints_install_from_any_mirror() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]

    assert [] == [line for line in lines if not re.fullmatch(r"[\w.\-]+==[\w.]+( ; .+)?", line)]


def test_the_constraints_pin_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [
        *project["dependencies"],
        *project["optional-dependencies"]["test"],
        *project["optional-dependencies"]["dev"],
    ]
    pinned = {_plain(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}

    assert set() == {_plain(re.split(r"[<>=\[]", name)[0]) for name in asked} - pinned - {"minzheng-archive"}


def test_every_room_stands_in_the_architecture() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = [
        f"{package}/{entry.name}{'/' if entry.is_dir() else ''}"
        for package in ("archive", "crawler")
        for entry in sorted((ROOT / package).iterdir())
        if not entry.name.startswith("__") and (entry.is_dir() or entry.suffix == ".py")
    ]

    assert [] == [room for room in rooms if f"`{room}`" not in told]


@pytest.mark.parametrize(
    "room",
    [
        *("archive/extract", "archive/trace", "archive/warc", "archive/store"),
        *("crawler/spiders", "crawler/frontier", "crawler/families"),
    ],
)
def test_every_module_of_a_large_room_is_named_with_it(room: str) -> None:
    lines = (ROOT / "docs" / "architecture.md").read_text("utf-8").splitlines()
    told = [line for line in lines if line.startswith(f"| `{room}/` | ")][-1]

    assert [] == [path.stem for path in sorted((ROOT / room).glob("[!_]*.py")) if f"`{path.stem}`" not in told]


def test_every_module_of_the_reading_room_is_named_with_its_part_of_it() -> None:
    room = ROOT / "archive" / "browse"
    lines = (ROOT / "docs" / "architecture.md").read_text("utf-8").splitlines()
    (told,) = (line for line in lines if line.startswith("| `archive/browse/` | `"))
    groups = {name: set(re.findall(r"`(\w+)`", group)) for name, group in re.findall(r"`(\w+)/`: ([^;|]*)", told)}
    modules: dict[str, set[str]] = {}
    for path in room.rglob("[!_]*.py"):
        modules.setdefault(path.parent.name, set()).add(path.stem)

    assert modules == groups


def _named_commands(text: str) -> list[str]:
    return re.findall(r"minzheng (?!COMMAND)([a-z]+)", text)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
