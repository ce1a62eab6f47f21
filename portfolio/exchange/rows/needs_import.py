"""Import needs in chunks: each column is checked as a whole, single rows are looked at where that fails."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_some, scope_of
from portfolio.core.errors import PortfolioError
from portfolio.core.i18n import LANGUAGES
from portfolio.core.units import BASE_PER_OUTER, UNITS
from portfolio.exchange.files.cells import columns_of
from portfolio.exchange.files.table import Table
from portfolio.exchange.rows.needs_rows import NeedRows, SeenKeys
from portfolio.exchange.rows.needs_writing import NeedsWriter
from portfolio.exchange.rows.projects_named import NamedProjects
from portfolio.exchange.rows.rows import Tally
from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.columns import Heading, label
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.row_reading import RowReader
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.rules.items import BASES, FIRST_YEAR, LAST_YEAR
from portfolio.needs.service import save_needs
from portfolio.needs.tables import NotApplicable
from portfolio.vocabulary.codes import resolve
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

OUTER = re.compile(r"(?:\d{1,11}(?:\.\d{1,4})?\n)*")
NOT_APPLICABLE_WORDS = {"不涉及", "not_applicable", "n/a"}


class NeedsImporter:
    """Rows of `needs`, by project, item and year; `不涉及` in `required` declares an item not applicable."""

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, heading: Heading, place: Place, tally: Tally
    ) -> None:
        self.session, self.actor, self.scope = session, actor, scope
        self.heading, self.place, self.tally = heading, place, tally
        require_some(actor, "need.edit")
        self.tree = element_tree(session)
        self.projects = NamedProjects(session, scope, scope_of(actor, "need.edit"))
        self.items = _leaf_ids(self.tree)
        self.years = {str(year): year for year in range(FIRST_YEAR, LAST_YEAR + 1)}
        self.bases = {"": "reported", **{base: base for base in BASES}}
        self.closed = _closed_leaves(session, self.tree)
        self.seen = SeenKeys(list(self.projects.code_of), [leaf.id for leaf in self.tree.leaves])
        self.writer = NeedsWriter(session, actor, self.tree, self.projects, tally, place)

    def take(self, table: Table) -> int:
        """Read and apply the rows."""
        reader = RowReader(self.heading, table, self.place)
        with _collector_at_rest(), self.writer.behind:
            for numbers, cells in table.chunks:
                fast = None if table.marks else self._fast(numbers, cells)
                reader.total += len(cells) if fast is not None else 0
                self._keep(self._slow(reader, numbers, cells) if fast is None else fast)
            self.writer.conclude()
        return reader.total

    def _fast(self, numbers: Sequence[int], cells: Sequence[list[str]]) -> NeedRows | None:
        """The whole chunk at once, or None when anything at all is unusual."""
        if "required" in self.heading.units or "element" in self.heading.names or not cells:
            return None
        columns = dict(zip(self.heading.names, columns_of(cells), strict=False))
        joined = "\n".join(columns["required"]) + "\n"
        if not joined.isascii() or not OUTER.fullmatch(joined):
            return None
        try:
            project = list(map(self.projects.by_spelling.__getitem__, columns["project"]))
            item = list(map(self.items.__getitem__, columns["item"]))
            year = list(map(self.years.__getitem__, columns["year"]))
            basis = list(map(self.bases.__getitem__, columns.get("basis", ("",) * len(cells))))
        except KeyError:
            return None
        if self.closed and not self.closed.isdisjoint(zip(project, item, strict=True)):
            return None
        whole = "." not in joined
        required = [v * BASE_PER_OUTER for v in map(int, columns["required"])] if whole else None
        return NeedRows(project, item, year, required or list(map(base_units, columns["required"])), basis, numbers)

    def _slow(self, reader: RowReader, numbers: Sequence[int], rows: Sequence[list[str]]) -> NeedRows:
        good = NeedRows([], [], [], [], [], [])
        for number, cells in zip(numbers, rows, strict=True):
            named = reader.read(number, cells)
            if named is None:
                continue
            if named.get("required", "").strip().casefold() in NOT_APPLICABLE_WORDS:
                self._keep(good)  # what stood above must be in the table when the statement is checked
                good = NeedRows([], [], [], [], [], [])
                self.place.row = number
                self._not_applicable(named)
            else:
                read = self._read(named)
                if read is not None and not self.place.harmed:
                    for column, value in zip(good.__dict__.values(), (*read, number), strict=True):
                        column.append(value)
        return good

    def _read(self, cells: dict[str, str]) -> tuple[int, int, int, int, str] | None:
        project, node = self._project(cells), self._node(cells)
        year, basis = self._year(cells), self._basis(cells)
        if node is not None and not node.leaf:
            self.place.report("need.parent_item", "item", cells["item"].strip())
        self._check_element(cells, node)
        unit = self._unit(node.dimension if node else None)
        if node is None or unit is None:
            return None
        required = values.quantity(cells.get("required", ""), unit, "required", self.place)
        if required is None and not cells.get("required", "").strip():
            self.place.report("blank", "required")
        if project is None or year is None or required is None or basis is None or not node.leaf:
            return None
        if (project, node.id) in self.closed:
            self.place.report("need.declared_not_applicable", "item", cells["item"].strip())
            return None
        return project, node.id, year, required, basis

    def _project(self, cells: dict[str, str]) -> int | None:
        cell = cells.get("project", "").strip()
        found = self.projects.find(cell)
        if found is None:
            self.projects.report(self.place, cell)
        return found

    def _node(self, cells: dict[str, str]) -> Any:
        cell = cells.get("item", "").strip()
        node = self.tree.resolve(cell)
        if node is None:
            self.place.report("unknown_item" if cell else "blank", "item", cell)
        return node

    def _check_element(self, cells: dict[str, str], node: Any) -> None:
        cell = cells.get("element", "").strip()
        element = self.tree.resolve(cell) if cell else None
        if cell and (element is None or (node is not None and element.code != node.element)):
            self.place.report("element_of_other_item", "element", cell)

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
            self.place.report("unit_of_other_dimension", "required", self.place.headings["required"][0])
            return None
        return unit

    def _not_applicable(self, cells: dict[str, str]) -> None:
        project, node, basis = self._project(cells), self._node(cells), self._basis(cells)
        if cells.get("year", "").strip():
            self.place.report("need.not_applicable_has_no_year", "year", cells["year"])
            return
        if project is None or node is None or basis is None:
            return
        self.writer.behind.settle()
        edit = NeedEdit(node.code, None, NOT_APPLICABLE, basis)
        try:
            changed = save_needs(self.session, self.actor, self.scope, self.projects.code_of[project], [edit])
        except PortfolioError as error:
            for fault in error.fields:
                self.place.report(fault.code, fault.field, fault.params.get("value"))
            return
        self.tally.new += changed
        self.tally.unchanged += not changed
        if self.tally.preview is not None:
            key = {"project": self.projects.code_of[project], "item": node.code, "year": ""}
            stood = "" if changed else NOT_APPLICABLE
            self.tally.preview.add("new" if changed else "unchanged", key, {"required": (stood, NOT_APPLICABLE)})
        self.closed |= {(project, leaf.id) for leaf in self.tree.leaves_under(node.code)}

    def _keep(self, rows: NeedRows) -> None:
        """Write `rows` but those whose key stood in the file before, each of which is reported."""
        fresh = self.seen.first_time(rows)
        if fresh.all():
            self._write(rows)
            return
        for n in np.flatnonzero(~fresh):
            self.place.row = rows.line[int(n)]
            key = (self.projects.code_of[rows.project[n]], self._item_words(rows.item[n]), str(rows.year[n]))
            self.place.report("doubled_key", "project", " ".join(key))
        self._write(rows.kept(fresh))

    def _item_words(self, item: int) -> str:
        """An item as a file with such a heading names it: by its code, or by its name in the heading's language."""
        code, heading = self.tree.by_id[item].code, self.place.headings["item"][0]
        lang = next((lang for lang in LANGUAGES if heading.strip() == label("needs", "item", lang)), None)
        return self.tree.path_name(code, lang) if lang else code

    def _write(self, rows: NeedRows) -> None:
        """Write `rows` but those of records that may not be changed now, each of which is reported."""
        barred = self.writer.barred(rows)
        if barred:
            for project, number in zip(rows.project, rows.line, strict=True):
                if project in barred:
                    self.place.row = number
                    code = self.projects.code_of[project]
                    self.place.report(barred[project], "project", code, project=code)
            rows = rows.kept(np.array([project not in barred for project in rows.project]))
        self.writer.write(rows)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Rows make no cycles: looking for some after every few hundred of them costs more than reading them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
