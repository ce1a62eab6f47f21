"""Export every kind of table; what is exported can be imported again and changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope, require_read
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.core.units import outer_text
from portfolio.exchange.rows.criteria import criteria_rows
from portfolio.exchange.rows.ledger_rows import entry_rows, pool_rows
from portfolio.exchange.rows.proposed_rows import MARK, needs_seen, projects_seen
from portfolio.exchange.rows.steps import step_rows
from portfolio.exchange.rows.yearly import yearly_rows
from portfolio.exchange.sheets import writing
from portfolio.exchange.sheets.columns import KINDS, TOLD, label
from portfolio.needs.queries import iterate_needs, iterate_not_applicable
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.projects.records import ProjectRecord
from portfolio.projects.tables import BASIS_OF
from portfolio.reporting.complete import complete_of, complete_percents
from portfolio.scheme.directory import UnitDirectory, unit_directory
from portfolio.scheme.queries import tasks, units
from portfolio.vocabulary import codes
from portfolio.vocabulary.elements import element_tree

COMPLETE = "complete_percent"
NUMERIC = {COMPLETE, "total_investment", "lon", "lat", "year", "required", "quantity", "value"}
NUMERIC |= {"completed", "to_date", "expected"}
LABELLED = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
Tell = Callable[[], None]


@dataclass(frozen=True)
class ExportQuery:
    """What to export: project filters and sort, and for needs an item and years. `columns` narrows the projects table.

    `proposed` adds to projects and needs what is proposed, marked, for who enters or reviews it.
    With `lang`, headings and codes are written in that language for people; without it they are machine names.
    """

    filters: ProjectFilters = NO_FILTERS
    sort: str = "code"
    item: str | None = None
    years: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    proposed: bool = False
    lang: str | None = None


def export(session: Session, scope: Scope, kind: str, path: Path, query: ExportQuery, tell: Tell = lambda: None) -> int:
    """Write `kind` to `path` (.csv, .xlsx, .json) and return the number of rows; `InvalidError` otherwise."""
    require_read(scope, "exchange.export")
    if kind not in KINDS:
        raise InvalidError("export.bad_kind", value=kind, allowed="、".join(KINDS))
    names = _columns(kind, query)
    written = _told(rows(session, scope, kind, query, names), tell)
    heading = [label(kind, name, query.lang) for name in names] if query.lang else list(names)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return writing.write_csv(path, heading, written)
    if suffix == ".json":
        return writing.write_json(path, kind, names, written)
    if suffix == ".xlsx":
        numeric = frozenset(place for place, name in enumerate(names) if name in NUMERIC)
        lang = query.lang or "zh"
        return writing.write_xlsx(path, t(f"kind-{kind}", lang), heading, written, numeric, t("export-note", lang))
    raise InvalidError("export.bad_suffix", value=path.name)


def _columns(kind: str, query: ExportQuery) -> tuple[str, ...]:
    """The columns asked for; those that identify a row and mark illustrative figures are always there.

    What a row is told besides comes with what is proposed, completeness also in a table for people: one of machine
    names is what is imported, and no more.
    """
    every = (*KINDS[kind], *TOLD.get(kind, ()))
    if query.columns and kind == "projects":
        wanted = {"code", "name_zh", "illustrative_fields", *query.columns}
    else:
        wanted = {*KINDS[kind], *((COMPLETE,) if query.lang else ())}
    if query.proposed:
        wanted |= set(TOLD.get(kind, ()))
    return tuple(name for name in every if name in wanted)


def _told(rows: Iterable[Sequence[Any]], tell: Tell) -> Iterator[Sequence[Any]]:
    for row in rows:
        tell()
        yield row


def rows(session: Session, scope: Scope, kind: str, query: ExportQuery, names: tuple[str, ...]) -> Iterator[list[Any]]:
    """The rows of `kind`, the columns `names` of projects and all columns of other kinds."""
    if kind == "needs":
        return _proposed_need_rows(session, scope, query) if query.proposed else _need_rows(session, scope, query)
    if kind == "pools":
        return pool_rows(session, scope, query.lang)
    if kind == "ledger":
        return entry_rows(session, scope, query.lang)
    if kind == "steps":
        return step_rows(session, scope, query.filters, query.lang)
    if kind == "criteria":
        return criteria_rows(session, scope, query.filters, query.lang)
    if kind == "yearly":
        return yearly_rows(session, scope, query.filters)
    directory = unit_directory(session)
    if kind == "projects":
        return _project_rows(session, scope, query, names, directory)
    frame = units(session, scope) if kind == "units" else tasks(session, scope)
    return ([_scheme_cell(record, name, directory, query.lang) for name in names] for record in records(frame))


def _project_rows(
    session: Session, scope: Scope, query: ExportQuery, names: tuple[str, ...], directory: UnitDirectory
) -> Iterator[list[Any]]:
    percents = complete_percents(session) if COMPLETE in names else {}
    for seen in projects_seen(session, scope, _listed(query), query.sort, query.proposed):
        project, percent = seen.project, percents.get(seen.project["id"], 0)
        if seen.keys and percents:
            percent = complete_of(session, project, True).percent
        told = {COMPLETE: percent, "accepted": str(int(seen.accepted)), "proposed": ";".join(seen.keys)}
        yield [told[name] if name in told else _project_cell(project, name, directory, query.lang) for name in names]


def _listed(query: ExportQuery) -> ProjectFilters:
    """The filters of the list; with what is proposed they let those in that were never accepted."""
    return replace(query.filters, proposed=None) if query.proposed else query.filters


def _project_cell(project: ProjectRecord, name: str, directory: UnitDirectory, lang: str | None) -> Any:
    if name == "total_investment":
        return outer_text(project["total_investment_yuan"], "money")
    if name == "illustrative_fields":
        return ";".join(illustrative_fields(project))
    value: Any = project.get(name)
    if name == "units":
        return ";".join(directory.name(code) for code in value)
    if name in ("lead_unit", "office_unit"):
        return directory.name(value)
    if isinstance(value, list | tuple):
        return ";".join(value)
    if isinstance(value, bool):
        return str(int(value))
    if lang and name in LABELLED:
        return codes.label(LABELLED[name], value, lang)
    return "" if value is None else value


def illustrative_fields(project: Mapping[str, Any]) -> list[str]:
    """The exported columns of a project whose figures are illustrative."""
    found = [name for name, basis in BASIS_OF.items() if project[basis] == "illustrative" and project[name] is not None]
    return ["total_investment" if name == "total_investment_yuan" else name for name in found]


def _need_rows(session: Session, scope: Scope, query: ExportQuery) -> Iterator[list[Any]]:
    lang, tree = query.lang, element_tree(session)
    names = {node.code: tree.path_name(node.code, lang) if lang else node.code for node in tree.nodes}
    word = t("need-not-applicable", "zh")
    for project, item, basis in iterate_not_applicable(session, scope, query.filters):
        if query.item is None and not query.years:
            yield [project, names[item], "", word, codes.label("bases", basis, lang) if lang else basis]
    for need in iterate_needs(session, scope, query.filters, query.item, query.years):
        basis = codes.label("bases", need["basis"], lang) if lang else need["basis"]
        required = outer_text(need["required"], need["dimension"])
        yield [need["project"], names[need["item"]], need["year"], required, basis]


def _proposed_need_rows(session: Session, scope: Scope, query: ExportQuery) -> Iterator[list[Any]]:
    lang, tree, word = query.lang, element_tree(session), t("need-not-applicable", "zh")
    for seen in needs_seen(session, scope, _listed(query), query.item, query.years):
        name = tree.path_name(seen.item, lang) if lang else seen.item
        basis = codes.label("bases", seen.basis, lang) if lang and seen.basis else seen.basis
        required = word if seen.year is None else outer_text(seen.amount, seen.dimension)
        yield [seen.project, name, seen.year or "", required, basis, MARK if seen.proposed else ""]


def _scheme_cell(record: dict[str, Any], name: str, directory: UnitDirectory, lang: str | None) -> Any:
    value = record[name]
    if name == "units":
        return ";".join(directory.name(code) for code in value)
    if name == "lead_unit":
        return directory.name(value)
    if lang and name == "kind":
        return codes.label("unit_kinds", value, lang)
    return "" if value is None else value
