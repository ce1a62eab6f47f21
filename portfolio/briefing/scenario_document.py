"""A scenario's answer as a document for a meeting, to be printed and signed under."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.briefing.annual_document import landscape, lined_table
from portfolio.briefing.scenario_lines import IN_COLUMNS, NEXT_COLUMNS, OUT_COLUMNS, POOL_COLUMNS, lines
from portfolio.core.formatting import NONE_MARK, number
from portfolio.core.i18n import t

WIDTHS_CM = {"place": 1.2, "code": 3.0, "name": 6.2, "rung": 2.2, "points": 2.0, "delay": 1.8, "fund": 3.2}
WIDTHS_CM |= {"land": 1.9, "sea": 1.9, "forest": 1.9}
WIDTHS_CM |= {
    "reason": 5.5,
    "addition": 9.0,
    "pool": 9.0,
    "original": 2.7,
    "limit": 2.7,
    "carried_in": 2.7,
    "used": 2.7,
    "left": 2.7,
    "unit": 2.0,
}


def write_scenario_document(session: Session, scope: Scope, path: Path, code: str, lang: str) -> int:
    """Write scenario `code` to `path` (.docx, 万元 and 公顷); returns how many projects it decides on."""
    found = lines(session, scope, code, lang)
    document = landscape(lang)
    document.add_heading(found.title, 0)
    for words in found.summary:
        document.add_paragraph(words)
    if found.head["basis"] == "illustrative":
        document.add_paragraph(t("illustrative-note", lang))
    _table(document, "in", IN_COLUMNS, found.inside, lang, 4)
    _table(document, "out", OUT_COLUMNS, found.out, lang, 4)
    _table(document, "next", NEXT_COLUMNS, found.waiting, lang, 4)
    _table(document, "pools", POOL_COLUMNS, found.pools, lang, 1)
    document.save(str(path))
    return len(found.inside) + len(found.out)


def _table(
    document: Any, name: str, columns: Sequence[str], rows: list[dict[str, Any]], lang: str, figures_from: int
) -> None:
    document.add_heading(f"{t(f'scenario-sheet-{name}', lang)}（{len(rows)}）", 1)
    if not rows:
        document.add_paragraph(t("annual-none", lang))
        return
    heads = [t(f"scenario-col-{column}", lang) for column in columns]
    cells = [[_cell(row[column], lang) for column in columns] for row in rows]
    lined_table(document, heads, cells, figures_from, [WIDTHS_CM[column] for column in columns], "scenario-unit-note")


def _cell(value: Any, lang: str) -> str:
    if value is None:
        return NONE_MARK
    return number(value, lang, 4) if isinstance(value, int | float) else str(value)
