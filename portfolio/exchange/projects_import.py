"""Import projects: matched by code, else national code, else name and owner."""

from functools import partial
from itertools import islice
from typing import Any

from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core.errors import FieldError, PortfolioError
from portfolio.exchange import values
from portfolio.exchange.columns import Heading
from portfolio.exchange.findings import Place
from portfolio.exchange.magnitude import warn_if_far
from portfolio.exchange.project_places import ProjectRegions, check_sector
from portfolio.exchange.projects_told import told_project
from portfolio.exchange.row_reading import RowReader
from portfolio.exchange.rows import Tally, count
from portfolio.exchange.table import Table
from portfolio.projects import national_code
from portfolio.projects.filters import Narrowing, ProjectFilters
from portfolio.projects.queries import iterate_projects
from portfolio.projects.service import create_project, load_references, update_project
from portfolio.projects.tables import BASIS_OF, Project, ProjectData
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.codes import resolve

CHUNK = 400
TEXTS = ("code", "name_zh", "name_en", "capacity_zh", "section", "owner", "co_agreed_doc", "source")
CODED = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
FLAGS = ("cross_province", "co_agreed", "sea_related")
FIGURES = {
    "total_investment": "investment_basis",
    "start_month": "schedule_basis",
    "finish_month": "schedule_basis",
    "stage": "stage_basis",
}
DEGREE_PLACES = 6  # a tenth of a metre; what a spreadsheet adds beyond is how it counts, not what was measured
COLUMN_OF = {"total_investment_yuan": "total_investment"}
Record = dict[str, Any]


class ProjectsImporter:
    """Rows of `projects`. Columns a file lacks are left as they are; a blank cell takes the answer back."""

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, heading: Heading, place: Place, tally: Tally
    ) -> None:
        self.session, self.actor, self.scope = session, actor, scope
        self.heading, self.place, self.tally = heading, place, tally
        self.units, self.references = unit_directory(session), load_references(session)
        self.regions = ProjectRegions(session, place)
        self.seen: set[tuple[str, str]] = set()

    def take(self, table: Table) -> int:
        """Read and apply the rows, a few hundred at a time."""
        reader = RowReader(self.heading, table, self.place)
        stream = reader.rows()
        while chunk := [(number, self._read(named)) for number, named in islice(stream, CHUNK)]:
            self._apply_all([(number, record) for number, record in chunk if record is not None])
        return reader.total

    def _read(self, cells: dict[str, str]) -> Record | None:
        """The record of a row, None when anything about it was reported."""
        record = self._record(cells)
        self._check_identity(record)
        return None if self.place.harmed else record

    def _record(self, cells: dict[str, str]) -> Record:
        place, record = self.place, Record()
        for name, cell in cells.items():
            if name in TEXTS:
                record[name] = values.text(cell, name, place)
            elif name in CODED:
                record[name] = values.coded(cell, partial(resolve, CODED[name]), name, place)
            elif name in FLAGS:
                record[name] = values.flag(cell, name, place)
            elif name in ("start_month", "finish_month"):
                record[name] = values.month(cell, name, place)
            else:
                record |= self._special(name, cell)
        record |= self.regions.read(cells)
        check_sector(cells, record.get("kind"), place)
        self._read_basis(cells, record)
        return record

    def _special(self, name: str, cell: str) -> Record:
        place, known = self.place, self.references.known.codes
        if name == "total_investment":
            unit = self.heading.units.get(name, "wan_yuan")
            return {"total_investment_yuan": values.quantity(cell, unit, name, place)}
        if name in ("lon", "lat"):
            value = values.number(cell, name, place)
            return {name: None if value is None else round(float(value), DEGREE_PLACES)}
        if name in ("lead_unit", "office_unit"):
            return {name: values.coded(cell, self.units.resolve, name, place)}
        if name == "units":
            return {name: values.listed(cell, self.units.resolve, name, place)}
        if name == "task_ids":
            return {
                name: values.listed(
                    cell, lambda text: text.strip() if text.strip() in known[name] else None, name, place
                )
            }
        if name == "national_code":
            return {name: self._national_code(cell)}
        return {}

    def _national_code(self, cell: str) -> str | None:
        plain = cell.strip()
        if not plain:
            return None
        wrong = national_code.fault(plain)
        if wrong:
            self.place.report(f"national_code.{wrong}", "national_code", plain)
        return national_code.normalise(plain)

    def _read_basis(self, cells: dict[str, str], record: Record) -> None:
        if "illustrative_fields" not in cells:
            return
        marked = {part.strip() for part in cells["illustrative_fields"].split(";") if part.strip()}
        for name in marked - set(FIGURES):
            self.place.report("unknown_code", "illustrative_fields", name)
        for name, basis in FIGURES.items():
            if name in cells:
                held = record.get(basis)
                record[basis] = "illustrative" if name in marked or held == "illustrative" else "reported"

    def _check_identity(self, record: Record) -> None:
        if not record.get("name_zh"):
            self.place.report("blank", "name_zh")
        name_key = f"{record.get('name_zh')}|{record.get('owner', '')}"
        key = ("code", record["code"]) if record.get("code") else ("name", name_key)
        if key in self.seen:
            self.place.report("doubled_key", "code" if record.get("code") else "name_zh", key[1])
        self.seen.add(key)

    def _apply_all(self, rows: list[tuple[int, Record]]) -> None:
        held = self._held([record for _, record in rows])
        for number, record in rows:
            self.place.row = number
            current = self._match(record, held)
            try:
                outcome = self._apply(record, current)
            except PortfolioError as error:
                self._report(error)
                continue
            count(self.tally, outcome)
            held_yuan = current["total_investment_yuan"] if current else None
            warn_if_far(self.place, "total_investment", held_yuan, record.get("total_investment_yuan"))
            if self.tally.preview is not None:
                self.tally.preview.add(outcome, *told_project(record, current))

    def _held(self, records: list[Record]) -> dict[tuple[str, str], Record]:
        by_code = [record["code"] for record in records if record.get("code")]
        others = [record for record in records if not record.get("code")]
        found = self._projects(col(Project.code).in_(by_code), tuple(by_code)) if by_code else []
        if others:
            names = [record["name_zh"] for record in others]
            codes = [record["national_code"] for record in others if record.get("national_code")]
            found += self._projects(
                col(Project.name_zh).in_(names) | col(Project.national_code).in_(codes), tuple(names)
            )
        index: dict[tuple[str, str], Record] = {}
        for project in found:
            index["code", project["code"]] = project
            index["name", f"{project['name_zh']}|{project['owner']}"] = project
            if project["national_code"]:
                index["national", project["national_code"]] = project
        return index

    def _projects(self, condition: Any, key: Any) -> list[Record]:
        filters = ProjectFilters(narrowing=(Narrowing(key, condition),))
        return list(iterate_projects(self.session, self.scope, filters))

    def _match(self, record: Record, held: dict[tuple[str, str], Record]) -> Record | None:
        if record.get("code"):
            return held.get(("code", record["code"]))
        if record.get("national_code") and ("national", record["national_code"]) in held:
            return held["national", record["national_code"]]
        return held.get(("name", f"{record['name_zh']}|{record.get('owner', '')}"))

    def _apply(self, record: Record, current: Record | None) -> str:
        if current is None:
            create_project(self.session, self.actor, ProjectData(**record), references=self.references)
            return "new"
        facts = {name: value for name, value in record.items() if name != "code"}
        facts = {name: value for name, value in facts.items() if not self._same_basis(name, value, facts, current)}
        if all(_plain(current[name]) == _plain(value) for name, value in facts.items()):
            return "unchanged"
        update_project(self.session, self.actor, self.scope, current["code"], facts, references=self.references)
        return "changed"

    def _same_basis(self, name: str, value: Any, facts: Record, current: Record) -> bool:
        """Whether a basis says nothing: there is no figure beside it, before or after."""
        figures = [figure for figure, basis in BASIS_OF.items() if basis == name]
        return bool(figures) and all(facts.get(figure, current.get(figure)) is None for figure in figures)

    def _report(self, error: PortfolioError) -> None:
        for fault in error.fields or [FieldError("code", error.code, error.params)]:
            column = COLUMN_OF.get(fault.field, fault.field)
            params = {name: value for name, value in fault.params.items() if name != "value"}
            self.place.report(fault.code, column, fault.params.get("value"), **params)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
