"""Workbooks to fill in: fixed headings with notes, drop-downs, checks, a sample row, and on request what is there.

The headings and the sample are locked, everything below is open. A hidden sheet says which template it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlmodel import Session
from xlsxwriter.utility import xl_col_to_name

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.i18n import t
from portfolio.exchange.sheets import template_mark
from portfolio.exchange.sheets.template_mark import Template
from portfolio.exchange.sheets.template_spec import LISTED, NUMBERS, TEMPLATES, Field, fields
from portfolio.exchange.sheets.writing import fits_float, neutral
from portfolio.exchange.templates.checks import check_of
from portfolio.exchange.templates.filled import prefilled, sample
from portfolio.exchange.templates.guide import note, write_guide
from portfolio.exchange.templates.lists import Lists, lists
from portfolio.projects.filters import ProjectFilters

HEAD, SAMPLE, FIRST = 0, 1, 2  # rows counted from 0
OPEN_ROWS = 20_000
LISTS_SHEET = "_lists"
ALLOWED = ("format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")


@dataclass(frozen=True)
class _Book:
    book: Any
    page: Any
    kind: str
    lang: str
    formats: dict[str, Any]

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields(self.kind)


def write_template(
    session: Session, scope: Scope, kind: str, path: Path, lang: str, filters: ProjectFilters | None = None
) -> int:
    """Write the template of `kind` to `path` (.xlsx); with `filters` it holds what is there, within the scope.

    Returns how many rows it was filled with. Raises `InvalidError` for a kind without a template or another suffix.
    """
    if kind not in TEMPLATES:
        raise InvalidError("template.bad_kind", value=kind, allowed="、".join(TEMPLATES))
    if path.suffix.lower() != ".xlsx":
        raise InvalidError("template.bad_suffix", value=path.name)
    chosen = lists(session, scope, lang)
    rows = prefilled(session, scope, kind, chosen, filters) if filters is not None else ()
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(t(f"kind-{kind}", lang))
        made = _Book(book, page, kind, lang, _formats(book))
        samples = sample(kind, chosen)
        _write_head(made)
        _write_row(made, SAMPLE, samples, "sample")
        count = _write_rows(made, rows)
        _write_checks(made, _write_lists(made, chosen), FIRST + max(count, 0) + OPEN_ROWS)
        _protect(made)
        write_guide(book, kind, lang, samples)
        _write_mark(made, samples)
    return count


def _formats(book: Any) -> dict[str, Any]:
    cell = {"valign": "vcenter"}
    head = {**cell, "bold": True, "border": 1, "text_wrap": True, "align": "center"}
    return {
        "head": book.add_format({**head, "bg_color": "#DBE9F6"}),
        "required": book.add_format({**head, "bg_color": "#FCE4C8"}),
        "sample": book.add_format({**cell, "italic": True, "font_color": "#6B7480", "bg_color": "#F1F5F9"}),
        "text": book.add_format({**cell, "locked": False, "num_format": "@"}),
        "number": book.add_format({**cell, "locked": False, "num_format": "0.####"}),
        "whole": book.add_format({**cell, "locked": False, "num_format": "0"}),
    }


def _write_head(made: _Book) -> None:
    made.page.set_row(HEAD, 32)
    made.page.freeze_panes(FIRST, 1)
    for place, field in enumerate(made.fields):
        made.page.set_column(place, place, field.width, made.formats[_open_format(field)])
        made.page.write_string(HEAD, place, field.heading(made.lang), made.formats[_head_format(field)])
        made.page.write_comment(HEAD, place, note(field, made.lang), {"x_scale": 1.6, "author": template_mark.MARK})


def _head_format(field: Field) -> str:
    return "required" if field.required else "head"


def _open_format(field: Field) -> str:
    return ("whole" if field.type == "year" else "number") if field.type in NUMBERS else "text"


def _write_rows(made: _Book, rows: Iterable[Sequence[str]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        _write_row(made, SAMPLE + count, row)
    return count


def _write_row(made: _Book, number: int, row: Sequence[str], shape: str = "") -> None:
    for place, (field, cell) in enumerate(zip(made.fields, row, strict=True)):
        form = made.formats[shape or _open_format(field)]
        if cell == "":
            made.page.write_blank(number, place, None, form)
        elif field.type in NUMBERS and fits_float(cell):
            made.page.write_number(number, place, float(cell), form)
        else:
            made.page.write_string(number, place, str(neutral(cell)), form)


def _write_lists(made: _Book, chosen: Lists) -> dict[str, str]:
    """Write every list the columns choose from on a hidden sheet; returns the formula of each column's choices."""
    page = made.book.add_worksheet(LISTS_SHEET)
    page.hide()
    columns: list[list[str]] = []
    sources: dict[str, str] = {}
    for place, field in enumerate(made.fields):
        if field.type not in LISTED:
            continue
        first = xl_col_to_name(len(columns), col_abs=True)
        if field.type == "child":
            pairs = chosen.rows(field.list)
            columns += [[parent for parent, _ in pairs], [word for _, word in pairs]]
            second, above = xl_col_to_name(len(columns) - 1, col_abs=True), xl_col_to_name(place - 1, col_abs=True)
            parents, asked = f"'{LISTS_SHEET}'!{first}:{first}", f"{above}{FIRST + 1}"
            start = f"OFFSET('{LISTS_SHEET}'!{second}$1,MATCH({asked},{parents},0)-1,0"
            sources[field.column] = f"={start},COUNTIF({parents},{asked}),1)"
        elif words := list(dict.fromkeys(chosen.words[field.list].values())):
            columns.append(words)
            sources[field.column] = f"='{LISTS_SHEET}'!{first}$1:{first}${len(words)}"
    for number in range(max(map(len, columns), default=0)):
        for place, words in enumerate(columns):
            if number < len(words):
                page.write_string(number, place, words[number])
    return sources


def _write_checks(made: _Book, sources: dict[str, str], last: int) -> None:
    for place, field in enumerate(made.fields):
        cell = f"{xl_col_to_name(place)}{FIRST + 1}"
        rule = check_of(field, cell, sources.get(field.column), made.lang)
        if rule is not None:
            made.page.data_validation(FIRST, place, last, place, rule)


def _protect(made: _Book) -> None:
    made.page.protect("", dict.fromkeys(ALLOWED, True))
    made.page.set_landscape()
    made.page.repeat_rows(HEAD)
    made.page.fit_to_pages(1, 0)


def _write_mark(made: _Book, samples: Sequence[str]) -> None:
    page = made.book.add_worksheet(template_mark.SHEET)
    page.very_hidden()
    title = t(f"kind-{made.kind}", made.lang)
    texts = [*samples]
    while texts and not texts[-1]:
        texts.pop()
    mark = Template(template_mark.MARK, str(template_mark.VERSION), made.kind, made.lang, title, tuple(map(str, texts)))
    for number, line in enumerate(mark.lines()):
        page.write_row(number, 0, line)
