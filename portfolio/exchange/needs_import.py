"""Import needs in chunks: each column is checked as a whole, single rows are looked at where that fails."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core import revision
from portfolio.core.errors import PortfolioError
from portfolio.core.units import BASE_PER_OUTER, UNITS
from portfolio.exchange import values
from portfolio.exchange.columns import Heading
from portfolio.exchange.findings import Place
from portfolio.exchange.scheme_import import Tally
from portfolio.journal import service as journal
from portfolio.needs.rules import BASES, FIRST_YEAR, LAST_YEAR
from portfolio.needs.service import NOT_APPLICABLE, NeedEdit, save_needs
from portfolio.needs.tables import Need, NotApplicable
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.service import mark_needs_changed
from portfolio.projects.tables import Project
from portfolio.vocabulary.codes import resolve
from portfolio.vocabulary.elements import ElementTree, element_tree

CHUNK = 20_000
YEARS = LAST_YEAR - FIRST_YEAR + 1
OUTER = re.compile(r"(?:\d{1,11}(?:\.\d{1,4})?\n)*")
NOT_APPLICABLE_WORDS = {"不涉及", "not_applicable", "n/a"}
Columns = tuple[list[int], list[int], list[int], list[int], list[str], list[int]]


@dataclass
class _Rows:
    """Good rows as columns: project id, item id, year, required (base units), basis, line number."""

    project: list[int]
    item: list[int]
    year: list[int]
    required: list[int]
    basis: list[str]
    line: list[int]


class NeedsImporter:
    """Rows of `needs`, by project, item and year; `不涉及` in `required` declares an item not applicable."""

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, heading: Heading, place: Place, tally: Tally
    ) -> None:
        self.session, self.actor, self.scope = session, actor, scope
        self.heading, self.place, self.tally = heading, place, tally
        self.tree = element_tree(session)
        self.projects = _Projects(session, scope)
        self.items = _leaf_ids(self.tree)
        self.years = {str(year): year for year in range(FIRST_YEAR, LAST_YEAR + 1)}
        self.bases = {"": "reported", **{base: base for base in BASES}}
        self.with_needs = set(session.execute(select(col(Need.project_id)).distinct()).scalars())
        self.closed = _closed_leaves(session, self.tree)
        self.seen = np.zeros(len(self.projects.code_of) * (max(self.tree.by_id) + 1) * YEARS // 8 + 1, np.uint8)
        self.touched: set[int] = set()

    def take(self, rows: Iterable[tuple[int, list[str]]]) -> int:
        """Read and apply the rows."""
        total, stream = 0, iter(rows)
        while chunk := list(islice(stream, CHUNK)):
            filled = [row for row in chunk if any(row[1])]
            total += len(filled)
            if filled:
                self._write(self._unrepeated(self._fast(filled) or self._slow(filled)))
        if self.touched:
            mark_needs_changed(self.session, sorted(self.touched))
            revision.touch(self.session, sorted(self.touched))
        return total

    def _column(self, cells: tuple[tuple[str, ...], ...], name: str) -> tuple[str, ...] | None:
        place = self.heading.place_of(name)
        return cells[place] if place is not None else None

    def _fast(self, rows: list[tuple[int, list[str]]]) -> _Rows | None:
        """The whole chunk at once, or None when anything at all is unusual."""
        lines, cells = zip(*rows, strict=True)
        if "required" in self.heading.units or len({len(row) for row in cells}) != 1:
            return None
        columns = tuple(zip(*cells, strict=True))
        required = columns[self.heading.names.index("required")]
        joined = "\n".join(required) + "\n"
        if not joined.isascii() or not OUTER.fullmatch(joined):
            return None
        try:
            project = [self.projects.by_spelling[text] for text in columns[self.heading.names.index("project")]]
            item = [self.items[text] for text in columns[self.heading.names.index("item")]]
            year = [self.years[text] for text in columns[self.heading.names.index("year")]]
            basis = [self.bases[text] for text in self._column(columns, "basis") or ("",) * len(lines)]
        except KeyError:
            return None
        if self.closed and any((p, i) in self.closed for p, i in zip(project, item, strict=True)):
            return None
        return _Rows(project, item, year, [base_units(text) for text in required], basis, list(lines))

    def _slow(self, rows: list[tuple[int, list[str]]]) -> _Rows:
        good = _Rows([], [], [], [], [], [])
        for number, cells in rows:
            self.place.row = number
            found = self.place.findings.total
            named = {n: c for n, c in zip(self.heading.names, cells, strict=False) if n is not None}
            if values.is_totals_row(cells):
                self.place.report("totals_row", value=next(filter(None, cells)))
            elif named.get("required", "").strip().casefold() in NOT_APPLICABLE_WORDS:
                self._write(
                    self._unrepeated(good)
                )  # what stood above must be in the table when the statement is checked
                good = _Rows([], [], [], [], [], [])
                self.place.row = number
                self._not_applicable(named)
            else:
                read = self._read(named)
                if read is not None and self.place.findings.total == found:
                    for column, value in zip(good.__dict__.values(), (*read, number), strict=True):
                        column.append(value)
        return good

    def _read(self, cells: dict[str, str]) -> tuple[int, int, int, int, str] | None:
        project, node = self._project(cells), self._node(cells)
        year, basis = self._year(cells), self._basis(cells)
        if node is not None and not node.leaf:
            self.place.report("need.parent_item", "item", node.code)
        unit = self._unit(node.dimension if node else None)
        if node is None or unit is None:
            return None
        required = values.quantity(cells.get("required", ""), unit, "required", self.place)
        if required is None and not cells.get("required", "").strip():
            self.place.report("blank", "required")
        if project is None or year is None or required is None or basis is None or not node.leaf:
            return None
        if (project, node.id) in self.closed:
            self.place.report("need.declared_not_applicable", "item", node.code)
            return None
        return project, node.id, year, required, basis

    def _project(self, cells: dict[str, str]) -> int | None:
        cell = cells.get("project", "").strip()
        found = self.projects.by_spelling.get(cell)
        if found is None:
            code = "doubtful_project" if cell in self.projects.doubtful else "unknown_project"
            self.place.report(code if cell else "blank", "project", cell)
        return found

    def _node(self, cells: dict[str, str]) -> Any:
        cell = cells.get("item", "").strip()
        node = self.tree.resolve(cell)
        if node is None:
            self.place.report("unknown_item" if cell else "blank", "item", cell)
        return node

    def _year(self, cells: dict[str, str]) -> int | None:
        cell = cells.get("year", "").strip()
        year = self.years.get(cell)
        if year is None:
            digits = re.sub(r"\D", "", cell)
            self.place.report("bad_year", "year", cell, plain=digits[:4], first=str(FIRST_YEAR), last=str(LAST_YEAR))
        return year

    def _basis(self, cells: dict[str, str]) -> str | None:
        cell = cells.get("basis", "").strip()
        if not cell:
            return "reported"
        return values.coded(cell, lambda text: resolve("bases", text), "basis", self.place)

    def _unit(self, dimension: str | None) -> str | None:
        if dimension is None:
            return None
        unit = self.heading.units.get("required", "wan_yuan" if dimension == "money" else "ha")
        if UNITS[unit].dimension != dimension:
            self.place.report("unit_of_other_dimension", "required", unit)
            return None
        return unit

    def _not_applicable(self, cells: dict[str, str]) -> None:
        project, node, basis = self._project(cells), self._node(cells), self._basis(cells)
        if cells.get("year", "").strip():
            self.place.report("need.not_applicable_has_no_year", "year", cells["year"])
            return
        if project is None or node is None or basis is None:
            return
        edit = NeedEdit(node.code, None, NOT_APPLICABLE, basis)
        try:
            changed = save_needs(self.session, self.actor, self.scope, self.projects.code_of[project], [edit])
        except PortfolioError as error:
            for fault in error.fields:
                self.place.report(fault.code, fault.field, fault.params.get("value"))
            return
        self.tally.new += changed
        self.tally.unchanged += not changed
        self.closed |= {(project, leaf.id) for leaf in self.tree.leaves_under(node.code)}

    def _unrepeated(self, rows: _Rows) -> _Rows:
        """`rows` without those whose key stood in the file before, each of which is reported."""
        places = np.array([self.projects.place_of[project] for project in rows.project], np.int64)
        keys = (places * (max(self.tree.by_id) + 1) + np.array(rows.item, np.int64)) * YEARS
        keys += np.array(rows.year, np.int64) - FIRST_YEAR
        unique, first = np.unique(keys, return_index=True)
        before = (self.seen[unique >> 3] >> (unique & 7).astype(np.uint8)) & 1
        good = np.zeros(len(keys), np.bool_)
        good[first[before == 0]] = True
        np.bitwise_or.at(self.seen, unique >> 3, np.left_shift(1, unique & 7).astype(np.uint8))
        if good.all():
            return rows
        for n in np.flatnonzero(~good):
            self.place.row = rows.line[n]
            code = self.tree.by_id[rows.item[n]].code
            self.place.report(
                "doubled_key", "project", f"{self.projects.code_of[rows.project[n]]} {code} {rows.year[n]}"
            )
        return _Rows(*([v for v, keep in zip(column, good, strict=True) if keep] for column in rows.__dict__.values()))

    def _write(self, rows: _Rows) -> None:
        held = self._held(rows)
        number = revision.bump(self.session)
        new: list[tuple[int, int, int, int, str, int]] = []
        changed: list[dict[str, Any]] = []
        log: dict[int, list[list[Any]]] = {}
        columns = zip(rows.project, rows.item, rows.year, rows.required, rows.basis, strict=True)
        for project, item, year, required, basis in columns:
            before = held.get((project, item, year)) if held else None
            if before == (required, basis):
                continue
            log.setdefault(project, []).append([item, year, before, (required, basis)])
            if before is None:
                new.append((project, item, year, required, basis, number))
            else:
                changed.append({"p": project, "i": item, "y": year, "required": required, "basis": basis})
        self._store(new, changed, number)
        self.tally.new += len(new)
        self.tally.changed += len(changed)
        self.tally.unchanged += len(rows.project) - len(new) - len(changed)
        self.touched.update(log)
        self._journal(log)

    def _held(self, rows: _Rows) -> dict[tuple[int, int, int], tuple[int, str]]:
        ids = sorted(self.with_needs.intersection(rows.project))
        found: dict[tuple[int, int, int], tuple[int, str]] = {}
        statement = select(col(Need.project_id), col(Need.item_id), col(Need.year), col(Need.required), col(Need.basis))
        for start in range(0, len(ids), 500):
            chosen = statement.where(col(Need.project_id).in_(ids[start : start + 500]))
            for project, item, year, required, basis in self.session.execute(chosen):
                found[project, item, year] = (required, basis)
        return found

    def _store(self, new: list[tuple[Any, ...]], changed: list[dict[str, Any]], number: int) -> None:
        connection = self.session.connection()
        if new:
            names = ("project_id", "item_id", "year", "required", "basis", "revision")
            statement = str(insert(_needs).compile(dialect=connection.dialect, column_keys=list(names)))
            if connection.dialect.paramstyle == "qmark":
                connection.exec_driver_sql(statement, new)
            else:
                connection.execute(insert(_needs), [dict(zip(names, row, strict=True)) for row in new])
        if changed:
            connection.execute(_update_statement(number), changed)

    def _journal(self, log: dict[int, list[list[Any]]]) -> None:
        codes = {item: node.code for item, node in self.tree.by_id.items()}
        entries = [
            journal.Entry(
                self.projects.code_of[project],
                "import",
                [_logged(codes, item, year, before) for item, year, before, _ in cells if before is not None] or None,
                [_logged(codes, item, year, after) for item, year, _, after in cells],
            )
            for project, cells in log.items()
        ]
        journal.record(self.session, self.actor, "needs", entries)


class _Projects:
    """The projects a file may name: by code, or by a name only one of them bears."""

    def __init__(self, session: Session, scope: Scope) -> None:
        statement = select(col(Project.id), col(Project.code), col(Project.name_zh)).where(
            *conditions(NO_FILTERS, scope)
        )
        rows = session.execute(statement.order_by(col(Project.id))).all()
        self.code_of = {row.id: row.code for row in rows}
        self.place_of = {row.id: place for place, row in enumerate(rows)}
        self.doubtful: set[str] = set()
        self.by_spelling: dict[str, int] = {}
        for row in rows:
            if row.name_zh in self.by_spelling:
                self.doubtful.add(row.name_zh)
            self.by_spelling[row.name_zh] = row.id
        for name in self.doubtful:
            del self.by_spelling[name]
        self.by_spelling.update({row.code: row.id for row in rows})


def base_units(text: str) -> int:
    """A checked plain number with at most four decimals as base units: 万元 to yuan, 公顷 to m²."""
    whole, point, decimals = text.partition(".")
    return int(whole) * BASE_PER_OUTER + (int(decimals.ljust(4, "0")) if point else 0)


def _leaf_ids(tree: ElementTree) -> dict[str, int]:
    known: dict[str, int] = {}
    for leaf in tree.leaves:
        for text in (leaf.code, leaf.name_zh, leaf.name_en):
            node = tree.resolve(text)
            if node is not None and node.id == leaf.id:
                known[text] = leaf.id
    return known


def _closed_leaves(session: Session, tree: ElementTree) -> set[tuple[int, int]]:
    rows = session.execute(select(col(NotApplicable.project_id), col(NotApplicable.item_id)))
    return {(project, leaf.id) for project, item in rows for leaf in tree.leaves_under(tree.by_id[item].code)}


def _logged(codes: dict[int, str], item: int, year: int, value: tuple[int, str]) -> dict[str, Any]:
    return {"item": codes[item], "year": year, "value": {"required": value[0], "basis": value[1]}}


def _update_statement(number: int) -> Any:
    same = (
        _needs.c.project_id == bindparam("p"),
        _needs.c.item_id == bindparam("i"),
        _needs.c.year == bindparam("y"),
    )
    return update(_needs).where(*same).values(required=bindparam("required"), basis=bindparam("basis"), revision=number)


_needs = Need.metadata.tables["needs"]
