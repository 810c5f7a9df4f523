"""An archive to search, made by chance and the same every time, and the search of it by reading everything."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive.text import fold, text_digest
from tests.build import PORTAL, a_copy, a_notice, a_revision, a_source, an_archive

AGENCIES = ("甲市民政局", "乙县民政局", "丙省民政厅")
PLACES = (("甲省", "甲市"), ("乙省", "乙市"), ("甲省", None))
WORDS = ("养老", "低保", "養老服務", "婚姻登记", "殡葬", "２０２４年", "通　知", "=1+1", "<b>粗</b>")
LONG = "养" * 40_000

Row = dict[str, Any]


def a_searched_archive(path: Path, notices: int = 60) -> list[Row]:
    """Make it; gives of every notice what a search of it may be narrowed by, `text` holding all that is searched."""
    chance = random.Random(20261129)
    db = an_archive(path)
    for key, agency in zip(("jia", "yi", "bing"), AGENCIES, strict=True):
        a_source(db, key, agency=agency, home=f"https://{key}.example/")
    a_source(db, "zhuan", kind="portal", agency="转载网", home=PORTAL)
    made = []
    for number in range(notices):
        at = chance.randrange(3)
        province, city = PLACES[at]
        text = "，".join(chance.choices(WORDS, k=6)) + f"。第{number}号文。" + ("" if number else LONG)
        title = f"{chance.choice(WORDS)}的{number}号公告"
        file = f"附表{number}：{chance.choice(WORDS)}、只在附件{number}里" if chance.random() < 0.3 else ""
        held = chance.random() < 0.8
        joint = chance.random() < 0.2
        numbered = f"甲民发〔20{10 + number % 9}〕{number}号" if chance.random() < 0.5 else None
        row: Row = {
            "type": chance.choice(("通知", "公告", None)),
            "day": f"20{chance.randint(20, 25)}-{chance.randint(1, 12):02}-11" if chance.random() < 0.9 else None,
            "agency": [AGENCIES[at], "财政局"] if joint else [AGENCIES[at]],
            "province": province,
            "city": city,
            "source": [("jia", "yi", "bing")[at]] if held else [],
            "held": held,
        }
        notice = a_notice(
            db,
            title,
            text,
            url=f"https://{('jia', 'yi', 'bing')[at]}.example/{number}.html",
            source=("jia", "yi", "bing")[at],
            document_type=row["type"],
            published_on=row["day"],
            issuing_agency=AGENCIES[at],
            issuing_agencies=str(row["agency"]).replace("'", '"') if joint else "[]",
            province=province,
            city=city,
            document_number=numbered,
            attachments_text=file,
            original_captured=int(held),
            text_digest=text_digest(text),
        )
        best = f"{('jia', 'yi', 'bing')[at]}.example/{number}.html"
        row["reposted"] = not held or chance.random() < 0.3
        if row["reposted"]:
            repost = a_copy(db, notice, f"{PORTAL}{number}.html", source="zhuan", title=title, text=text)
            row["source"].append("zhuan")
            if not held:
                db.execute("update notices set best_copy = ? where id = ?", [repost, notice])
                best = repost
        row["edited"] = chance.random() < 0.2
        if row["edited"]:
            text += "改"
            a_revision(db, best, title=title, text=text, rank=1)
            db.execute("update notices set text = ?, text_digest = ? where id = ?", [text, text_digest(text), notice])
        row["gone"] = held and chance.random() < 0.2
        if row["gone"]:
            db.execute("update copies set state = 'gone' where url_key = ?", [best])
        row["files"] = bool(file)
        if file:
            db["attachments"].insert({"copy": best, "url": f"https://jia.example/f/{number}.xlsx", "name": "附表"})
        made.append({**row, "id": notice, "title": title, "texts": (title, text, file, numbered or "")})
    _cover(db)
    db.close()
    return made


def having(rows: list[Row], word: str = "", keep: Callable[[Row], object] = bool) -> set[str]:
    """Ids of the notices that have a word somewhere and are to be kept, by reading all of them."""
    return {row["id"] for row in rows if keep(row) and any(_plain(word) in _plain(text) for text in row["texts"])}


def _plain(text: str) -> str:
    return re.sub(r"[\s〔〕\[\]（）【】()]", "", fold(text))


def _cover(db: Any) -> None:
    """jia is wholly known from 2020 to 2025, yi but for a month, bing not at all, zhuan from 2024 on."""
    months = [f"{year}-{month:02}" for year in range(2020, 2026) for month in range(1, 13)]
    for source, first in (("jia", "2020-01"), ("yi", "2020-01"), ("zhuan", "2024-01")):
        db["coverage"].insert_all(
            {
                "source": source,
                "channel": f"https://{source}.example/",
                "month": month,
                "state": "partial" if (source, month) == ("yi", "2024-05") else "complete",
            }
            for month in months
            if month >= first
        )
