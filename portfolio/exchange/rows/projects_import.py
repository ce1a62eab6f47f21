"""Import projects: matched by code, else national code, else name and owner in the same place."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, allows
from portfolio.core.errors import FieldError, PortfolioError
from portfolio.core.i18n import t
from portfolio.core.records import record_of
from portfolio.core.settings import get_settings
from portfolio.exchange.files.table import Table
from portfolio.exchange.rows.project_alike import Alike, warn_of_namesakes
from portfolio.exchange.rows.project_match import Match, Matching
from portfolio.exchange.rows.project_places import ProjectRegions, check_sector
from portfolio.exchange.rows.projects_told import told_project
from portfolio.exchange.rows.rows import Tally, count
from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.columns import Heading
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.magnitude import warn_if_far
from portfolio.exchange.sheets.row_reading import RowReader
from portfolio.projects.ended import ended_in
from portfolio.projects.records import ProjectRecord
from portfolio.projects.references import load_references
from portfolio.projects.rules import national_code
from portfolio.projects.rules.works import MONTHS
from portfolio.projects.service import create_project, seen_by, update_project
from portfolio.projects.states import standing
from portfolio.projects.tables import BASIS_OF, ProjectData
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.codes import resolve

CHUNK = 400
TEXTS = ("code", "name_zh", "name_en", "capacity_zh", "section", "owner", "co_agreed_doc", "source")
CODED = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
FLAGS = ("cross_province", "co_agreed", "sea_related")
FIGURES = {
    "total_investment": "investment_basis",
    **dict.fromkeys(MONTHS, "schedule_basis"),
    "stage": "stage_basis",
}
_BLANK: dict[str, Any] = {"national_code": None, "owner": "", "region_codes": []}
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
        self.taken: set[str] = set()  # codes of the projects that rows before have meant
        self.ended: set[tuple[str, Any]] = set()  # ended units and places that were told of, by column
        self.alike = Alike(session, scope, place, tally.preview)

    def take(self, table: Table) -> int:
        """Read and apply the rows, a few hundred at a time."""
        reader = RowReader(self.heading, table, self.place)
        stream = _stated(reader.rows()) if table.keeps else reader.rows()
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
            elif name in MONTHS:
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
        for column in ("code", "national_code"):
            key = (column, record.get(column) or "")
            if key[1] and key in self.seen:
                self.place.report("doubled_key", column, key[1])
            self.seen.add(key)

    def _apply_all(self, rows: list[tuple[int, Record]]) -> None:
        matching = Matching(self.references.city_of)
        matching.read(self.session, self.scope, (record for _, record in rows))
        for number, record in rows:
            self.place.row = number
            match = matching.find(record)
            if not self._names_one(record, match):
                continue
            current = self._seen(match.project)
            alike = self.alike.look(record) if current is None else []
            try:
                outcome, code = self._apply(record, current)
            except PortfolioError as error:
                self._report(error)
                continue
            self.taken.add(code)
            self._warn_of_ended(record, current)
            if current is None:
                matching.add({**_BLANK, **record, "code": code})
                warn_of_namesakes(self.place, match.namesakes)
                self.alike.warn(alike, match.namesakes)
            count(self.tally, outcome)
            held_yuan = current["total_investment_yuan"] if current else None
            warn_if_far(self.place, "total_investment", held_yuan, record.get("total_investment_yuan"))
            if self.tally.preview is not None:
                self.tally.preview.add(outcome, *told_project(record, current))

    def _warn_of_ended(self, record: Record, current: Record | None) -> None:
        """Say of each ended unit or place, once a column, who took it over; what was stated is kept as it is."""
        for fault in ended_in(self.session, record, current):
            name = fault.params.get("unit") or fault.params.get("region")
            if (fault.field, name) in self.ended:
                continue
            self.ended.add((fault.field, name))
            told = {"heir": fault.params["heir"], "on": fault.params["until"]}
            self.place.warn("ended_region" if "region" in fault.params else "ended_unit", fault.field, name, **told)

    def _names_one(self, record: Record, match: Match) -> bool:
        """Whether the row means one project, and no row before it meant the same."""
        if match.several:
            codes = "、".join(project["code"] for project in match.several)
            self.place.report("doubtful_row", "name_zh", record["name_zh"], codes=codes)
        elif match.project and match.project["code"] in self.taken:
            self.place.report("doubled_key", "name_zh", record["name_zh"])
        else:
            return True
        return False

    def _seen(self, project: Record | None) -> Record | None:
        """The record a row changes: with what is proposed beside it for those whose changes are proposals."""
        if project is None or "id" not in project or allows(self.actor, "project.review"):
            return project
        stands = standing(self.session, project["id"])
        return dict(seen_by(self.session, self.actor, record_of(ProjectRecord, project), stands))

    def _apply(self, record: Record, current: Record | None) -> tuple[str, str]:
        """What became of the row, and the code of its project."""
        if current is None:
            made = create_project(self.session, self.actor, ProjectData(**record), references=self.references)
            return "new", made["code"]
        facts = {name: value for name, value in record.items() if name != "code"}
        facts = {name: value for name, value in facts.items() if not self._same_basis(name, value, facts, current)}
        if all(_plain(current[name]) == _plain(value) for name, value in facts.items()):
            return "unchanged", current["code"]
        reason = t("import-row-reason", get_settings().language, file=self.place.file) if _deciding(facts) else None
        code = current["code"]
        update_project(self.session, self.actor, self.scope, code, facts, reason, references=self.references)
        return "changed", current["code"]

    def _same_basis(self, name: str, value: Any, facts: Record, current: Record) -> bool:
        """Whether a basis says nothing: there is no figure beside it, before or after."""
        figures = [figure for figure, basis in BASIS_OF.items() if basis == name]
        return bool(figures) and all(facts.get(figure, current.get(figure)) is None for figure in figures)

    def _report(self, error: PortfolioError) -> None:
        for fault in error.fields or [FieldError("code", error.code, error.params)]:
            column = COLUMN_OF.get(fault.field, fault.field)
            params = {name: value for name, value in fault.params.items() if name != "value"}
            self.place.report(fault.code, column, fault.params.get("value"), **params)


def _stated(rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows without the cells that say nothing: those of an office's own table take no answer back."""
    for number, cells in rows:
        yield number, {name: cell for name, cell in cells.items() if cell}


def _deciding(facts: Record) -> bool:
    """Whether a change may decide whose the project is, which needs its reason."""
    return bool({"lead_unit", "region_codes"} & facts.keys())


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
