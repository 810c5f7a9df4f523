"""Who issues under a document number: 民发 is the ministry's, 渝民发 that of Chongqing's bureau.

Only prefixes that one agency in the country uses are known by themselves. The short names of some provinces are those
of cities, too (宁 is Nanjing, 青 is Qingdao), so a number that begins with one counts only where the page names the
province's agency in full.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from archive.extract.numbers import normalise_number

_PROVINCES: Final = {
    "京": "北京市",
    "津": "天津市",
    "沪": "上海市",
    "渝": "重庆市",
    "冀": "河北省",
    "豫": "河南省",
    "云": "云南省",
    "滇": "云南省",
    "辽": "辽宁省",
    "黑": "黑龙江省",
    "湘": "湖南省",
    "皖": "安徽省",
    "鲁": "山东省",
    "新": "新疆维吾尔自治区",
    "苏": "江苏省",
    "浙": "浙江省",
    "赣": "江西省",
    "鄂": "湖北省",
    "桂": "广西壮族自治区",
    "甘": "甘肃省",
    "晋": "山西省",
    "内": "内蒙古自治区",
    "蒙": "内蒙古自治区",
    "陕": "陕西省",
    "吉": "吉林省",
    "闽": "福建省",
    "黔": "贵州省",
    "粤": "广东省",
    "青": "青海省",
    "藏": "西藏自治区",
    "川": "四川省",
    "宁": "宁夏回族自治区",
    "琼": "海南省",
}
_SHARED: Final = frozenset("云辽黑湘新苏赣鄂桂甘晋蒙吉青宁")
"""Short names that a city or a county has, too: 南京 宁, 青岛 青, 新乡 新, 苏州 苏, 吉林市 吉, 云浮 云 …"""
_CITIES: Final = frozenset("京津沪渝")
_CENTRAL: Final = (
    (r"国办[发函]", "国务院办公厅"),
    (r"国[发函]", "国务院"),
    (r"民办(?:发|函|便函|通)", "民政部办公厅"),
    (r"民(?:发|函|电|规)", "民政部"),
    (r"人社部(?:发|函|规)", "人力资源社会保障部"),
    (r"全国老龄办发", "全国老龄工作委员会办公室"),
    (r"中办发", "中共中央办公厅"),
)
_KIND: Final = "(?:规)?(?:发|函|字|通|规|电|令)"
_LOCAL: Final = (
    (rf"民(?:政)?办{_KIND}", "{office}办公室"),
    (
        rf"民(?:政)?(?:务|福|老|社|救|养|儿|区|基|慈|组|济|保|事|殡|低保|社救|社组|儿福|养老|基层|地名)?(?:{_KIND})?",
        "{office}",
    ),
    (rf"(?:政|府)办(?:{_KIND})?|办(?:发|函)", "{government}办公厅"),
    (rf"(?:政|府)(?:{_KIND})?", "{government}"),
)


def issuer_of_number(number: str, is_named: Callable[[str], bool]) -> str | None:
    """Give the agency whose prefix a number has; None if it is unknown, or shared and not named on the page.

    `is_named` tells whether the page names an agency in full.
    """
    spelt = normalise_number(number) or ""
    prefix = spelt.partition("〔")[0]
    for form, agency in _CENTRAL:
        if re.fullmatch(form, prefix):
            return agency
    province = _PROVINCES.get(prefix[:1])
    if province is None or "〔" not in spelt:
        return None
    office = f"{province}民政{'局' if prefix[0] in _CITIES else '厅'}"
    for form, agency in _LOCAL:
        if re.fullmatch(form, prefix[1:]):
            name = agency.format(office=office, government=f"{province}人民政府")
            return name if prefix[0] not in _SHARED or is_named(office if "民政" in name else name) else None
    return None
