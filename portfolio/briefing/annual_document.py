"""The annual list as a document to be printed and sent: a paragraph, totals by city, and the five tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.briefing.annual_names import (
    Names,
    arranged_note,
    arranged_words,
    names,
    refused,
    veto_words,
    wan,
    years,
)
from portfolio.briefing.bridge_lines import Part, bridge_parts
from portfolio.briefing.part_note import part_note
from portfolio.briefing.untold_note import untold_notes
from portfolio.core.clock import today
from portfolio.core.formatting import headline_words, number
from portfolio.core.i18n import t
from portfolio.rolling.annual import TABLES, Row, annual_list, totals
from portfolio.rolling.queries import get_edition
from portfolio.rolling.tables import Edition
from portfolio.scenarios.following.arranged import Arrangements, arrangements, reasons
from portfolio.scenarios.following.words import outcome

COLUMNS = ("place", "name", "capacity", "years", "total", "done", "completed", "annual", "unit", "gate", "arranged")
WIDTHS_CM = {
    "place": 1.1,
    "name": 4.6,
    "capacity": 3.0,
    "years": 2.2,
    "total": 2.3,
    "done": 2.2,
    "completed": 2.2,
    "annual": 2.3,
    "unit": 2.5,
    "gate": 1.6,
    "arranged": 1.7,
}
TOTAL_WIDTHS_CM = (5.5, 5.5, 3.0, 5.8, 5.8)
BRIDGE_WIDTHS_CM = (12.0, 5.0)
BLACK = RGBColor(0, 0, 0)


def write_annual_document(session: Session, scope: Scope, path: Path, code: str, lang: str) -> int:
    """Write the list of edition `code` to `path` (.docx, 万元); returns how many items it has."""
    edition, rows = get_edition(session, code), annual_list(session, scope, code)
    named = names(session, lang, edition.base_year)
    document = landscape(lang)
    document.add_heading(t("annual-title", lang, year=str(edition.base_year)), 0)
    _write_head(document, edition, rows, lang)
    notes = [part_note(scope, lang), *untold_notes(session, scope, code, rows, lang)]
    for note in filter(None, notes):
        document.add_paragraph(note)
    _write_totals(document, rows, named)
    _write_bridges(document, bridge_parts(session, scope, edition, lang), lang)
    _write_vetoes(document, rows, named)
    decided = arrangements(session, scope, code)
    _write_refused(document, rows, named, decided, reasons(session, scope, decided, lang))
    for table in TABLES:
        _write_table(document, [row for row in rows if row.table == table], table, named, decided)
    document.save(str(path))
    return len(rows)


def landscape(lang: str) -> Any:
    """A landscape page in the fonts of official papers, Latin and Chinese."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2))
    for name, font, size in (
        ("Normal", t("annual-font-body", lang), 11),
        ("Title", t("annual-font-heading", lang), 20),
        ("Heading 1", t("annual-font-heading", lang), 14),
    ):
        style: Any = document.styles[name]
        style.font.size, style.font.name, style.font.color.rgb = Pt(size), t("annual-font-latin", lang), BLACK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if "Theme" in attribute:
                del fonts.attrib[attribute]
        fonts.set(qn("w:eastAsia"), font)
    title = document.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    document.core_properties.language = "zh-CN" if lang == "zh" else "en"
    return document


def _write_head(document: Any, edition: Edition, rows: Sequence[Row], lang: str) -> None:
    approved = " ".join(filter(None, (edition.doc_no, edition.approved_on or "")))
    words = t("annual-note", lang, code=edition.code, document=approved or t(f"edition-{edition.state}", lang))
    document.add_paragraph(words)
    if edition.basis == "illustrative":
        document.add_paragraph(t("illustrative-note", lang))
    total = headline_words(sum(row.total_yuan or 0 for row in rows), "money", lang)
    annual = headline_words(sum(row.annual_yuan for row in rows), "money", lang)
    counts = {table: sum(row.table == table for row in rows) for table in TABLES}
    parts = [f"{t(f'table-{table}', lang)} {count}" for table, count in counts.items() if count]
    listed = ("、" if lang == "zh" else ", ").join(parts)
    document.add_paragraph(t("annual-summary", lang, count=str(len(rows)), total=total, annual=annual, tables=listed))
    document.add_paragraph(t("annual-gate-note", lang, day=today().isoformat()))


def _write_totals(document: Any, rows: list[Row], named: Names) -> None:
    lang, frame = named.lang, totals(rows, "city")
    document.add_heading(t("annual-by-city", lang), 1)
    heads = [t(f"annual-col-{name}", lang) for name in ("group", "table", "projects", "total_yuan", "annual_yuan")]
    lines = []
    for group, part in frame.groupby("group", sort=False, dropna=False):
        name = named.group(None if pd.isna(group) else str(group), "city")
        lines.append([name, t("annual-subtotal", lang), *_sums(part, lang)])
        for _, one in part.groupby("table", sort=False):
            lines.append(["", t(f"table-{one['table'].iloc[0]}", lang), *_sums(one, lang)])
    lines.append([t("plan-sum", lang), "", *_sums(frame, lang)])
    lined_table(document, heads, lines, 2, TOTAL_WIDTHS_CM)


def _write_bridges(document: Any, parts: Sequence[Part], lang: str) -> None:
    """与上一版次比较, a table a bridge; nothing for an edition without a parent."""
    if parts:
        document.add_heading(t("annual-bridge", lang), 1)
    heads = [t(f"annual-col-{name}", lang) for name in ("cause", "amount")]
    for part in parts:
        document.add_paragraph(part.title)
        lined_table(document, heads, [[words, _money(yuan, lang)] for words, yuan in part.lines], 1, BRIDGE_WIDTHS_CM)


def _write_vetoes(document: Any, rows: Sequence[Row], named: Names) -> None:
    """Each item under a veto with what was decided of it, a paragraph an item; nothing when there is none."""
    told = [(row, words) for row in rows if (words := veto_words(row, named))]
    if told:
        document.add_heading(f"{t('annual-vetoes', named.lang)}（{len(told)}）", 1)
    for place, (row, words) in enumerate(told, 1):
        document.add_paragraph(f"{place}. {named.project(row)} {row.code}: {words}")


def _write_refused(
    document: Any, rows: Sequence[Row], named: Names, decided: Arrangements, why: Mapping[str, str]
) -> None:
    """By which scenario, and each item it does not support with the reason; nothing without an approved one."""
    if decided.by is None:
        return
    out = refused(rows, decided)
    document.add_heading(f"{t('annual-refused', named.lang)}（{len(out)}）", 1)
    document.add_paragraph(arranged_note(decided, named.lang))
    for place, row in enumerate(out, 1):
        words = arranged_words(row, decided, why, named.lang)
        document.add_paragraph(f"{place}. {named.project(row)} {row.code}: {words}")


def _sums(frame: pd.DataFrame, lang: str) -> list[str]:
    amounts = [_money(int(frame[name].sum()), lang) for name in ("total_yuan", "annual_yuan")]
    return [str(int(frame["projects"].sum())), *amounts]


def _write_table(document: Any, rows: list[Row], table: str, named: Names, decided: Arrangements) -> None:
    lang = named.lang
    document.add_heading(f"{t(f'table-{table}', lang)}（{len(rows)}）", 1)
    if not rows:
        document.add_paragraph(t("annual-none", lang))
        return
    without = {"annual"} if table == "preparatory" else set()
    without |= {"arranged"} if decided.by is None else set()
    columns = tuple(name for name in COLUMNS if name not in without)
    lines = [[_cells(named, place, row, decided)[name] for name in columns] for place, row in enumerate(rows, 1)]
    widths = [WIDTHS_CM[name] for name in columns]
    lined_table(document, [t(f"annual-col-{name}", lang) for name in columns], lines, 4, widths)


def _cells(named: Names, place: int, row: Row, decided: Arrangements) -> dict[str, str]:
    one = decided.projects.get(row.code)
    return {
        "place": str(place),
        "name": named.project(row),
        "capacity": row.capacity_zh,
        "years": years(row),
        "total": _money(row.total_yuan, named.lang),
        "done": _money(row.done_yuan, named.lang),
        "completed": _money(row.completed_yuan, named.lang),
        "annual": _money(row.annual_yuan, named.lang),
        "unit": named.unit(row),
        "gate": named.gate(row),
        "arranged": outcome(one, named.lang) if one else "",
    }


def _money(yuan: int | None, lang: str) -> str:
    return "" if yuan is None else number(wan(yuan), lang, 4)


def lined_table(
    document: Any,
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    figures_from: int,
    widths_cm: Sequence[float],
    unit_note: str = "annual-unit-note",
) -> None:
    """A table whose heading repeats on every page; figures from place `figures_from` stand to the right."""
    note = document.add_paragraph(t(unit_note, document.core_properties.language[:2]))
    note.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made = document.add_table(rows=1 + len(lines), cols=len(heads), style="Table Grid")
    made.autofit = False
    for column, width in zip(made.columns, widths_cm, strict=True):
        column.width = Cm(width)
    cells = made._cells  # one list of all cells: asking row by row reads the whole table each time
    width = len(heads)
    for place, words in enumerate((*heads, *(cell for line in lines for cell in line))):
        cells[place].width = Cm(widths_cm[place % width])
        paragraph = cells[place].paragraphs[0]
        run = paragraph.add_run(words)
        run.font.size = Pt(9)
        run.bold = place < width
        if place >= width and place % width >= figures_from and words.lstrip("-")[:1].isdigit():
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    properties = made.rows[0]._tr.get_or_add_trPr()
    mark = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(mark)
