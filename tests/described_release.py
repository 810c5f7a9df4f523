"""A small database of a release, with rows in every table: what its files are written and described from."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from archive.export.release import Order, ReleaseWriter
from archive.store import open_reader
from archive.store.release_facts import Selection
from tests.build import PORTAL, a_citation, a_copy, a_notice, a_revision, a_source, an_archive

NAME = "2026.1"
NOTICES = 24
"""So many that each part of the split has some."""
CITED = "关于加强养老服务的意见"


def a_small_archive(path: Path) -> None:
    """An archive of a few notices: some cited, reposted, edited, attached, one whose original nobody captured."""
    db = an_archive(path)
    db["divisions"].insert_all(
        {"code": code, "name": name, "name_en": None, "parent": parent, "level": level}
        for code, name, parent, level in (
            ("110000", "北京市", None, "province"),
            ("110101", "东城区", "110000", "county"),
        )
    )
    a_source(db, "shili", agency="示例市民政局")
    a_source(db, "zhuanzai", kind="portal", agency="转载网", home=PORTAL)
    db["sources"].update(
        "shili", {"division": "110000", "terms": "转载请注明来源", "terms_url": "https://mzj.shili.example/about"}
    )
    cited = a_notice(
        db, CITED, "一、发展居家养老服务。\n二、=SUM(A1)", published_on="2023-05-04", document_number="民发〔2023〕1号"
    )
    citing = a_notice(
        db,
        "关于做好低保工作的通知",
        "各区县民政局：\n按照《关于加强养老服务的意见》做好低保审核。\n\tＡ类“每月”800元，\u3000详见附件。",
        published_on="2024-03-01",
        written_on="2024-02-27",
        division="110000",
        province="北京市",
        document_type="通知",
        issuing_agency="示例市民政局",
        issuing_agencies='["示例市民政局", "示例市财政局"]',
    )
    a_citation(db, citing, cited_notice=cited, title=CITED, raw=f"《{CITED}》")
    for number in range(NOTICES - 3):
        a_notice(
            db,
            f"关于第{number}批名单的公示",
            f"=第{number}批\n-1",
            published_on=f"2024-04-{number + 1:02}",
            division="110000",
        )
    a_notice(
        db,
        "只见于转载的公告",
        "养老\n服务",
        url=f"{PORTAL}a/9.html",
        source="zhuanzai",
        original_captured=0,
        published_on=None,
    )
    [(key,)] = db.execute("select best_copy from notices where id = ?", [citing]).fetchall()
    a_copy(
        db, citing, f"{PORTAL}a/1.html", source="zhuanzai", text="各区县民政局", title=CITED, evidence={"read": "link"}
    )
    a_revision(
        db,
        key,
        title="关于做好低保工作的通知",
        text="改",
        seen_at="2026-03-03T01:00:00.000Z",
        rank=1,
        classes='["amount"]',
    )
    db["attachments"].insert(
        {"copy": key, "url": f"http://{key}.pdf", "name": "+附件.pdf", "size": 3, "payload_digest": "sha256:ab"}
    )
    db["relations"].insert({"a": citing, "b": cited, "kind": "forwards", "why": CITED, "found_in": "citation"})
    db["aliases"].insert({"alias": "oldid1234567", "kind": "id", "notice": citing})
    db["masks"].insert({"notice": citing, "rule": "mobile", "places": 2})
    db["stamped_hosts"].insert({"host": "zhengwu.example", "pages": 20, "same_day": 19})
    db["coverage"].insert_all(
        {
            "source": "shili",
            "channel": "https://mzj.shili.example/tzgg/",
            "month": month,
            "state": state,
            "listed": listed,
        }
        for month, state, listed in (
            ("2023-11", "complete", 3),
            ("2023-12", "partial", 2),
            ("2024-01", "unobserved", None),
            ("2024-02", "complete", 0),
            ("2024-04", "partial", 1),
        )
    )
    db.close()


def a_release(folder: Path, **order: Any) -> Path:
    """A release of the small archive, in a folder inside `folder` that is called like it."""
    a_small_archive(folder / "notices.db")
    with closing(open_reader(folder / "notices.db")) as db:
        chosen = Selection(words="每份公告 · every notice", options={})
        made = Order(name=NAME, selection=chosen, **order)
        ReleaseWriter(db, folder / "warc", made, bar=lambda _: nullcontext()).write(folder / NAME)
    return folder / NAME
