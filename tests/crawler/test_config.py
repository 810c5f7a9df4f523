"""`minzheng.toml`: defaults, what it may say, and how each mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import Config, contact_advice, load_config
from crawler.toml_values import CatalogueError


def test_an_archive_without_a_file_has_the_defaults_and_no_contact(tmp_path: Path) -> None:
    assert Config() == load_config(tmp_path, {})
    assert load_config(tmp_path, {}).contact is None


def test_the_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, 'contact = "archive@uni.example"\nvantage = "chengdu-home"\ndelay = 3\nmax_page_bytes = 1000\n')

    config = load_config(tmp_path, {})

    assert ("archive@uni.example", "chengdu-home", 3.0, 1000) == (
        config.contact,
        config.vantage,
        config.delay,
        config.max_page_bytes,
    )


def test_the_environments_contact_wins(tmp_path: Path) -> None:
    write(tmp_path, 'contact = "archive@uni.example"')

    assert (
        "https://uni.example/archive"
        == load_config(tmp_path, {"MINZHENG_CONTACT": "https://uni.example/archive"}).contact
    )


def test_the_user_agent_is_one_honest_name_with_the_contact() -> None:
    agent = Config(contact="archive@uni.example").user_agent

    assert agent.startswith("MinzhengArchive/0.1")
    assert agent.endswith(" (+archive@uni.example)")


def test_the_advice_names_the_line_and_the_file(tmp_path: Path) -> None:
    advice = contact_advice(tmp_path)

    assert 'contact = "you@example.org"' in advice
    assert str(tmp_path / "minzheng.toml") in advice


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('contact = "a@b.example"\ndelay = = 3', "minzheng.toml:2: broken TOML"),
        ('contcat = "a@b.example"', "unknown key 'contcat' (did you mean 'contact'?); allowed: contact, vantage"),
        ("delay = 0.5", "delay is 0.5: it must be a number of seconds from 2"),
        ("delay = true", "delay is True: it must be a number of seconds"),
        ('contact = "me"', "contact is 'me': it must be a mail address or a web page"),
        ('contact = "a@b.example) Mozilla/5.0 ("', "it must be a mail address or a web page"),
        ("contact = 3", "contact is 3: it must be a text in quotes"),
        ('vantage = ""', "vantage is '': it must be a text in quotes"),
        ("max_page_bytes = -1", "max_page_bytes is -1: it must be a whole number above 0"),
        ('webhook = "hooks.example.org"', "webhook is 'hooks.example.org': it must be an address"),
        ('public_url = "archive.example.org"', "public_url is 'archive.example.org': it must be an address"),
        ('max_page_bytes = "60"', "max_page_bytes is '60': it must be a whole number above 0"),
    ],
)
def test_a_mistake_names_file_key_and_value(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)

    with pytest.raises(CatalogueError) as caught:
        load_config(tmp_path, {})

    assert message in str(caught.value)
    assert str(tmp_path / "minzheng.toml") in str(caught.value)


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    (tmp_path / "minzheng.toml").write_bytes('vantage = "成都"'.encode("gbk"))

    with pytest.raises(CatalogueError, match="not UTF-8 at byte"):
        load_config(tmp_path, {})


def test_a_wrong_contact_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="MINZHENG_CONTACT is 'nobody'"):
        load_config(tmp_path, {"MINZHENG_CONTACT": "nobody"})


def write(folder: Path, text: str) -> None:
    (folder / "minzheng.toml").write_text(text, encoding="utf-8")
