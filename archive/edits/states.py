"""What was edited between two states of a notice: its text by the clause, its fields, its files; and that in brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from archive.dates import BEIJING
from archive.edits.classes import Side, class_of_words, classes_of_clause, in_order, whole_names
from archive.edits.clauses import Clause, key_of
from archive.edits.differences import Difference, lay
from archive.edits.matching import Gap
from archive.edits.stretches import stretches
from archive.extract.state import COMPARED
from archive.records import EDIT_CLASSES, Edit, EditClass, EditKind, Link, Reading, Stretch


class Brief(NamedTuple):
    """Two states in brief: the classes of the edits, the most important first, and that edit in few words."""

    classes: tuple[EditClass, ...]
    headline: str


def compare(
    before: Reading,
    after: Reading,
    *,
    files: Mapping[str, str] | None = None,
    new_files: Mapping[str, str] | None = None,
) -> list[Edit]:
    """Every edit between two states: what matters most first, then in the order of the text.

    `files` and `new_files` are the digests of the files that each links, by address, where they are known.
    Nothing is edited between a state and itself.
    """
    edits = [
        *_fields(before, after),
        *_files(before.attachments, after.attachments, files or {}, new_files or {}),
        *(edit for edit in compare_texts(before.text, after.text) if edit.before or edit.after),
    ]
    return sorted(edits, key=lambda edit: EDIT_CLASSES.index(edit.classes[0]))


def compare_texts(before: str, after: str) -> list[Edit]:
    """The edits of a text, in its order; those of blank lines, which are nothing to tell, among them."""
    if before == after:
        return []
    one, other = f"{before}\n", f"{after}\n"
    return [_edit(one, other, difference) for difference in lay(one, other)]


def brief(edits: Sequence[Edit]) -> Brief:
    """Edits in brief. Nothing where there are none."""
    if not edits:
        return Brief((), "")
    classes = in_order(name for edit in edits for name in edit.classes)
    first = next(edit for edit in edits if edit.classes[0] == classes[0])
    return Brief(classes, in_words(first))


def in_words(edit: Edit) -> str:
    """The core of an edit in few words: `300元 → 320元`, `+ 王小明`, `− 第三条`."""
    told = [one for one in edit.stretches if one.edit_class == edit.classes[0]]
    before, after = (told[0].before, told[0].after) if told else (edit.before, edit.after)
    before, after = _clipped(before), _clipped(after)
    if edit.kind == "moved":
        return f"⇅ {before}"
    if before and after:
        return f"{before} → {after}"
    return f"+ {after}" if after else f"− {before}"


def _edit(one: str, other: str, difference: Difference) -> Edit:
    at = difference.at
    parts = [_stretch(one, other, difference, gap) for gap in difference.stretches]
    return Edit(
        kind=difference.kind,
        field="text",
        classes=_classes(difference, parts),
        before=one[at.one : at.one_end].strip(),
        after=other[at.other : at.other_end].strip(),
        stretches=tuple(parts),
        place=(at.one, at.one_end),
        new_place=(at.other, at.other_end),
    )


def _classes(difference: Difference, parts: Sequence[Stretch]) -> tuple[EditClass, ...]:
    if difference.is_cosmetic:
        return ("cosmetic",)
    if difference.kind == "moved":
        return ("order",)
    if difference.kind == "changed":
        return in_order(part.edit_class for part in parts) or ("cosmetic",)
    (clause,) = difference.mine or difference.theirs
    return classes_of_clause(clause)


def _stretch(one: str, other: str, difference: Difference, gap: Gap) -> Stretch:
    before, after = one[gap.one : gap.one_end], other[gap.other : gap.other_end]
    sides = _within(difference.mine, gap.one, gap.one_end), _within(difference.theirs, gap.other, gap.other_end)
    edit_class = "cosmetic" if difference.is_cosmetic else class_of_words(before, after, sides)
    if edit_class != "cosmetic":
        before, after = whole_names(sides, is_listed=edit_class == "names")
    return Stretch(
        before=before,
        after=after,
        edit_class=edit_class,
        place=(gap.one, gap.one_end),
        new_place=(gap.other, gap.other_end),
    )


def _within(clauses: Sequence[Clause], start: int, end: int) -> Side:
    """A place of a text as one inside the clause that it begins in."""
    clause = next((one for one in reversed(clauses) if one.start <= start), clauses[0])
    return Side(clause, start - clause.start, min(end - clause.start, len(clause.text)))


def _fields(before: Reading, after: Reading) -> Iterator[Edit]:
    for name in COMPARED:
        old, new = getattr(before, name), getattr(after, name)
        if old == new or (name == "published_at" and before.published_on != after.published_on):
            continue
        was, now = _printed(old), _printed(new)
        kind: EditKind = "added" if not was else "changed" if now else "removed"
        if key_of(was) == key_of(now):
            yield Edit(kind=kind, field=name, classes=("cosmetic",), before=was, after=now)
        else:
            edit_class = _FIELDS.get(name, "details")
            parts = tuple(_of_title(was, now)) if name == "title" and kind == "changed" else ()
            yield Edit(kind=kind, field=name, classes=(edit_class,), before=was, after=now, stretches=parts)


def _of_title(was: str, now: str) -> Iterator[Stretch]:
    for gap in stretches(was, now, Gap(0, len(was), 0, len(now))):
        yield Stretch(
            before=was[gap.one : gap.one_end],
            after=now[gap.other : gap.other_end],
            edit_class="title",
            place=(gap.one, gap.one_end),
            new_place=(gap.other, gap.other_end),
        )


def _files(
    old: Sequence[Link], new: Sequence[Link], files: Mapping[str, str], new_files: Mapping[str, str]
) -> Iterator[Edit]:
    """What became of the files: one of the same name at another address is that file, elsewhere."""
    was, now = ({link.url: link.name for link in links} for links in (old, new))
    gone = [url for url in was if url not in now]
    for url in now:
        same = next((one for one in gone if was[one] == now[url]), None) if url not in was else None
        if url not in was and same is None:
            yield _file("added", "", now[url])
        elif same is not None:
            gone.remove(same)
            yield _file("changed", f"{was[same]} {same}", f"{now[url]} {url}")
        elif files.get(url) and new_files.get(url) and files[url] != new_files[url]:
            yield _file("changed", f"{was[url]} {_short(files[url])}", f"{now[url]} {_short(new_files[url])}")
        elif was[url] != now[url]:
            yield _file("changed", was[url], now[url])
    yield from (_file("removed", was[url], "") for url in gone)
    kept = [url for url in was if url in now]
    if kept != [url for url in now if url in was]:
        yield Edit(kind="moved", field="attachments", classes=("order",), before=_names(old), after=_names(new))


def _file(kind: EditKind, before: str, after: str) -> Edit:
    edit_class: EditClass = "cosmetic" if key_of(before) == key_of(after) else "attachment"
    return Edit(kind=kind, field="attachments", classes=(edit_class,), before=before, after=after)


def _names(links: Sequence[Link]) -> str:
    return "、".join(link.name for link in links)


def _short(digest: str) -> str:
    """The beginning of a digest, which tells two files apart."""
    return digest.removeprefix("sha256:")[:_DIGEST]


def _printed(value: object) -> str:
    """A field's value as people write it: instants in Beijing, several agencies in a row."""
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return str(value) if value is not None else ""


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[: _WORDS - 1]}…"


_WORDS: Final = 40
"""Characters of either side of a headline."""
_DIGEST: Final = 12
_FIELDS: Final[Mapping[str, EditClass]] = {
    "title": "title",
    "published_on": "date",
    "published_at": "date",
    "written_on": "date",
    "issuing_agencies": "date",
    "effective_on": "validity",
    "validity": "validity",
}
"""Of fields that are more than details of the record."""
