"""Pieces of Datasette's own templates that call our functions: where English is made in Python, or words are missing.

What they call is `minzheng` of `archive.browse.stock.loader`, and `say`. A test holds them against Datasette 0.65.
"""

from __future__ import annotations

from typing import Final

from archive.browse.stock.phrases import Phrase

_QUERY: Final = "{{ database }}{% if query and query.sql %}: {{ query.sql }}{% endif %}"
_TABLE: Final = '<h3><a href="{{ urls.table(database, table.name) }}">{{ table.name }}</a>'
_HOME: Final = """<p><a href="{{ urls.instance() }}">{{ say('回首页', 'Home') }}</a></p>"""
_ROW_HEAD: Final = "{{ ', '.join(primary_key_values) }}{% if private %} 🔒{% endif %}</h1>"
_FACET: Final = "<strong>{{ facet_info.name }}"
_ROW: Final = "{% include custom_table_templates %}\n\n"
_OUR_ROW: Final = (
    "{% include custom_table_templates[:-1] + ['minzheng_row.html'] if minzheng.is_ours(database) "
    "else custom_table_templates %}\n\n"
)
_LINKS: Final = "{% if foreign_key_tables %}"
_FIRST_SQL: Final = (
    "{% if tables %}select * from {{ tables[0].name|escape_sqlite }}{% else %}select sqlite_version(){% endif %}"
)
_FIRST_EXPRESSION: Final = "'select * from ' ~ (tables[0].name|escape_sqlite) if tables else 'select sqlite_version()'"

CODE: Final[tuple[Phrase, ...]] = (
    # a canned query is known by its title, also among the tabs of a browser
    (_QUERY, "{% if canned_query and metadata.title %}{{ metadata.title }}{% else %}" + _QUERY + "{% endif %}"),
    ("</nav></header>", "{{ minzheng.languages(request) }}</nav></header>"),
    (
        '<a href="{{ item.href }}">{{ item.label }}</a>',
        '<a href="{{ item.href }}">{{ minzheng.crumb(item.label) }}</a>',
    ),
    ("{{ show_hide_text }}", "{{ minzheng.shown(show_hide_text) }}"),
    ("{{ display }}</option>", "{{ minzheng.lookup(key, display) }}</option>"),
    ('<p class="message-error">{{ error }}</p>', '<p class="message-error">{{ minzheng.error(error) }}</p>'),
    (">{{ error }}</div>", ">{{ minzheng.error(error) }}</div>" + _HOME),
    ("{% if title %}{{ title }}{% else %}", "{% if title %}{{ minzheng.error(title) }}{% else %}"),
    ("{{ human_description_en }}", "{{ minzheng.selection(human_description_en, request, filters, sort, sort_desc) }}"),
    ('">{{ name }}</label>', '">{{ minzheng.parameter(database, name) }}</label>'),
    ('scope="col">{{ column }}</th>', 'scope="col">{{ column }}{{ minzheng.heading(database, column) }}</th>'),
    (
        "{{ column.name }}\n                        {% else %}",
        "{{ column.name }}{{ minzheng.heading(database, column.name, column.description) }}{% else %}",
    ),
    (
        "{{ column.name }}&nbsp;▼</a>",
        "{{ column.name }}&nbsp;▼{{ minzheng.heading(database, column.name, column.description) }}</a>",
    ),
    (
        "&nbsp;▲{% endif %}</a>",
        "&nbsp;▲{% endif %}{{ minzheng.heading(database, column.name, column.description) }}</a>",
    ),
    *(
        (piece, f"{piece} aria-label=\"{{{{ say('{zh}', '{en}') }}}}\"")
        for one in ("", "_{{ loop.index }}")
        for piece, zh, en in (
            (f'<select name="_filter_column{one}"', "列", "Column"),
            (f'<select name="_filter_op{one}"', "条件", "Condition"),
            (f'<input type="text" name="_filter_value{one}"', "值", "Value"),
        )
    ),
    (
        '<select name="_sort" id="sort_by"',
        """<select name="_sort" id="sort_by" aria-label="{{ say('排序', 'Sort by') }}" """.rstrip(),
    ),
    (_TABLE, _TABLE + "{{ minzheng.titled(database, table.name) }}"),
    (_ROW_HEAD, _ROW_HEAD + "{{ minzheng.notice_page(database, table, rows) }}"),
    (_FIRST_SQL, "{{ minzheng.example(database) or (" + _FIRST_EXPRESSION + ") }}"),
    ("{% if views %}", "{% if views|rejectattr('name', 'in', minzheng.inner_views)|list %}"),
    ("{% for view in views %}", "{% for view in views if view.name not in minzheng.inner_views %}"),
    (_FACET, _FACET + "{{ minzheng.heading(database, facet_info.name, minzheng.column(table, facet_info.name)) }}"),
    (_ROW + _LINKS, _OUR_ROW + "{% if foreign_key_tables|selectattr('count')|list %}"),
    ("{% for other in foreign_key_tables %}", "{% for other in foreign_key_tables if other.count %}"),
)
"""Pieces of template source of 0.65, and what stands there in either language."""

NEWER_CODE: Final[tuple[Phrase, ...]] = (
    # 1.0a41 empties the search box: its template is not given what was searched for
    (
        'name="_search" value="{{ search }}"',
        """name="_search" value="{{ search or request.args.get('_search', '') }}" """.rstrip(),
    ),
    ('">{{ parameter }}</label>', '">{{ minzheng.parameter(database, parameter) }}</label>'),
)
"""Pieces that only Datasette 1.0 has."""
