"""The invented agencies: names, towns, and how they sign."""

from __future__ import annotations

from miniature.texts import Agency

LANXI = Agency(
    name="岚溪市民政局", short="岚民发", towns=("白鹭镇", "石门街道", "枫桥街道", "竹坪乡"), body="11610003X"
)
FUYUAN = Agency(name="浮源省民政厅", short="浮民发", towns=("澄江市", "邬阳市", "临沅州"), body="000021870")
JINLU = Agency(name="锦麓市民政局", short="锦民发", towns=("山前街道", "云台镇", "栖霞乡"), body="11320007M")
BEIHE = Agency(name="北禾省民政厅", short="北民规", towns=("双河市", "松岭地区", "红柳县"), body="000185442")
MZSW = Agency(name="民政事务部", short="民政函", towns=("浮源省", "北禾省", "南渚市"), body="000014999")
NANZHU = Agency(name="南渚市民政局", short="南渚民", towns=("榕城街道", "蚝岭镇", "莲塘街道"), body="006930011")
DONGTING = Agency(name="东汀区民政局", short="东汀民", towns=("渡头街道", "盐田镇", "沙围村"), body="006930528")
BAOYAN = Agency(name="宝岩市民政局", short="宝民发", towns=("黄梁镇", "柳泉街道", "塬上乡"), body="11612040K")
YUNJIN = Agency(name="云锦市民政局", short="云锦民", towns=("织里街道", "染坊镇", "桑园乡"), body="11350022P")
HAIBU = Agency(name="海埠市民政局", short="海民规", towns=("灯塔街道", "北港镇", "盐仓街道"), body="SH00012X0")
JINDU = Agency(name="津渡市民政局", short="津渡民", towns=("桥东街道", "义仓镇", "水西乡"), body="000126655")
QINHAI = Agency(name="沁海市民政局", short="沁民函", towns=("观潮街道", "礁石镇", "南湾乡"), body="11130309R")
MIJING = Agency(name="迷津县民政局", short="迷民发", towns=("回龙镇", "岔口乡", "圆沱镇"), body="11510921T")
