"""The overview of the whole dataset: `/dataset`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from archive.browse import charts
from archive.browse.about.periods import period_path
from archive.browse.pages import allow, database_of, page_path, read, show
from archive.browse.watch.measured import MEASURED_ON
from archive.browse.watch.overview_page import FILLED, FILLED_ROWS, read_overview
from archive.dates import BEIJING

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

_TABLES = ("notices", "copies", "revisions", "captures", "matches", "coverage", "crawls", "sources")


async def dataset_view(request: Request, datasette: Datasette) -> Response:
    """Show what there is in all, how complete it is, how it was made, and how it is cited."""
    database = database_of(request, datasette)
    await allow(request, datasette, database, *_TABLES)
    page = await read(datasette, database, read_overview)
    context = {
        "page": page,
        "fields": FILLED,
        "field_rows": FILLED_ROWS,
        "measured_on": MEASURED_ON,
        "address": datasette.absolute_url(request, page_path(datasette, database, "dataset")),
        "issued_on": page.looked_at.astimezone(BEIJING).date(),
        "today": datetime.now(UTC).astimezone(BEIJING).date(),
        "by_period": partial(period_path, datasette, database, {}),
        "year_bars": charts.year_bars,
        "meter": charts.meter,
    }
    return await show(request, datasette, database, "minzheng_dataset.html", context)
