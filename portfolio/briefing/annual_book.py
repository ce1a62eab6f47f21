"""The annual list as a workbook: totals, five tables, vetoes and who decided on them, 进度目标责任表, tasks by city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from sqlmodel import Session
from xlsxwriter.utility import xl_col_to_name

from portfolio.access.rules import Scope
from portfolio.briefing.annual_names import Names, arranged_note, arranged_words, names, refused, steps, wan, years
from portfolio.briefing.bridge_lines import Part, bridge_parts
from portfolio.briefing.part_note import part_note
from portfolio.briefing.untold_note import untold_notes
from portfolio.core.clock import today
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.exchange.sheets.writing import neutral
from portfolio.rolling.annual import TABLES, Gap, Row, annual_list, decomposition, group_of, totals
from portfolio.rolling.queries import get_edition
from portfolio.rolling.tables import Edition
from portfolio.scenarios.following.arranged import Arrangements, arrangements, reasons
from portfolio.vocabulary.codes import WHOLE_REGION

GROUPINGS = ("city", "unit", "sector")
HEADING_ROW, A4 = 3, 9
LIST_COLUMNS = (
    *("place", "code", "name", "capacity", "years", "total", "done", "completed", "annual", "content"),
    *("owner", "unit", "gate", "arranged", "arranged_fund"),
)
VETO_COLUMNS = ("place", "code", "name", "annual", "gate", "vetoes", "decision", "decided_by", "doc_no", "reason")
REFUSED_COLUMNS = ("place", "code", "name", "total", "annual", "unit", "arranged")
TARGET_COLUMNS = ("place", "code", "name", "annual", "q1", "q2", "q3", "q4", "content", "steps", "unit", "person")
MONEY = frozenset(
    {"total", "done", "completed", "annual", "q1", "q2", "q3", "q4", "total_yuan", "done_yuan", "annual_yuan", "amount"}
    | {"arranged_fund"}
)
WIDTHS = {"place": 6, "code": 14, "name": 34, "capacity": 30, "content": 30, "steps": 30, "owner": 20, "unit": 22}
WIDTHS |= {"cause": 44, "gate": 12, "arranged": 34, "vetoes": 30, "reason": 40}


@dataclass(frozen=True)
class _Book:
    book: Any
    edition: Edition
    names: Names
    formats: dict[str, Any]
    part: str
    arranged: Arrangements
    why: Mapping[str, str]

    def say(self, key: str, **params: str) -> str:
        return t(key, self.names.lang, **params)

    def fund(self, row: Row) -> int | None:
        """The funds arranged for an item in the edition's year (yuan); None where nothing was decided on it."""
        one = self.arranged.projects.get(row.code)
        return None if one is None else one.of_year(self.edition.base_year)

    def figure(self, kind: str, value: float) -> Any:
        """The format of a figure: with decimals only where it has some, since `.##` leaves a bare point in Excel."""
        return self.formats[kind + ("whole" if value == int(value) else "broken")]


def write_annual_book(session: Session, scope: Scope, path: Path, code: str, lang: str) -> int:
    """Write the list of edition `code` to `path` (.xlsx, 万元); returns how many items it has.

    Sums are formulas with their values beside them, so they stay right when a row is edited.
    """
    edition, rows = get_edition(session, code), annual_list(session, scope, code)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        decided, named = arrangements(session, scope, code), names(session, lang, edition.base_year)
        notes = [part_note(scope, lang), *untold_notes(session, scope, code, rows, lang)]
        beside = ("  ".join(filter(None, notes)), decided, reasons(session, scope, decided, lang))
        made = _Book(book, edition, named, _formats(book), *beside)
        for by in GROUPINGS:
            _write_totals(made, rows, by)
        for table in TABLES:
            _write_table(made, [row for row in rows if row.table == table], table)
        _write_vetoes(made, [row for row in rows if row.vetoes or row.kept_by])
        if decided.by is not None:
            _write_refused(made, refused(rows, decided))
        _write_targets(made, [row for row in rows if row.table != "preparatory"])
        _write_tasks(made, decomposition(session, scope, code))
        _write_bridges(made, bridge_parts(session, scope, edition, lang))
    return len(rows)


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "font_size": 10, "valign": "vcenter", "text_wrap": True}
    whole, broken = {**cell, "num_format": "#,##0"}, {**cell, "num_format": "#,##0.00##"}
    strong = {"bold": True, "bg_color": "#f1f5f9"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "note": book.add_format({"font_size": 9, "font_color": "#56606b"}),
        "head": book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#dbe9f6"}),
        "text": book.add_format(cell),
        "whole": book.add_format(whole),
        "broken": book.add_format(broken),
        "group": book.add_format({**cell, **strong}),
        "group_whole": book.add_format({**whole, **strong}),
        "group_broken": book.add_format({**broken, **strong}),
        "sum_whole": book.add_format({**whole, "bold": True, "top": 2}),
        "sum_broken": book.add_format({**broken, "bold": True, "top": 2}),
        "sum_text": book.add_format({**cell, "bold": True, "top": 2}),
    }


def _sheet(made: _Book, name: str, columns: Sequence[str], title: str) -> Any:
    sheet = made.book.add_worksheet(name[:31])
    edition = made.edition
    sheet.write_string(0, 0, title, made.formats["title"])
    document = " ".join(filter(None, (edition.doc_no, edition.approved_on or "")))
    note = made.say("annual-note", code=edition.code, document=document or made.say(f"edition-{edition.state}"))
    dated = made.say("annual-gate-note", day=today().isoformat()) if "gate" in columns else ""
    dated += arranged_note(made.arranged, made.names.lang) if "arranged" in columns else ""
    sheet.write_string(1, 0, "  ".join(filter(None, (note, made.part, dated))), made.formats["note"])
    if edition.basis == "illustrative":
        sheet.write_string(2, 0, made.say("illustrative-note"), made.formats["note"])
    for place, column in enumerate(columns):
        sheet.write_string(HEADING_ROW, place, made.say(f"annual-col-{column}"), made.formats["head"])
        sheet.set_column(place, place, WIDTHS.get(column, 15))
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)
    return sheet


def _write_cells(made: _Book, sheet: Any, row: int, columns: Sequence[str], cells: dict[str, Any]) -> None:
    for place, column in enumerate(columns):
        value = cells.get(column)
        if value is None:
            sheet.write_blank(row, place, None, made.formats["text"])
        elif column in MONEY or column in ("place", "projects"):
            sheet.write_number(row, place, float(value), made.figure("", float(value)))
        else:
            sheet.write_string(row, place, str(neutral(str(value))), made.formats["text"])


def _write_sums(
    made: _Book, sheet: Any, span: tuple[int, int], row: int, columns: Sequence[str], sums: dict[str, int], kind: str
) -> None:
    """The sums of rows `span` in `row`, as formulas with their values; `SUBTOTAL` passes over the subtotals within."""
    for place, column in enumerate(columns):
        if column not in sums:
            continue
        name = xl_col_to_name(place)
        value = float(sums[column] if column == "projects" else wan(sums[column]) or 0)
        formula = f"=SUBTOTAL(9,{name}{span[0] + 1}:{name}{span[1] + 1})"
        sheet.write_formula(row, place, formula, made.figure(kind, value), value)


def _write_last(made: _Book, sheet: Any, row: int, columns: Sequence[str], sums: dict[str, int]) -> None:
    """The last row: the sums of everything above it."""
    for place in range(len(columns)):
        sheet.write_blank(row, place, None, made.formats["sum_text"])
    sheet.write_string(row, 0, made.say("plan-sum"), made.formats["sum_text"])
    _write_sums(made, sheet, (HEADING_ROW + 1, row - 1), row, columns, sums, "sum_")


def _write_totals(made: _Book, rows: list[Row], by: str) -> None:
    columns = ("group", "table", "projects", "total_yuan", "done_yuan", "annual_yuan")
    title = made.say("annual-totals-title", year=str(made.edition.base_year))
    sheet = _sheet(made, made.say(f"annual-by-{by}"), columns, title)
    frame, line = totals(rows, by), HEADING_ROW
    names_ = ["projects", "total_yuan", "done_yuan", "annual_yuan"]
    for group, part in frame.groupby("group", sort=False, dropna=False):
        line += 1
        first, name = line, made.names.group(None if pd.isna(group) else str(group), by)
        _write_group(made, sheet, first, columns[:2], (name, made.say("annual-subtotal")))
        for one in records(part):
            line += 1
            cells: dict[str, Any] = {column: wan(int(one[column])) for column in names_[1:]}
            cells |= {"group": name, "table": made.say(f"table-{one['table']}"), "projects": one["projects"]}
            _write_cells(made, sheet, line, columns, cells)
        sums = {column: int(part[column].sum()) for column in names_}
        _write_sums(made, sheet, (first + 1, line), first, columns, sums, "group_")
    _write_last(made, sheet, line + 1, columns, {column: int(frame[column].sum()) for column in names_})


def _write_group(made: _Book, sheet: Any, row: int, columns: Sequence[str], words: Sequence[str]) -> None:
    for place in range(len(columns)):
        sheet.write_string(row, place, words[place] if place < len(words) else "", made.formats["group"])


def _write_table(made: _Book, rows: list[Row], table: str) -> None:
    """One table, by city with 区直及跨市 last; a preparatory item has no annual investment."""
    name = made.say(f"table-{table}")
    title = made.say("annual-table-title", year=str(made.edition.base_year), table=name)
    sheet = _sheet(made, name, LIST_COLUMNS, title)
    line = HEADING_ROW
    for group, members in _by_city(rows):
        line += 1
        first, heading = line, f"{made.names.group(group, 'city')}（{len(members)}）"
        _write_group(made, sheet, first, LIST_COLUMNS, ())
        sheet.merge_range(first, 0, first, LIST_COLUMNS.index("total") - 1, heading, made.formats["group"])
        for place, row in enumerate(members, 1):
            line += 1
            _write_cells(made, sheet, line, LIST_COLUMNS, _list_cells(made, place, row))
        _write_sums(made, sheet, (first + 1, line), first, LIST_COLUMNS, _sums(made, members, table), "group_")
    _write_last(made, sheet, line + 1, LIST_COLUMNS, _sums(made, rows, table))


def _sums(made: _Book, rows: Sequence[Row], table: str) -> dict[str, int]:
    found = {
        "total": sum(row.total_yuan or 0 for row in rows),
        "done": sum(row.done_yuan or 0 for row in rows),
        "completed": sum(row.completed_yuan or 0 for row in rows),
    }
    if made.arranged.by is not None:
        found |= {"arranged_fund": sum(made.fund(row) or 0 for row in rows)}
    return found if table == "preparatory" else found | {"annual": sum(row.annual_yuan for row in rows)}


def _by_city(rows: list[Row]) -> list[tuple[str | None, list[Row]]]:
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(group_of(row, "city"), []).append(row)
    order = sorted(groups, key=lambda code: (code is None, code == WHOLE_REGION, code or ""))
    return [(code, groups[code]) for code in order]


def _list_cells(made: _Book, place: int, row: Row) -> dict[str, Any]:
    return {
        "place": place,
        "code": row.code,
        "name": made.names.project(row),
        "capacity": row.capacity_zh,
        "years": years(row),
        "total": wan(row.total_yuan),
        "done": wan(row.done_yuan),
        "completed": wan(row.completed_yuan),
        "annual": None if row.table == "preparatory" else wan(row.annual_yuan),
        "content": row.content,
        "owner": row.owner,
        "unit": made.names.unit(row),
        "gate": made.names.gate(row),
        "arranged": arranged_words(row, made.arranged, made.why, made.names.lang),
        "arranged_fund": wan(made.fund(row)),
    }


def _write_vetoes(made: _Book, rows: list[Row]) -> None:
    """否决事项: the items under a veto, and by whose decision each is listed all the same."""
    title = made.say("annual-vetoes-title", year=str(made.edition.base_year))
    sheet = _sheet(made, made.say("annual-vetoes"), VETO_COLUMNS, title)
    for line, row in enumerate(rows, HEADING_ROW + 1):
        kept = row.kept_by
        gates = dict.fromkeys((*(kept.vetoes if kept else ()), *row.vetoes))
        cells = {**_list_cells(made, line - HEADING_ROW, row), "vetoes": made.names.gates(gates)}
        cells["decision"] = made.say("annual-veto-open" if row.unanswered else "annual-veto-listed")
        if kept:
            cells |= {"decided_by": kept.person, "doc_no": kept.doc_no, "reason": kept.reason}
        _write_cells(made, sheet, line, VETO_COLUMNS, cells)


def _write_refused(made: _Book, rows: list[Row]) -> None:
    """拟不安排的项目: the items that the approved scenario does not support, and why."""
    sheet = _sheet(made, made.say("annual-refused"), REFUSED_COLUMNS, made.say("annual-refused"))
    for line, row in enumerate(rows, HEADING_ROW + 1):
        _write_cells(made, sheet, line, REFUSED_COLUMNS, _list_cells(made, line - HEADING_ROW, row))


def _write_targets(made: _Book, rows: list[Row]) -> None:
    """进度目标责任表: what each quarter must reach, cumulated, and who answers for it."""
    title = made.say("annual-targets-title", year=str(made.edition.base_year))
    sheet = _sheet(made, made.say("annual-targets"), TARGET_COLUMNS, title)
    line = HEADING_ROW
    for line, row in enumerate(rows, HEADING_ROW + 1):
        quarters = {f"q{n}": wan(amount) for n, amount in enumerate(row.quarters, 1)}
        cells = {**_list_cells(made, line - HEADING_ROW, row), **quarters, "steps": steps(row), "person": row.person}
        _write_cells(made, sheet, line, TARGET_COLUMNS, cells)
    sums = {f"q{n + 1}": sum(row.quarters[n] for row in rows) for n in range(4)}
    _write_last(made, sheet, line + 1, TARGET_COLUMNS, sums | {"annual": sum(row.annual_yuan for row in rows)})


def _write_tasks(made: _Book, gaps: list[Gap]) -> None:
    columns = ("task", "title", "projects", "by_city", "without")
    sheet = _sheet(made, made.say("annual-tasks"), columns, made.say("annual-tasks"))
    for line, gap in enumerate(gaps, HEADING_ROW + 1):
        counts = [f"{made.names.group(city, 'city')} {count}" for city, count in sorted(gap.items.items(), key=str)]
        lacking = [made.names.group(city, "city") for city in gap.without]
        title = (gap.title_en or gap.title_zh) if made.names.lang == "en" else gap.title_zh
        cells = {"task": gap.task, "title": title, "projects": gap.projects, "by_city": "；".join(counts)}
        _write_cells(made, sheet, line, columns, {**cells, "without": "；".join(lacking)})


def _write_bridges(made: _Book, parts: list[Part]) -> None:
    """与上一版次比较: from one annual plan to the other and from window to window; no sheet without a parent."""
    if not parts:
        return
    columns = ("cause", "amount")
    sheet, row = _sheet(made, made.say("annual-bridge"), columns, made.say("annual-bridge")), HEADING_ROW
    for part in parts:
        row += 1
        _write_group(made, sheet, row, columns, (part.title,))
        for words, yuan in part.lines:
            row += 1
            _write_cells(made, sheet, row, columns, {"cause": words, "amount": wan(yuan)})
