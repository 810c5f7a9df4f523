"""What Datasette's own templates say, in Chinese: pieces of template source, and what stands there instead.

A piece is as Datasette writes it, with its tags and expressions, so that it is found at its own place only and the
Chinese may put its words in another order. What is not listed stays English. A test holds it against Datasette 0.65.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Phrase = tuple[str, str]
"""A piece of template source, and the piece that stands there on a Chinese page."""


def _number(count: str) -> str:
    return f'{{{{ "{{:,}}".format({count}) }}}}'


def _with(before: str, english: str, chinese: str) -> Phrase:
    return before + english, before + chinese


def _counted(count: str, noun: str, chinese: str) -> Phrase:
    """A number with its noun, where English has a plural."""
    return _with(_number(count), f" {noun}{{% if {count} == 1 %}}{{% else %}}s{{% endif %}}", f" {chinese}")


_DATASETTE: Final = '<a href="https://datasette.io/" title="Datasette v{{ datasette_version }}">Datasette</a>'
_FOUND: Final = _number("display_rows|length")

EVERYWHERE: Final[tuple[Phrase, ...]] = (
    (">Menu</title>", ">菜单</title>"),
    (">Log out</button>", ">退出</button>"),
    (f"Powered by {_DATASETTE}", f"由 {_DATASETTE} 提供"),
    ("Queries took {{ query_ms|round(3) }}ms", "查询用时 {{ query_ms|round(3) }} 毫秒"),
    ("Data license:", "数据许可："),
    ("Data source: ", "数据来源："),
    ("About: ", "关于："),
    ("Error {{ status }}", "错误 {{ status }}"),
    ("<p>This data as ", "<p>下载本页数据："),
    ('class="export-links">This data as ', 'class="export-links">下载本页数据：'),
)

FRONT: Final[tuple[Phrase, ...]] = (
    _with(_number("database.table_rows_sum"), " rows in ", " 行，"),
    _with(_number("database.hidden_table_rows_sum"), " rows in ", " 行，"),
    _with("{{ database.tables_count }}", " table{% if database.tables_count != 1 %}s{% endif %}", " 张表"),
    _with(
        "{{ database.hidden_tables_count }}",
        " hidden table{% if database.hidden_tables_count != 1 %}s{% endif -%}",
        " 张隐藏的表",
    ),
    _with(_number("database.views_count"), " view{% if database.views_count != 1 %}s{% endif %}", " 个视图"),
    ('title="{{ table.count }} rows"', 'title="{{ table.count }} 行"'),
)

DATABASE: Final[tuple[Phrase, ...]] = (
    ("<h3>Custom SQL query</h3>", "<h3>自己写 SQL 查询</h3>"),
    (">Format SQL</button>", ">整理格式</button>"),
    ('value="Run SQL"', 'value="运行"'),
    ("The following databases are attached to this connection", "以下数据库已连在一起"),
    (", and can be used for cross-database joins:", "，可跨库查询："),
    ("type='table'\">tables</a>", "type='table'\">各表</a>"),
    ('<h2 id="queries">Queries</h2>', '<h2 id="queries">现成的查询</h2>'),
    ('<h2 id="tables">Tables', '<h2 id="tables">各表'),
    ("<em> (hidden)</em>", "<em>（隐藏）</em>"),
    ("Many rows", "行数很多"),
    _counted("table.count", "row", "行"),
    ("<p>... and <a", "<p>另有 <a"),
    _counted("hidden_count", "hidden table", "张隐藏的表"),
    ('<h2 id="views">Views</h2>', '<h2 id="views">视图</h2>'),
    ("Download SQLite DB:", "下载 SQLite 数据库："),
)

QUERY: Final[tuple[Phrase, ...]] = (
    ("This query cannot be executed because the database is immutable.", "数据库不可改写，不能执行此查询。"),
    (
        "<h3>Custom SQL query{% if display_rows %} returning {% if truncated %}more than {% endif %}"
        + _FOUND
        + " row{% if display_rows|length == 1 %}{% else %}s{% endif %}{% endif %}",
        "<h3>查询{% if display_rows %}，得{% if truncated %}超过{% endif %} " + _FOUND + " 行{% endif %}",
    ),
    ("<h3>Query parameters</h3>", "<h3>条件（留空即不限）</h3>"),
    (">Edit SQL</a>", ">编辑 SQL</a>"),
    (">0 results</p>", ">没有结果</p>"),
)

TABLE: Final[tuple[Phrase, ...]] = (
    _counted("filtered_table_rows_count", "row", "行"),
    (">Table actions</title>", ">操作</title>"),
    (" (view)", "（视图）"),
    (">Search:</label>", ">检索：</label>"),
    (">- remove filter -<", ">— 去掉这一条件 —<"),
    (">- column -<", ">— 列 —<"),
    (">Sort...<", ">排序…<"),
    (">Sort by {{ column.name }}<", ">按 {{ column.name }} 排序<"),
    ("> descending</label>", "> 从大到小</label>"),
    ('value="Apply"', 'value="应用"'),
    (
        "{{ extra_wheres_for_ui|length }} extra where clause{% if extra_wheres_for_ui|length != 1 %}s{% endif %}",
        "另加 {{ extra_wheres_for_ui|length }} 个 where 条件",
    ),
    (">remove</a>]", ">去掉</a>]"),
    (">View and edit SQL</span>", ">查看和编辑 SQL</span>"),
    ('(<a href="#export">advanced</a>)', '（<a href="#export">更多选项</a>）'),
    ("Suggested facets: ", "可作分面："),
    ("These facets timed out: ", "以下分面超时："),
    (">0 records</p>", ">没有记录</p>"),
    (">Next page</a>", ">下一页</a>"),
    (">Advanced export</h3>", ">更多下载选项</h3>"),
    ("<p>JSON shape:", "<p>JSON 形式："),
    (">default</a>", ">默认</a>"),
    (">array</a>", ">数组</a>"),
    (">newline-delimited</a>", ">每行一条</a>"),
    (">object</a>", ">对象</a>"),
    ("CSV options:", "CSV 选项："),
    ("> download file</label>", "> 存为文件</label>"),
    ("> expand labels</label>", "> 附上名称</label>"),
    ("> stream all rows</label>", "> 全部行</label>"),
    ('value="Export CSV"', 'value="导出 CSV"'),
)

ROW: Final[tuple[Phrase, ...]] = (
    ("<h2>Links from other tables</h2>", "<h2>其他表中与此相连的行</h2>"),
    _counted("other.count", "row", "行"),
    (
        "from {{ other.other_column }} in {{ other.other_table }}",
        "在 {{ other.other_table }} 表的 {{ other.other_column }} 列",
    ),
)

NEWER: Final[tuple[Phrase, ...]] = (
    (">Jump to... <kbd", ">跳转到… <kbd"),
    (">count all</button>", ">数全部</button>"),
    _counted("count", "row", "行"),
    _with(_number("count - 1"), "+ rows", "+ 行"),
    _with(_number("table.count - 1"), " rows", " 行"),
    ('value="Apply filters"', 'value="应用条件"'),
    (">Choose columns</button>", ">选择列</button>"),
    ("<span>Column actions</span>", "<span>列的操作</span>"),
    ("<h2>Parameters</h2>", "<h2>条件（留空即不限）</h2>"),
    ('/-/schema">schema</a>', '/-/schema">结构</a>'),
    (">Save this query</a>", ">保存此查询</a>"),
    (
        f"View {_number('queries_count')} quer{{% if queries_count == 1 %}}y{{% else %}}ies{{% endif %}}",
        f"全部 {_number('queries_count')} 个查询",
    ),
)
"""Pieces that only Datasette 1.0 has."""

PHRASES: Final = (*EVERYWHERE, *FRONT, *DATABASE, *QUERY, *TABLE, *ROW)
"""Every piece that Datasette 0.65 has."""

ERRORS: Final[Mapping[str, str]] = {
    "Database not found": "没有这个数据库",
    "Table not found": "没有这张表",
    "Record not found": "没有这一行",
    "No archive of notices is served here": "这里没有公告档案",
    "You do not have permission to view this": "无权查看此页",
    "Permission denied": "无权进行此操作",
    "Database download is forbidden": "不提供数据库下载",
    "<p>SQL query took too long": "查询超时，可缩小范围再试",
    "SQL query took too long": "查询超时，可缩小范围再试",
    "Invalid SQL": "SQL 有误",
    "no such table": "没有这张表",
    "no such column": "没有这一列",
    "no such function": "没有这个函数",
    "near ": "SQL 语法有误",
    "incomplete input": "SQL 不完整",
    "You can only execute one statement": "一次只能执行一条语句",
    "SQL Interrupted": "查询中断",
    "Statement must be a SELECT": "只能执行 SELECT 语句",
    "Forbidden": "不允许",
    "_where= is not allowed": "不允许使用 _where",
    "Cannot search by that column": "不能检索该列",
    "Cannot sort table by": "不能按该列排序",
    "_size must be": "每页行数 _size 有误",
}
"""Beginnings of messages that Datasette makes itself, and what a Chinese page says; the message stands behind it."""

LOOKUPS: Final[Mapping[str, str]] = {
    "contains": "包含",
    "notcontains": "不包含",
    "endswith": "结尾是",
    "startswith": "开头是",
    "like": "符合（like）",
    "notlike": "不符合（like）",
    "glob": "符合（glob）",
    "in": "属于",
    "notin": "不属于",
    "arraycontains": "（JSON 数组）含",
    "arraynotcontains": "（JSON 数组）不含",
    "date": "日期为",
    "isnull": "无值（null）",
    "notnull": "有值（非 null）",
    "isblank": "为空",
    "notblank": "不为空",
}
"""Keys of filters, and what a Chinese page calls them; the others are signs."""
