"""A Datasette asked in process, and an archive with one well-traced notice for it to show."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from sqlite_utils import Database

from tests.build import PORTAL, a_capture, a_citation, a_copy, a_notice, a_revision, a_source, an_archive


def run_apart(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives, run in a thread of its own: in the tests' own one Playwright may keep a loop running."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class Browser:
    """A Datasette asked in process; answers are httpx responses, redirects not followed."""

    def __init__(self, datasette: Datasette) -> None:
        self.datasette = datasette

    def get(self, path: str) -> Any:
        return run_apart(self.datasette.client.get(path))

    def found(self, search: str) -> set[str]:
        answer = self.get(self.datasette.urls.path(f"/notices/notices.json?_shape=array&_size=max&_search={search}"))
        assert answer.status_code == 200, answer.text
        return {row["id"] for row in answer.json()}

    def close(self) -> None:
        for database in self.datasette.databases.values():
            database.close()
        self.datasette.executor.shutdown()


def traced(path: Path) -> dict[str, str]:
    """A notice with two copies, an edit, failed captures and evidence; gives ids by name."""
    db = an_archive(path)
    a_source(db, "zhuanzai", kind="portal", agency="示例转载网", home=PORTAL)
    url = "https://mzj.shili.example/tzgg/202103/t20210301_1.html"
    original = "mzj.shili.example/tzgg/202103/t20210301_1.html"
    text = "各区县民政局：\n第一段。\n第二段。"
    notice = a_notice(
        db,
        "关于提高低保标准的通知",
        text,
        url=url,
        document_number="示民发〔2021〕15号",
        issuing_agency="示例市民政局",
        published_on="2021-03-01",
    )
    db["copies"].update(original, {"evidence": '{"title": "meta:ArticleTitle"}'})
    fields = '{"evidence": {"title": "meta:ArticleTitle"}}'
    a_revision(db, original, text=text, changed='["title"]', seen_at="2026-04-01T00:00:00Z", fields=fields)
    db["attachments"].insert(
        {
            "copy": original,
            "url": "https://mzj.shili.example/f/1.xlsx",
            "name": "标准表",
        }
    )
    a_copy(
        db,
        notice,
        f"{PORTAL}a/1.htm",
        source="zhuanzai",
        rule="explicit_link",
        evidence={"claimed_original": url, "read": "body", "captured": "yes"},
        attribution="示例市民政局",
        published_on="2021-03-05",
    )
    db["aliases"].insert({"alias": "aaaabbbbcccc", "kind": "id", "notice": notice})
    a_capture(db, url, outcome="unreachable", status=None, kind=None, detail="连接超时")
    lost = a_notice(
        db, "原文已失", "转载的正文。", url="https://mzj.shili.example/gone.html", original_captured=0, best_copy="zz"
    )
    a_capture(db, "https://mzj.shili.example/gone.html", outcome="gone", status=404, kind=None)
    db.close()
    return {"notice": notice, "lost": lost, "url": url}


def a_long_notice(path: Path) -> str:
    """An archive whose pages are worth looking at; gives the id of its long notice."""
    traced(path)
    db = an_archive(path)
    paragraphs = [
        "各区县民政局、财政局，各有关单位：",
        "为进一步做好困难群众基本生活保障工作，经研究，现就提高城乡居民最低生活保障（低保）标准有关事项通知如下。",
        "一、提高标准",
        "自本年七月一日起，城市低保标准提高到每人每月 717 元，农村低保标准提高到每人每月 581 元。" * 2,
        "二、工作要求",
        "各地要严格执行动态管理规定，做到应保尽保、应退尽退，并将有关情况及时录入信息系统（https://system.shili.example/）。",
        "示例市民政局　示例市财政局",
        "2021年6月28日",
    ]
    for number in range(40):
        a_notice(
            db,
            f"关于公布第{number + 1}批养老服务机构名单的公告",
            f"第{number + 1}批养老服务机构名单如下。\n" + "名单所列机构均已备案，接受社会监督。" * 20,
            published_on=f"20{10 + number % 12}-0{number % 9 + 1}-11",
            document_type="公告",
            province="示例省" if number % 3 else "邻省",
            issuing_agency="示例市民政局",
        )
    notice = a_notice(
        db,
        "示例市民政局 示例市财政局关于提高城乡居民最低生活保障标准的通知",
        "\n".join(paragraphs),
        url="https://mzj.shili.example/zwgk/zcwj/202106/t20210628_4711.html",
        document_number="示民发〔2021〕15号",
        index_number="0123456789/2021-00015",
        document_type="通知",
        issuing_agency="示例市民政局",
        issuing_agencies='["示例市民政局", "示例市财政局"]',
        published_on="2021-06-30",
        written_on="2021-06-28",
        effective_on="2021-07-01",
        province="示例省",
        city="示例市",
    )
    original = "mzj.shili.example/zwgk/zcwj/202106/t20210628_4711.html"
    evidence = (
        '{"title": "meta:ArticleTitle", "published_on": "meta:PubDate", "document_number": "table:发文字号", '
        '"issuing_agency": "byline", "text": "trafilatura"}'
    )
    db["copies"].update(
        original,
        {"evidence": evidence, "published_on": "2021-06-30", "title": "关于提高城乡居民最低生活保障标准的通知"},
    )
    db.execute("update revisions set fields = ? where copy = ?", [f'{{"evidence": {evidence}}}', original])
    for number, rule in enumerate(("explicit_link", "equal_text", "ruling")):
        a_copy(
            db,
            notice,
            f"https://www.zhuanzai.example/xinwen/minsheng/{number}/2021/0703/c10240-a-rather-long-address-{number}.htm",
            source="zhuanzai",
            rule=rule,
            evidence={
                "explicit_link": {"claimed_original": f"https://{original}", "read": "body", "captured": "yes"},
                "equal_text": {"same_text_as": f"https://{original}", "text_digest": "sha256:" + "ab" * 32},
                "ruling": {"who": "馆员", "why": "两页文号与落款相同", "with": original},
            }[rule],
            title="最低生活保障标准提高啦！",
            attribution="示例市民政局网站",
            published_on=f"2021-07-0{number + 3}",
            state=("live", "missing", "gone")[number],
        )
    for name in ("城乡居民最低生活保障标准表.xlsx", "申请表（样式）.docx"):
        db["attachments"].insert({"copy": original, "url": f"https://mzj.shili.example/P0{len(name)}", "name": name})
    _cite(
        db, notice, [row["id"] for row in db.query("select id from notices where id <> ? order by n limit 4", [notice])]
    )
    db.close()
    return notice


def _cite(db: Database, notice: str, others: list[str]) -> None:
    """The notice cites the first two of the others and what is not held; the last two cite it."""
    old = "示例市民政局 示例市财政局关于进一步规范城乡居民最低生活保障标准和补差水平有关事项的通知"
    sentence = f"本通知自2021年7月1日起施行，《{old}》（示民发〔2017〕9号）同时废止。"
    a_citation(db, notice, cited_notice=others[0])
    a_citation(
        db,
        notice,
        cited_notice=others[1],
        kind="repeals",
        title=old,
        document_number="示民发〔2017〕9号",
        sentence=sentence,
    )
    a_citation(
        db, notice, title=None, document_number="示府发〔2020〕113号", sentence="按照示府发〔2020〕113号文件执行。"
    )
    for other in others[2:]:
        a_citation(db, other, cited_notice=notice, kind="explains", sentence="现就《示例通知》解读如下：")
