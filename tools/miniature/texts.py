"""Notices that nobody issued: titles and paragraphs of our own, varied by place, number and day.

Each topic has an opening and six sentences with places for a town and numbers; a notice takes four of them, so that
two notices of one topic share neither their numbers nor all their sentences.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One notice: what every page that shows it has to say."""

    title: str
    agency: str
    published_on: date
    written_on: date
    paragraphs: tuple[str, ...]
    number: str | None = None
    """Its document number."""
    index: str = ""
    """Its index number on the bureau's own page."""
    subject: str = ""

    def shown_on(self, day: date) -> Text:
        """The same text as another site shows it, on a day of its own."""
        return replace(self, published_on=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who issues: full name, short name in document numbers, the towns below it, the body of its index numbers."""

    name: str
    short: str
    towns: tuple[str, ...]
    body: str


def write(agency: Agency, topic: int, day: date) -> Text:
    """The agency's notice on a topic, published on a day; the same arguments give the same text."""
    chance = random.Random(f"{agency.name} {topic} {day}")  # noqa: S311 - variety, not secrecy
    kind, title, opening, sentences = TOPICS[topic % len(TOPICS)]
    place = agency.name.removesuffix("民政局").removesuffix("民政厅")
    written = day - timedelta(days=chance.randint(0, 3))
    serial = chance.randint(11, 96)
    formal = kind in ("通知", "公告", "通报")
    values = {"agency": agency.name, "place": place, "year": f"{day.year}", "month": f"{day.month}"}
    chosen = sorted(chance.sample(range(len(sentences)), 4))
    lines = [_fill(opening, values, agency, chance)]
    marks = "一二三四" if formal else ""
    for place_, which in enumerate(chosen):
        line = _fill(sentences[which], values, agency, chance)
        lines.append(f"{marks[place_]}、{line}" if marks else line)
    return Text(
        title=_fill(title, values, agency, chance),
        agency=agency.name,
        published_on=day,
        written_on=written,
        paragraphs=tuple(lines),
        number=f"{agency.short}〔{day.year}〕{serial}号" if kind == "通知" else None,
        index=f"{agency.body}/{day.year}-{chance.randint(100, 999):05}",
        subject=kind,
    )


def _fill(form: str, values: dict[str, str], agency: Agency, chance: random.Random) -> str:
    towns = chance.sample(agency.towns, 2)
    numbers = {name: str(chance.randint(low, high)) for name, (low, high) in _RANGES.items()}
    return form.format(**values, town=towns[0], other=towns[1], **numbers)


_RANGES = {"few": (3, 19), "some": (21, 98), "many": (112, 978), "sum": (1205, 9840), "d": (2, 27)}

TOPICS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "通知",
        "{agency}关于开展{year}年度低保对象复核工作的通知",
        "为把救助资金用到最需要的家庭，现就年度低保对象复核有关事项通知如下。",
        (
            "复核从{month}月{d}日开始，先查{town}、{other}，再查其余各地，{few}个工作日内完成入户。",
            "家庭收入、车辆和房产以核对平台的报告为准，报告与申报相差{sum}元以上的，须当面说明。",
            "本次共抽查{many}户，抽查名单由系统随机产生，任何人不得调换。",
            "对退出低保的家庭给予{few}个月的渐退期，期间继续享受医疗救助。",
            "复核表一式两份，一份留存{town}民政服务站，一份随月报报送。",
            "有举报的，{few}日内核实并答复举报人，答复情况另册登记。",
        ),
    ),
    (
        "公示",
        "{place}{year}年第二批高龄津贴新增发放对象公示",
        "经本人申请、村居核对、镇街审核，下列对象拟纳入高龄津贴发放范围，现予公示。",
        (
            "本批新增{many}人，其中{town}{some}人，{other}{few}人，均已年满八十周岁。",
            "津贴按月打入社会保障卡，八十至八十九周岁每人每月{some}元。",
            "公示期为五个工作日，对公示有异议的可拨打民政服务电话反映。",
            "百岁以上老人{few}名，由工作人员上门办理，不必本人到场。",
            "已故对象的津贴自次月起停发，多领的{sum}元已全部追回。",
            "名单张贴在{town}便民服务中心，网上不公布身份证号和住址。",
        ),
    ),
    (
        "公告",
        "{agency}关于{year}年社会组织抽查检查结果的公告",
        "根据年度计划，我单位会同有关部门对登记的社会组织进行了抽查，现将结果公告如下。",
        (
            "共抽查社会团体{some}家、民办非企业单位{few}家，基本合格{few}家。",
            "{town}书画协会等{few}家单位未按章程换届，责令{d}日内改正。",
            "财务抽查发现票据不全的问题{some}处，涉及金额{sum}元，已移交审计。",
            "连续两年不参加年检的{few}家单位列入活动异常名录，满一年不改的予以撤销。",
            "{other}志愿服务队等单位制度健全，评估时予以加分。",
            "对结果不服的，可以自公告之日起六十日内申请复议。",
        ),
    ),
    (
        "动态",
        "{place}举办养老护理员技能培训班开班仪式",
        "近日，{agency}在{town}举办养老护理员技能培训班，来自各养老机构的学员参加了开班仪式。",
        (
            "培训为期{few}天，分理论和实操两段，考核合格的发给证书，补贴{sum}元。",
            "{other}敬老院的护理员演示了失能老人翻身和喂食，学员轮流上手练习。",
            "授课老师来自市属医院和职业学校，共{few}名，其中主任护师{few}名。",
            "今年以来已举办同类培训{few}期，受训{many}人次，上岗率超过九成。",
            "学员们说，学到的手法马上就能用上，回去要教给身边的同事。",
            "下一步，还将把培训送到{town}等偏远乡镇，方便当地护理员就近参加。",
        ),
    ),
    (
        "通知",
        "{agency}关于做好{year}年汛期困难群众救助准备的通知",
        "今年降雨偏多，为防止因灾影响困难群众生活，现就汛期救助准备工作通知如下。",
        (
            "各地要在{month}月{d}日前盘点救灾帐篷、棉被和折叠床，缺口报我单位调拨。",
            "{town}、{other}沿河的{some}户分散供养对象，逐户落实转移联系人。",
            "敬老院要检查屋顶、电路和排水沟，发现漏雨的{few}日内修好。",
            "临时救助备用金按每个乡镇{sum}元预拨，先用后报。",
            "值班电话全天有人接听，灾情发生后{few}小时内首报。",
            "对返贫风险较高的{many}户监测户每周走访一次，记录在册。",
        ),
    ),
    (
        "公告",
        "{agency}关于{town}等地婚姻登记处搬迁的公告",
        "因办公场所调整，部分婚姻登记处将搬迁新址办公，现公告如下。",
        (
            "{town}婚姻登记处自{month}月{d}日起迁至便民中心二楼，原址不再受理。",
            "搬迁期间暂停办理{few}天，急需办理的可到{other}登记处。",
            "新址设有颁证厅{few}间，预约可在网上提前{some}天进行。",
            "离婚登记冷静期内的当事人，到新址领证即可，不必重新申请。",
            "婚姻档案共{sum}卷随迁，查档业务延后{few}天恢复。",
            "登记处停车位只有{few}个，请尽量乘坐公交前往。",
        ),
    ),
    (
        "动态",
        "{place}儿童福利机构开展夏令营活动见闻",
        "七月的一个早晨，{agency}所属儿童福利院的孩子们登上了去{town}的大巴，夏令营开始了。",
        (
            "{few}名孩子在志愿者的陪伴下参观了水电站和气象站，笔记写了{some}页。",
            "中午，孩子们在{other}的农家吃饭，自己洗碗，自己收拾桌子。",
            "最小的孩子只有六岁，第一次看到稻田，蹲在田埂上不肯走。",
            "活动经费{sum}元全部来自社会捐赠，账目在院内公开。",
            "带队老师说，出门一趟，平时不爱说话的孩子也说了{some}句话。",
            "院里已经约好，明年再来，还要带上{few}名新朋友。",
        ),
    ),
    (
        "通知",
        "{agency}关于规范{year}年殡葬服务价格的通知",
        "为减轻群众丧葬负担，根据价格管理的有关规定，现就规范殡葬服务价格通知如下。",
        (
            "遗体接运、存放、火化和骨灰寄存四项基本服务，对户籍居民免费，最高减免{sum}元。",
            "{town}殡仪馆、{other}公墓须在大厅公布全部收费项目，共{some}项，一项不漏。",
            "选择性服务由丧属自愿选择，单次告别厅租用不超过{many}元。",
            "骨灰盒按进价加价不得超过三成，低价款式不少于{few}种。",
            "每季度末由价格和民政两家联合检查一次，结果公开。",
            "违反规定多收的，十倍退还并记入{few}年的信用记录。",
        ),
    ),
    (
        "公示",
        "{place}{year}年度慈善捐赠资金使用情况公示",
        "为接受社会监督，现将本年度接收的慈善捐赠资金使用情况公示如下。",
        (
            "全年接收捐款{sum}笔，其中定向捐款{many}笔，按捐赠人意愿使用。",
            "用于{town}助学项目的资金资助学生{some}名，每人每学期八百元。",
            "用于{other}助医项目的资金资助大病家庭{few}户，均有票据。",
            "项目管理费占百分之{few}，低于法定比例，主要用于审计。",
            "结余资金转入下一年度，存放在专户，利息{sum}元一并入账。",
            "捐赠人可以凭票号查询去向，查询窗口每周二开放。",
        ),
    ),
    (
        "通知",
        "{agency}关于推进{year}年地名标志更新工作的通知",
        "部分道路标志褪色、缺损，给群众出行带来不便，现就地名标志更新工作通知如下。",
        (
            "更新范围为{town}、{other}建成区的道路、桥梁和住宅区，共{many}块。",
            "标志采用蓝底白字反光材料，罗马字母拼写用汉语拼音，不得用英文。",
            "一路多名的由镇街提出意见，{few}月底前统一，报我单位备案。",
            "门牌丢失的住户可以免费补领，每户一块，预计补发{sum}块。",
            "旧牌统一回收，不得转卖；有纪念价值的{few}块送档案馆。",
            "施工时要错开上下学时段，每个路口不超过{some}分钟。",
        ),
    ),
    (
        "动态",
        "{place}社会工作站驻站社工走进村屯的一天",
        "清晨七点，{town}社会工作站的社工背着资料袋出门了，今天要走{few}户人家。",
        (
            "第一户是独居老人，社工帮他把{few}张药费单子理好，约了下周的车。",
            "第二户的孩子跟着奶奶生活，作业本上有{some}个红叉，社工坐下来讲了一个钟头。",
            "到{other}时已过中午，几个人在小卖部门口吃了碗面，接着走。",
            "这个站建成以来，登记服务对象{many}名，个案结案{few}件。",
            "站里的账很简单：一年{sum}元的经费，花在交通和活动材料上。",
            "傍晚回到站里，社工把一天的走访写进台账，明天还有{few}户。",
        ),
    ),
    (
        "通报",
        "{agency}关于{year}年上半年救助管理工作情况的通报",
        "上半年，各地认真做好生活无着的流浪乞讨人员救助管理工作，现将有关情况通报如下。",
        (
            "全域共救助{many}人次，其中未成年人{few}人次，护送返乡{some}人次。",
            "{town}救助站寻亲成功{few}例，其中一例离家已有{some}年。",
            "{other}存在巡查记录不全的问题，抽查{some}天中有{few}天没有签字。",
            "长期滞留人员落户安置{few}人，落户后纳入特困供养。",
            "开放日接待居民{many}人，收到意见{few}条，均已答复。",
            "下半年要重点抓好冬夜巡查，车辆和棉被在{d}日前备齐。",
        ),
    ),
    (
        "公告",
        "{agency}关于公开征集{year}年养老服务体验员的公告",
        "为了解养老机构的服务质量，我单位面向社会征集养老服务体验员，现公告如下。",
        (
            "征集名额{few}名，六十周岁以上、身体健康的常住居民均可报名。",
            "体验员每季度到{town}、{other}的养老机构住满一天，填写体验表{few}页。",
            "报名截止{month}月{d}日，可以电话报名，也可以由子女代报。",
            "体验期间食宿免费，另发交通补助{some}元，意外保险由我单位购买。",
            "体验结果作为评星的参考，占总分的百分之{few}。",
            "上一批体验员提出意见{many}条，八成已经整改。",
        ),
    ),
    (
        "通知",
        "{agency}关于加强{year}年困境儿童保障档案管理的通知",
        "为准确掌握困境儿童情况，做到一人一档，现就加强档案管理有关要求通知如下。",
        (
            "在册的{many}名儿童按散居、集中、事实无人抚养三类建档，{d}日前补齐照片。",
            "{town}、{other}的儿童主任每月见面一次，见面记录不少于{some}字。",
            "基本生活费按每人每月{sum}元发放，监护人账户变更须双人核验。",
            "年满十八周岁仍在校就读的{few}人继续保障到毕业。",
            "档案只许指定的{few}人查看，不得拍照外传。",
            "转学、迁居的，转出地{few}日内把档案移交转入地。",
        ),
    ),
    (
        "动态",
        "{place}老年大学{year}年秋季班报名侧记",
        "还没到开门时间，{town}老年大学门口已经排起了队，秋季班今天报名。",
        (
            "书法、声乐、智能手机三个班最抢手，{few}分钟就报满了{some}个名额。",
            "七十三岁的学员说，她从{other}坐公交车来，路上要{some}分钟。",
            "学校新添了{few}间教室，教室里的桌椅按老年人的身高做了调整。",
            "学费每门{some}元，低保老人免费，已有{few}人办理了免费手续。",
            "今年开设课程{few}门，教师{some}名，其中一半是退休教师。",
            "没报上名的老人可以登记候补，候补名单贴在门厅，共{many}人。",
        ),
    ),
    (
        "公示",
        "{place}{year}年拟评定四星级养老机构名单公示",
        "经机构申请、现场评估、专家评审，拟评定下列养老机构为四星级，现予公示。",
        (
            "{town}颐养院得分{some}，床位{many}张，医务室与乡镇卫生院签约。",
            "{other}康乐苑得分{some}，护理型床位占比超过六成。",
            "现场评估用时{few}天，抽查护理记录{many}份，访谈老人{some}位。",
            "两家机构存在的问题共{few}条，已在评审前改正。",
            "评定后按床位给予运营补贴，每张每年{sum}元，有效期三年。",
            "公示期内的来信来电由监察人员受理，{few}日内答复。",
        ),
    ),
    (
        "通知",
        "{agency}关于开展{year}年婚俗改革示范点创建的通知",
        "为倡导简约适度的婚俗礼仪，决定开展婚俗改革示范点创建，现将有关事项通知如下。",
        (
            "示范点分乡镇和村居两级，{town}、{other}先行，名额各{few}个。",
            "红白理事会要把彩礼、酒席、礼金的约定写进村规民约，酒席不超过{some}桌。",
            "集体颁证每季度一次，由村里的长者或劳动模范担任颁证人。",
            "创建经费按每个点{sum}元补助，验收合格后拨付。",
            "验收时随机走访{some}户，满意率低于八成的不予通过。",
            "各地{month}月{d}日前报送申报表，逾期不再受理。",
        ),
    ),
    (
        "通报",
        "{agency}关于{year}年养老机构消防安全检查情况的通报",
        "近期，我单位会同消防部门对养老机构进行了消防安全检查，现将情况通报如下。",
        (
            "共检查机构{some}家，发现隐患{many}处，当场改正{some}处。",
            "{town}某养老院疏散通道堆放杂物，限{few}日内清理，已复查合格。",
            "{other}两家机构的灭火器过期，共{few}具，全部更换。",
            "微型消防站人员抽考合格率为百分之{some}，不合格的补考。",
            "电动自行车一律不得进楼充电，院外充电棚{few}月底前建成。",
            "夜间值班人员与老人的比例不得低于一比{some}。",
        ),
    ),
    (
        "通知",
        "{agency}关于调整{year}年临时救助小额审批权限的通知",
        "为提高救助时效，经研究决定调整临时救助小额审批权限，现通知如下。",
        (
            "单次{sum}元以下的由乡镇审批，{few}个工作日内办结并张榜。",
            "{town}、{other}作为试点，可以先行救助后补手续，期限{some}天。",
            "备用金每季度核销一次，余额低于{sum}元的及时补足。",
            "同一家庭一年内不超过{few}次，重大变故的另行研究。",
            "审批表由经办人和分管负责人共同签字，留存{few}年。",
            "超过权限审批的，责任由审批单位承担，资金收回。",
        ),
    ),
    (
        "动态",
        "{place}{town}救助站帮助走失老人回家记",
        "凌晨一点，{town}救助站的电话响了：派出所在路边发现一位说不清住址的老人。",
        (
            "工作人员给老人换上棉衣，煮了一碗面，从口音判断他来自{other}一带。",
            "比对了{many}条走失信息，{few}个小时后，终于有一条对上了。",
            "老人的儿子开了{many}公里的车赶来，父子俩在门口站了很久。",
            "今年该站已帮助{some}人回家，其中老年人{few}名。",
            "站长说，巡查队每晚走{few}条街，遇见睡在外面的人先递上一杯热水。",
            "临走时，家属送来锦旗，站里婉拒了{many}元谢礼。",
        ),
    ),
)
"""Kind, title, opening and sentences of each topic."""
