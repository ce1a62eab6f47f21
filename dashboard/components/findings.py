"""What is wrong with a file, as a table: where, which value, why, and what to do."""

import dash_mantine_components as dmc

from dashboard.context import Context
from portfolio.exchange.sheets.findings import Findings

LISTED = 300
COLUMNS = ("sheet", "row", "record", "column", "value", "reason", "remedy")


def findings_table(context: Context, findings: Findings, with_file: bool = False) -> dmc.ScrollArea:
    """The first `LISTED` findings and how many more there are; `with_file` when several files were read."""
    names = (*(("file",) if with_file else ()), *COLUMNS)
    head = dmc.TableThead(dmc.TableTr([dmc.TableTh(context.text(f"finding-col-{name}")) for name in names]))
    rows = [
        dmc.TableTr([dmc.TableTd(str(record[name] if record[name] is not None else "")) for name in names])
        for record in (finding.as_record(context.lang) for finding in list(findings)[:LISTED])
    ]
    more = findings.total - LISTED
    note = dmc.Text(context.text("import-more", count=str(more)), size="sm", c="dimmed") if more > 0 else None
    return dmc.ScrollArea(
        [dmc.Table([head, dmc.TableTbody(rows)], striped=True, className="findings"), note],
        mah=420,
        mt="sm",
        type="auto",
    )
