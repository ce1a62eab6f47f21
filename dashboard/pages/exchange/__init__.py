"""Workbooks in and out."""

from dashboard.page import Nav, Page
from dashboard.pages.exchange import exchange, import_one

PAGES = (
    Page("/exchange", exchange.layout, exchange.register_callbacks, nav=Nav("exchange", "table-import", "projects", 2)),
    Page(
        "/exchange/<number>",
        import_one.layout,
        import_one.register_callbacks,
        above="/exchange",
        title="import-page-title",
    ),
)
