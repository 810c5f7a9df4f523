"""A second opinion is asked where it may change something, and of what it can bear."""

from __future__ import annotations

from archive.extract import read
from archive.page import open_page
from archive.records import Reading

_SENTENCE = "各区县民政局要按照第{}项的要求，认真做好本地区困难群众的救助工作。"


def test_a_widget_amid_paragraphs_is_left_out_by_a_second_opinion() -> None:
    reading = _read(*_paragraphs(4), "<div class='widget'>关注我们</div>", *_paragraphs(8))

    assert reading.evidence["text"] == "trafilatura"
    assert "关注我们" not in reading.text


def test_where_every_line_stands_by_itself_nobody_is_asked() -> None:
    reading = _read(*_paragraphs(8), "<p>示例市民政局</p>", "<p>2024年3月11日</p>")

    assert reading.evidence["text"] == "prose"
    assert reading.text.endswith("示例市民政局\n2024年3月11日")


def test_a_container_that_is_too_heavy_is_not_asked_about_and_says_so() -> None:
    reading = _read(*_paragraphs(4), "<p>关注我们</p>", "<b></b>" * 6000, *_paragraphs(8))

    assert reading.evidence["text"] == "prose:heavy"
    assert "关注我们" in reading.text


def _read(*parts: str) -> Reading:
    """Read a page whose text stands in a container that no one knows."""
    text = f"<div class='qs-text'>{''.join(parts)}</div>"
    body = f"<html><head><title>关于救助的通知</title></head><body>{text}</body></html>"
    return read(open_page("http://mzj.qingshan.example/a.html", body.encode(), (("Content-Type", "text/html"),)))


def _paragraphs(count: int) -> list[str]:
    return [f"<p>{_SENTENCE.format(number)}</p>" for number in range(count)]
