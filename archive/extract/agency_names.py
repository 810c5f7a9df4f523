"""Names of agencies as they are printed: told from media, split where several issue, completed by their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_AGENCY: Final = re.compile(
    r"[一-龥（）()·]{1,40}(?:局|厅|部|委|委员会|办公室|办公厅|办|总局|署|人民政府|政府|国务院|常委会|常务委员会|领导小组|指挥部"
    r"|管理中心|服务中心|事务中心|联合会|总会|法院|检察院|总工会|银行|处)"
)
_NO_AGENCY: Final = re.compile(
    r"(?:编辑部|记者部|俱乐部|内部|全部|[东西南北中]部|干部|编辑|日报|新闻)$|^(?:本|该|我|各|有关|相关)|(?:(?:网|报社?|电视台|传媒|融媒体?).{0,4}[部处]|地处|之处|用处|好处|出处|到处)$"
)
# A level without its place, before what an office is for: 市民政局, 省人民政府, 县委. 市中区人民政府 has its place.
_SHORT: Final = re.compile(
    r"^(市|省|县|区|旗|盟|州|自治区|自治州|自治县)(?=民政|人民|政府|委|财政|教育|公安|司法|人力|人社|卫生|卫健|市场|发展|发改|住房|住建|交通|农业|水利"
    r"|文化|文旅|审计|统计|医疗|医保|退役|应急|自然|生态|环境|城管|城市|商务|工业|经济|科技|科学|民族|民宗|信访|机关|机构|残|妇|总工会|老龄|纪委|法院|检察"
    r"|税务|消防|乡村|行政|政务|大数据|国资|国有|体育|林业|扶贫|慈善|社会|社工|儿童|养老|福利|救助|殡葬|婚姻|双拥|编办|档案|红十字|关工|局$|厅$)"
)
_NOTHING: Final = re.compile(r"[\s无—\-/.。暂]*")
_JOINT: Final = re.compile(r"[\s、，,;；/]+")
_TITLE_AGENCY: Final = re.compile(r"^(.{2,80}?)(?:关于|印发|转发|发布|公布)")
_OTHER_PLACE: Final = re.compile(r"^[市省县区州旗盟]")  # 苏州市 is no 州


def split_agencies(raw: str) -> tuple[str, ...]:
    """Split a joint issuance (联合发文) into its agencies, in the printed order, each once."""
    return tuple(
        dict.fromkeys(part for part in _JOINT.split(raw.strip(" 。.:：")) if part and not _NOTHING.fullmatch(part))
    )


def is_agency(name: str) -> bool:
    """Tell whether a name is that of an agency in full: not a medium, and not 市民政局 without its city."""
    return looks_like_agency(name) and _SHORT.match(name) is None


def looks_like_agency(name: str) -> bool:
    """Tell whether a name is that of an agency, in full or without its place: 市民政局."""
    return _AGENCY.fullmatch(name) is not None and _NO_AGENCY.search(name) is None


def agencies_of_title(title: str) -> tuple[str, ...]:
    """Give the agencies that a title begins with: `民政部 财政部关于…` gives two; empty if it begins otherwise."""
    match = _TITLE_AGENCY.match(title)
    names = split_agencies(match[1]) if match is not None else ()
    return names if names and all(map(looks_like_agency, names)) else ()


def complete(name: str, holders: Sequence[str]) -> str | None:
    """Give a name its place, where one of these names holds it: 市民政局 and 水西市人民政府网 make 水西市民政局.

    A full name comes back as it is. None if no holder tells the place: it is never guessed.
    """
    short = _SHORT.match(name)
    if short is None:
        return name
    for holder in holders:
        place = _place(short[1], holder)
        if place is not None:
            return place + name[short.end() :]
    return None


def _place(level: str, holder: str) -> str | None:
    """The shortest beginning of a name that is a place of this level: of 重庆市渝北区 the 市, or the 区."""
    name = re.sub(r"^[^一-龥]+", "", holder)
    start = name.find(level, 2)
    while start > 0:
        end = start + len(level)
        if re.fullmatch("[一-龥]{2,24}", name[:end]) and not _OTHER_PLACE.match(name[end:]):
            return name[:end]
        start = name.find(level, end)
    return None
