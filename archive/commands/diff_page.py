"""What was edited as one HTML page by itself: readable without colours, on paper and without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Final

from archive.commands.diff import about_words, edit_words
from archive.edits.laid_out import Strip, in_brief, lay_out, numbered
from archive.labels import FIELDS

if TYPE_CHECKING:
    from archive.commands.compared import Compared
    from archive.records import Edit

_LISTED: Final = 200
"""Edits in the table; the text below has all."""

_PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 50rem; padding: 0 1rem; color: #111; background: #fff;
  font: 1rem/1.8 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; }}
h1 {{ font-size: 1.3rem; line-height: 1.4; }}
h2 {{ font-size: 1.1rem; margin-top: 3rem; }}
p, table, summary {{ font-size: .9rem; }}
a {{ color: inherit; }}
table {{ border-collapse: collapse; width: 100%; }}
body, td {{ overflow-wrap: anywhere; }}
th, td {{ border: 1px solid #999; padding: .2rem .5rem; text-align: left; vertical-align: top; }}
article {{ border-top: 2px solid #111; margin-top: 1.5rem; padding-top: 1rem; white-space: pre-wrap; }}
del {{ text-decoration: line-through; background: #fbe3e1; }}
ins {{ text-decoration: underline; text-underline-offset: .2em; font-weight: bold; background: #dff3e2; }}
.layout del, .layout ins {{ background: none; font-weight: normal; color: #666; }}
sup {{ font-size: .65rem; line-height: 0; }}
details {{ color: #555; }}
@media print {{ del, ins {{ background: none; }} }}
</style></head><body>
<h1>{title}</h1>
{about}
{states}
</body></html>
"""


def page(compared: Compared) -> str:
    """The page: which states, a table of the edits that are more than layout, then the text with all in place.

    Files whose bytes changed come behind it, each in the same way.
    """
    before, after = compared.before.reading, compared.after.reading
    states = [_state(compared.edits, before.text, after.text, "edit")]
    for number, file in enumerate(compared.files, 1):
        name = f"<h2>{FIELDS['attachments']}: {escape(file.name)}</h2>\n<p>{escape(file.url)}</p>"
        states += [name, _state(file.edits, file.before, file.after, f"file-{number}")]
    return _PAGE.format(
        title=escape(after.title or "(no title)"),
        about="\n".join(f"<p>{escape(line)}</p>" for line in about_words(compared)),
        states="\n".join(states),
    )


def _state(edits: Sequence[Edit], before: str, after: str, anchor: str) -> str:
    numbers = numbered(edits)
    layout = len(edits) - len(numbers)
    more = f"，另有 {layout} 处只是排版不同 and {layout} that are layout only" if layout else ""
    text = "".join(map(partial(_shown, anchor=anchor), lay_out(edits, before, after))).removesuffix("\n")
    return (
        f"<p>改动 Edits: {len(numbers)}{more}。 <del>删去 removed</del> <ins>新增 added</ins></p>\n"
        f"{_table(edits, numbers, anchor)}\n<article>{text}</article>"
    )


def _table(edits: Sequence[Edit], numbers: Mapping[int, int], anchor: str) -> str:
    rows = []
    for place, number in list(numbers.items())[:_LISTED]:
        edit = edits[place]
        target = f'<a href="#{anchor}-{number}">{number}</a>' if edit.new_place is not None else str(number)
        cell = "；".join("".join(_marked(old, new)) for old, new in in_brief(edit))
        rows.append(f"<tr><td>{target}</td><td>{escape(edit_words(edit))}</td><td>{cell}</td></tr>")
    if not rows:
        return ""
    if len(numbers) > _LISTED:
        rows.append(f'<tr><td>…</td><td colspan="2">共 {len(numbers)} 处 in all</td></tr>')
    head = "<tr><th>#</th><th>类别 Class</th><th>改动 Edit</th></tr>"
    return f"<table>{head}\n{chr(10).join(rows)}</table>"


def _marked(old: str, new: str) -> Iterator[str]:
    if old:
        yield f"<del>{escape(old)}</del>"
    if new:
        yield f"<ins>{escape(new)}</ins>"


def _shown(strip: Strip, *, anchor: str) -> str:
    if strip.op == "folded":
        return (
            f"<details><summary>… 未改动 {strip.lines} 行 unchanged lines</summary>"
            f"{escape(strip.text).removesuffix(chr(10))}</details>"
        )
    tag = {"removed": "del", "added": "ins"}.get(strip.op)
    shown = escape(strip.text) if tag is None else f"<{tag}>{escape(strip.text)}</{tag}>"
    if strip.is_layout:
        shown = f'<span class="layout">{shown}</span>'
    return f'<sup id="{anchor}-{strip.begins}">[{strip.begins}]</sup>{shown}' if strip.begins else shown
