"""Names of persons and of bodies, as lists and tables print them: what tells the one from the other."""

from __future__ import annotations

import re
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符"
    "舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝骆路游靳辛管柴蒙鲍华喻祁房蒲滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏"
)
TWO_CHARACTERS: Final = ("欧阳", "司马", "上官", "诸葛", "司徒", "慕容", "皇甫", "尉迟")
"""Surnames of two characters, as far as they are met."""

PERSON: Final = re.compile(f"(?:[{_SURNAMES}]|{'|'.join(TWO_CHARACTERS)})[\u4e00-\u9fff*＊某·]{{1,3}}")
"""The name of a person: one of the surnames that nearly all have, and one to three characters or what hides them."""

BODY: Final = re.compile("(?:公司|中心|会|院|大学|学校|园|所|社|站|馆|厂|店|公寓|公墓|村|社区|街道|镇|乡)$")
"""The end of a body's name; asked of an item of a list only."""
