"""What is there already, as the rows a template is filled with: in names and in the choices of its lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.exchange.rows.exporting import ExportQuery, rows
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.template_spec import Field, fields
from portfolio.exchange.templates.lists import Lists
from portfolio.projects.filters import ProjectFilters

Cells = dict[str, str]


def prefilled(session: Session, scope: Scope, kind: str, chosen: Lists, filters: ProjectFilters) -> Iterator[list[str]]:
    """The rows of `kind` within scope and filters, as cells in the order of the template's columns."""
    query = ExportQuery(filters)
    for row in rows(session, scope, kind, query, KINDS[kind]):
        cells = {name: "" if cell is None else str(cell) for name, cell in zip(KINDS[kind], row, strict=True)}
        if kind == "projects":
            cells |= _placed(cells["region_codes"], chosen) | {"sector": _sector(cells["kind"], chosen)}
            cells |= _units(cells, chosen)
        if kind == "needs":
            cells["element"] = chosen.word("elements", cells["item"].split(".")[0])
            # 不涉及 stands on an element or a group of items, which the list of leaves does not name.
            cells["item"] = chosen.words["nodes"].get(cells["item"], cells["item"])
        yield [_shown(field, cells, chosen) for field in fields(kind)]


def sample(kind: str, chosen: Lists) -> list[str]:
    """The sample row of a template."""
    return [_word(field, field.sample(chosen.lang), chosen) for field in fields(kind)]


def _shown(field: Field, cells: Mapping[str, Any], chosen: Lists) -> str:
    return _word(field, cells[field.column], chosen)


def _word(field: Field, cell: str, chosen: Lists) -> str:
    return chosen.word(field.list, cell) if field.list and cell else cell


def _placed(codes: str, chosen: Lists) -> Cells:
    """One region as city and county, several as a list of names; one that is no more keeps its code."""
    listed = [code for code in codes.split(";") if code]
    present = chosen.words["regions"]
    if len(listed) == 1 and listed[0] in present:
        code = listed[0]
        if code in chosen.words["cities"]:
            return {"city": code, "county": "", "region_codes": ""}
        return {"city": chosen.regions.by_code[code].city_code or "", "county": code, "region_codes": ""}
    return {"city": "", "county": "", "region_codes": ";".join(present.get(code, code) for code in listed)}


def _sector(kind: str, chosen: Lists) -> str:
    return chosen.parents["kinds"].get(kind, "")


def _units(cells: Cells, chosen: Lists) -> Cells:
    """Units by their names in the template's language; an export writes their Chinese names."""
    directory, lang = chosen.units, chosen.lang
    named = [directory.name(directory.resolve(name), lang) for name in cells["units"].split(";") if name]
    lead = directory.resolve(cells["lead_unit"]) or "" if cells["lead_unit"] else ""
    return {"units": ";".join(named), "lead_unit": directory.name(lead, lang)}
