"""What the card tells of the limits: what nobody looked at, personal data, rights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.export.release.card.lines import both, inline
from archive.export.release.facts import Facts
from archive.labels import LICENCE_REASONS, LICENCES, NO_ADVICE, Words

SHOWN_GAPS: Final = 15
"""Sources whose gaps the card lists; all stand in table `coverage`."""
SHOWN_TERMS: Final = 15
"""Sources whose terms the card lists."""


def gaps(facts: Facts) -> Iterator[str]:
    """What the lists were not seen of: the widest gaps by source, the rest in one sum."""
    states = facts.counts.get(("coverage", "state"), {})
    yield from both(
        Words(
            "“没有公告”与“没有观测”是两回事：只有 `coverage` 中 complete 的月份，零才是真的零。",
            "No notice and not observed are two things: only in a month that `coverage` calls complete is zero a zero.",
        ),
        Words(
            "没有列出的栏目与月份同样没有观测；完整情况见表 `coverage`。",
            "What has no row was not observed, either; all of it is in table `coverage`.",
        ),
    )
    if facts.as_of:
        yield from both(
            Words(
                f"最后一个月只到最后一次采集（{facts.as_of}）为止，之后的公告尚未看过。",
                f"The last month is told as far as the last capture ({facts.as_of}); nobody looked after that.",
            )
        )
    if facts.said.get("selection.options", "{}") != "{}":
        yield from both(
            Words(
                "`coverage` 与 `sources` 说的是整个档案；所选范围之外的公告不在本次发布中。",
                "`coverage` and `sources` tell of the whole archive; notices beyond what was chosen are not in this"
                " release.",
            )
        )
    if not states:
        return
    counts = [states.get(state, 0) for state in ("complete", "partial", "unobserved")]
    yield "栏目×月 · Months of channels: 采全 complete {} · 不全 partial {} · 未观测 unobserved {}".format(*counts)
    yield ""
    open_ones = sorted(
        (found for found in facts.gaps if found.missing), key=lambda found: (-found.missing, found.source)
    )
    if not open_ones:
        return
    yield "| 来源 · source | 栏目 · channels | 采全 · complete | 不全 · partial | 未观测 · unobserved | 月份 · months |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for found in open_ones[:SHOWN_GAPS]:
        spans = [first if first == last else f"{first}–{last}" for first, last in found.spans]
        told = ", ".join(spans) if len(spans) <= 3 else f"{', '.join(spans[:2])}, … {spans[-1]}"
        yield (
            f"| {inline(found.agency)} (`{found.source}`) | {found.channels} | {found.complete} | {found.partial}"
            f" | {found.unobserved} | {told} |"
        )
    yield ""
    if rest := open_ones[SHOWN_GAPS:]:
        missing = sum(found.missing for found in rest)
        yield f"另有 {len(rest)} 个来源，共 {missing} 个栏目月。 · {len(rest)} more sources with {missing} such months."
        yield ""


def personal_data(facts: Facts) -> Iterator[str]:
    """What of persons is masked, or that nothing is."""
    if facts.masked_by is None:
        yield from both(
            Words(
                "**未作遮盖。** 公告中的身份证号码、电话、银行卡号与名单照原样列出；请勿公开传播。",
                "**Nothing is masked.** Identity numbers, telephones, bank cards and lists of names stand as they were"
                " printed: do not pass it on in public.",
            )
        )
        return
    yield from both(
        Words(
            f"身份证号码、电话、银行卡号与长名单中的姓名已遮盖（规则版本 {facts.masked_by}）；`masks` 逐份说明处数。",
            f"Identity numbers, telephones, bank cards and names in long lists are masked (rules {facts.masked_by});"
            " `masks` says where and how often.",
        ),
        Words(
            "规则会有遗漏；落款、联系人与任免中的姓名保留。",
            "Rules miss some; names of signatories, contacts and appointments stay.",
        ),
    )
    for rule in facts.masked:
        yield f"- {rule.words}: {rule.notices} 份公告 notices, {rule.places} 处 places"
    yield ""


def rights(facts: Facts) -> Iterator[str]:
    """Who has a say over the texts, what sources say themselves, what was taken down."""
    yield '<a id="rights"></a>'
    yield ""
    yield from both(
        Words(
            f"`notices.licence` 逐份说明公告文字的权利。{NO_ADVICE.zh}",
            f"`notices.licence` says of each notice who has a say over its text. {NO_ADVICE.en}",
        ),
    )
    for licence, count in facts.licences.items():
        yield f"- `{licence}`: {count} 份 notices"
        yield f"  - {LICENCES[licence].zh}：{LICENCE_REASONS[licence].zh}。"
        yield f"  - {LICENCES[licence].en}: {LICENCE_REASONS[licence].en}."
    yield ""
    yield from both(
        Words("图片与附件可能受保护。", "Pictures and files may be protected, whatever the text is."),
        Words("来源自己的说法见 `sources.terms`。", "What sources say themselves stands in `sources.terms`."),
    )
    for terms in facts.terms[:SHOWN_TERMS]:
        where = f" <{terms.url}>" if terms.url else ""
        yield f"- {inline(terms.agency)} (`{terms.source}`): {inline(terms.terms)}{where}"
    if rest := len(facts.terms[SHOWN_TERMS:]):
        yield f"- 另有 {rest} 个来源，见表 sources · {rest} more in table sources"
    if facts.terms:
        yield ""
    if (taken := facts.said.get("archive.taken_down", "0")) != "0":
        yield from both(
            Words(
                f"应要求不再对外提供、不在任何发布版中的公告：{taken} 份。",
                f"Notices taken down on request, which no release has: {taken}.",
            )
        )
