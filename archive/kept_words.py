"""The words of a page that say what its parts are; a fixture made of a real page keeps them and nothing else.

They are what our readers look for: labels, kinds of documents, pagers, the lines above and below a text, and what
shields say.
"""

from __future__ import annotations

import re
from typing import Final

from archive.extract.labels import LABELS
from archive.shields import SHIELDS

# fmt: off
_WORDS: Final = (
    # titles, numbers, agencies, media
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "纪要",
    "公示", "办法", "规定",
    "细则", "条例", "方案", "规划", "章程", "规则", "计划", "要点", "目录", "指南", "关于", "印发", "转发", "公布",
    "民政局", "民政厅", "民政部", "民政", "人民政府", "政府", "国务院", "办公室", "办公厅", "委员会",
    "总局", "领导小组", "中心", "日报", "晚报", "时报", "新闻", "周刊", "杂志", "频道", "客户端", "在线", "门户",
    "平台", "网站",
    "号令", "施行", "实施", "执行", "生效", "废止", "失效", "有效", "全文有效", "本办法", "签发人",
    # bylines
    "佚名", "管理员", "本网", "本站", "未知", "不详", "暂无", "原创", "星期", "上午", "下午", "晚上", "截止", "截至",
    # the original of a repost
    "原文链接", "原文地址", "原文网址", "原文出处", "源文链接", "阅读原文", "查看原文", "原文", "来源链接",
    "来源网址", "新闻链接",
    "信息链接", "文章链接", "文章地址", "原始链接", "链接", "地址", "网址", "转载", "凡本网", "注明",
    # lists and pagers
    "首页", "第一页", "上一页", "上页", "前一页", "下一页", "下页", "后一页", "尾页", "末页", "最后一页", "跳转",
    "总共", "共有", "总计",
    "合计", "条记录", "记录", "列表", "分页", "更多", "查看更多", "更多内容", "通知公告", "公示公告", "政策文件",
    "政策法规", "工作动态",
    "民政要闻", "信息公开", "政务公开", "法定主动公开内容", "公开目录", "导航", "菜单", "面包屑", "栏目", "置顶",
    "详情",
    # what stands around a text
    "当前位置", "您的位置", "所在位置", "现在位置", "您所在的位置", "您现在的位置", "打印本页", "打印正文",
    "关闭窗口", "关闭本页", "收藏本页",
    "我要纠错", "网站纠错", "返回顶部", "返回首页", "返回列表", "返回", "调整字体", "放大", "缩小", "默认", "超大",
    "繁体", "推荐", "微信", "微博",
    "朋友圈", "朗读", "语音播报", "保存", "次数", "扫一扫", "在手机打开当前页", "手机", "打开当前页", "扫描二维码",
    "二维码", "扫码", "登录", "注册",
    "关注", "公众号", "归档时间", "原题", "图片来源", "供图", "截图", "资料图", "图片", "转载请注明", "未经", "授权",
    "许可", "您的浏览器", "浏览器",
    "相关附件", "相关新闻", "相关阅读", "相关链接", "相关文章", "相关报道", "相关稿件", "相关文档", "相关政策",
    "相关解读", "解读",
    "推荐阅读", "延伸阅读", "热门推荐", "最新", "热点", "网友评论", "发表评论", "标签", "上一篇", "上一条", "下一篇",
    "下一条", "前一篇", "后一篇",
    "免责声明", "版权声明", "特别声明", "重要声明", "郑重声明", "转载声明", "声明", "版权所有", "版权", "侵权",
    "主办单位", "主办", "承办单位", "承办",
    "网站标识码", "备案", "公网安备", "网站地图", "联系我们", "全文", "附件下载", "点击下载", "点此下载", "查看",
    "预览", "抄送", "印发机关",
    # pages that are none
    "访问的", "查看的", "请求的", "不存在", "已被删除", "被删除", "删除", "找不到", "未找到", "已失效", "已下线",
    "页面", "网页", "文件", "资源", "信息", "文章", "内容",
)
# fmt: on

_SHIELDS: Final = (mark for shield in SHIELDS for mark in (*shield.body, *shield.title, *shield.script))

KEPT_WORDS: Final = frozenset(
    (
        *_WORDS,
        *(f"本{kind}自" for kind in ("办法", "规定", "细则", "条例", "通知", "意见", "方案", "规则", "公告", "决定")),
        *("日起施行", "日起实施", "日起执行", "日起生效", "起施行", "起实施", "起执行"),
        *(label for labels in LABELS.values() for label in labels),
        *(run for mark in _SHIELDS for run in re.findall("[一-龥]{2,}", mark)),
    )
)
"""Every word that a fixture keeps where it stands; single characters are kept by their place only."""

TAILS: Final = frozenset("局厅部委办处网报社台院校令函")
"""Characters that make a name of what they end: an agency's, a medium's."""

VOCABULARY: Final = tuple(
    char
    for char in (
        "山水田林云风花草木石河湖江海春夏秋冬竹松柏梅兰菊桃李杏柳杨桐枫荷莲茶米麦豆瓜果桑麻棉丝布纸笔墨砚琴棋"
        "书画诗歌舞星辰露霜雪雨雷虹霞烟雾泉溪潭池塘岛岸滩沙洲峰岭谷坡崖洞桥路亭台楼阁塔井墙瓦砖窗灯炉壶碗盘杯"
        "篮筐伞扇帆船车马牛羊鹿兔鹤雁燕莺鸽鹰蝶蜂蝉鱼虾蟹龟贝珠玉金银铜铁锡红橙黄绿青蓝紫白黑灰粉朱丹碧翠苍素"
        "晨晓午暮夜晴阴凉暖香甜酸苦清静幽宁和安康乐欢喜笑语歌吟行走奔飞游泳耕种采摘织编刻雕烧煮酿晒磨锄犁耙弓"
        "箭旗鼓锣铃笛箫"
    )
    if char not in frozenset("".join(KEPT_WORDS)) | TAILS
)
"""What invented text is made of; no character of it stands in a kept word, so that none arises by chance."""
