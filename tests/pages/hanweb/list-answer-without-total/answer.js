

totalPage = 3;dataStore = ['<li><a href="/art/2016/4/29/art_30067_2190.html">白桦市民政局关于行政区划界线联检的公告</a><span>2016-04-29</span></li>',
'<li><a href="/art/2016/4/12/art_30067_2175.html">关于公布养老服务设施规划的公告</a><span>2016-04-12</span></li>']
/* Traps: an answer that is a script and states no total: as many records as were asked for, so there may be more. */
