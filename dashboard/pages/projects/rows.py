"""The library's columns and rows, with every code named and every number formatted."""

from typing import Any

from dashboard.context import Context
from dashboard.data import LibrarySlice, References
from dashboard.view import View
from dashboard.words.places import city_name
from portfolio.core.formatting import number, unit_name
from portfolio.core.records import picked
from portfolio.core.units import OUTER_UNIT, from_base
from portfolio.projects.queries import SORTS
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.codes import label

WIDTHS = {
    "code": 140,
    "name": 320,
    "kind": 120,
    "stage": 150,
    "city": 110,
    "lead_unit": 170,
    "start_month": 130,
    "finish_month": 130,
    "actual_start_month": 130,
    "actual_finish_month": 130,
    "total_investment": 150,
    "owner": 160,
    "nature": 110,
    "approval_type": 110,
    "section": 220,
    "task_ids": 120,
    "national_code": 220,
    "capacity_zh": 220,
    "complete": 130,
    "needed": 170,
}
NEEDED = "needed"
RIGHT = {"total_investment", "complete", NEEDED}
NO_WORDS = {"code", *MONTHS, "total_investment", "task_ids", "national_code"}
SORT_OF = {"name": "name_zh"}


def column_definitions(context: Context, references: References, view: View) -> list[dict[str, Any]]:
    """The grid's columns for the view, in the view's sort."""
    descending, sorted_by = view.sort.startswith("-"), view.sort.removeprefix("-")
    found = []
    for name in _columns(view):
        definition: dict[str, Any] = {
            "field": name,
            "colId": name,
            "headerName": _heading(context, references, view, name),
            "width": WIDTHS[name] if name in NO_WORDS else context.width(WIDTHS[name]),
            "sortable": SORT_OF.get(name, name) in SORTS,
        }
        if SORT_OF.get(name, name) == sorted_by and (sorted_by != "code" or descending):
            definition["sort"] = "desc" if descending else "asc"
        if name in RIGHT:
            definition |= {"cellClass": "right", "headerClass": "right"}
        if name == "name":
            definition |= {"cellRenderer": "ProjectLink", "flex": 1, "minWidth": context.width(220)}
        found.append(definition)
    return found


def _columns(view: View) -> list[str]:
    """The view's columns, and beside the names what each needs of the item asked for: the figure that led here."""
    found = list(view.columns)
    if view.item:
        place = found.index("name") + 1 if "name" in found else len(found)
        found.insert(place, NEEDED)
    return found


def _heading(context: Context, references: References, view: View, name: str) -> str:
    if name != NEEDED:
        return context.text(f"col-{name}")
    return needed_name(context, references, view)


def needed_name(context: Context, references: References, view: View) -> str:
    """What the list says of needs: the item, its years and the unit."""
    node = references.tree.by_code[view.item]
    years = context.listed(str(year) for year in view.years)
    unit = unit_name(OUTER_UNIT[node.dimension], context.lang)
    return context.text("library-needed", item=node.name(context.lang), years=years, unit=unit)


def grid_rows(found: LibrarySlice, context: Context, references: References, item: str) -> list[dict[str, Any]]:
    """Projects as the grid shows them, with what each needs of `item`."""
    rows = [_row(project, context, references) for project in found.rows]
    for row, project in zip(rows, found.rows, strict=True):
        percent = found.complete.get(project["id"])
        row["complete"] = "" if percent is None else f"{percent}%"
    if not item:
        return rows
    unit = OUTER_UNIT[references.tree.by_code[item].dimension]
    for row, project in zip(rows, found.rows, strict=True):
        amount = found.needed.get(project["id"])
        row[NEEDED] = "" if amount is None else number(from_base(amount, unit), context.lang, 4)
    return rows


def _row(project: ProjectRecord, context: Context, references: References) -> dict[str, Any]:
    lang = context.lang
    mark = context.text("illustrative-mark")
    amount = project["total_investment_yuan"]
    bases = {
        "stage": project["stage_basis"],
        "schedule": project["schedule_basis"],
        "investment": project["investment_basis"],
    }
    marked = {name: f" {mark}" if basis == "illustrative" else "" for name, basis in bases.items()}
    return {
        "code": project["code"],
        "name": (project["name_en"] or project["name_zh"]) if lang == "en" else project["name_zh"],
        "kind": label("kinds", project["kind"], lang),
        "stage": label("stages", project["stage"], lang) + marked["stage"] if project["stage"] else "",
        "city": city_name(project["city_code"], context, references),
        "lead_unit": references.units.name(project["lead_unit"], lang),
        **{name: _month(value, marked["schedule"]) for name, value in picked(project, MONTHS).items()},
        "total_investment": ""
        if amount is None
        else number(from_base(amount, "wan_yuan"), lang, 4) + marked["investment"],
        "owner": project["owner"],
        "nature": label("natures", project["nature"], lang),
        "approval_type": label("approval_types", project["approval_type"], lang),
        "section": project["section"],
        "task_ids": " ".join(project["task_ids"]),
        "national_code": project["national_code"] or "",
        "capacity_zh": project["capacity_zh"],
    }


def _month(value: str | None, mark: str) -> str:
    return value + mark if value else ""
