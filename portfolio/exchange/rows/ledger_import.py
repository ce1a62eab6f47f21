"""Import pools and ledger entries; what is there already is told by its content, so a file may be read in again."""

import re
from collections import Counter
from typing import Any

from portfolio.core.clock import today
from portfolio.core.errors import NotFoundError, PortfolioError
from portfolio.core.i18n import LANGUAGES, t
from portfolio.core.records import picked
from portfolio.core.units import UNITS, outer_text
from portfolio.exchange.rows.project_places import resolve_region
from portfolio.exchange.rows.projects_named import NamedProjects
from portfolio.exchange.rows.rows import RowImporter
from portfolio.exchange.sheets import values
from portfolio.ledger.queries import get_pool, natural_keys
from portfolio.ledger.records import PoolRecord
from portfolio.ledger.rules import FREE, HELD, LEVELS, MOVES, POOL_KINDS
from portfolio.ledger.service import PoolData, Posting, amend_pool, open_pool, post, reverse
from portfolio.needs.rules.items import BASES
from portfolio.vocabulary.codes import WHOLE_REGION, resolve
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import region_directory

POOL_CODE = re.compile(r"^\S.{0,39}$")
AMENDED = ("valid_until", "name", "basis")
FLAG = {None: "", False: "0", True: "1"}
DEFAULT_KIND = {"money": "budget", "area": "quota"}
Record = dict[str, Any]


class LedgerRows(RowImporter):
    """What both kinds of table read alike."""

    def year(self, cells: dict[str, str]) -> int | None:
        """A year of four digits, None when blank or reported."""
        cell = cells.get("year", "").strip()
        if cell and not re.fullmatch(r"20\d\d", cell):
            self.place.report("bad_year", "year", cell, first="2000", last="2060")
            return None
        return int(cell) if cell else None

    def choice(self, cells: dict[str, str], name: str, allowed: tuple[str, ...], prefix: str) -> str | None:
        """One of `allowed`, as its code or its name in either language."""
        return values.coded(cells.get(name, ""), lambda text: spelled(text, allowed, prefix), name, self.place)

    def amount(self, cells: dict[str, str], dimension: str) -> int | None:
        """The quantity in base units, in the unit of its heading."""
        unit = self.heading.units.get("quantity", "wan_yuan" if dimension == "money" else "ha")
        if UNITS[unit].dimension != dimension:
            self.place.report("unit_of_other_dimension", "quantity", self.place.headings["quantity"][0])
            return None
        found = values.quantity(cells.get("quantity", ""), unit, "quantity", self.place)
        if found is None and not cells.get("quantity", "").strip():
            self.place.report("blank", "quantity")
        return found


def spelled(text: str, allowed: tuple[str, ...], prefix: str) -> str | None:
    """The code meant by a code or a name of the catalogues."""
    plain = text.strip().casefold()
    for code in allowed:
        if plain in {code, *(t(f"{prefix}-{code}", lang).casefold() for lang in LANGUAGES)}:
            return code
    return None


class PoolsImporter(LedgerRows):
    """Rows of `pools`, by `pool`: a new one is opened, a changed quantity is added or cut by the row's document."""

    def _read(self, cells: dict[str, str]) -> Record:
        record: Record = {"code": self.key(cells, "pool", POOL_CODE, "field.too_long", limit="40")}
        node = element_tree(self.session).resolve(cells.get("item", ""))
        if node is None:
            self.place.report("unknown_item" if cells.get("item", "").strip() else "blank", "item", cells.get("item"))
            return record
        record |= {"item": node.code, "year": self.year(cells), "quantity": self.amount(cells, node.dimension)}
        record["region_code"] = self._region(cells.get("region_code", ""))
        record["level"] = self.choice(cells, "level", LEVELS, "level") or "region"
        record["kind"] = self.choice(cells, "kind", POOL_KINDS, "pool-kind") or DEFAULT_KIND[node.dimension]
        basis = values.coded(cells.get("basis", ""), lambda text: resolve("bases", text), "basis", self.place)
        record["basis"] = basis or BASES[0]
        record["carries"] = values.flag(cells.get("carries", ""), "carries", self.place)
        record |= {"valid_until": self.day(cells, "valid_until"), "on_date": self.day(cells, "on_date")}
        record |= {name: values.text(cells.get(name, ""), name, self.place) for name in ("doc_no", "name")}
        if record["year"] is None and not cells.get("year", "").strip():
            self.place.report("blank", "year")
        return record

    def _region(self, cell: str) -> str:
        directory = region_directory(self.session)
        return (resolve_region(directory, cell, "region_code", self.place) if cell.strip() else None) or WHOLE_REGION

    def _apply(self, record: Record) -> str:
        try:
            held = get_pool(self.session, self.scope, record["code"])
        except NotFoundError:
            held = None
        self._tell(record, held)
        try:
            if held is None:
                record["on_date"] = record["on_date"] or f"{record['year']}-01-01"
                open_pool(self.session, self.actor, self.scope, PoolData(**record))
                return "new"
            record["on_date"] = record["on_date"] or today().isoformat()
            changed = amend_pool(self.session, self.actor, self.scope, PoolData(**record))
        except PortfolioError as error:
            return self.refused(error, "pool")
        return "changed" if changed else "unchanged"

    def _tell(self, record: Record, held: PoolRecord | None) -> None:
        dimension = element_tree(self.session).by_code[record["item"]].dimension
        stood = {name: str(said or "") for name, said in picked(held, AMENDED).items()} if held else {}
        fields = {name: (stood.get(name, ""), str(record[name] or stood.get(name, ""))) for name in AMENDED}
        carried = held["carries"] if held else None
        fields["carries"] = (FLAG[carried], FLAG[carried if record["carries"] is None else record["carries"]])
        quantity = outer_text(held["total"], dimension) if held else ""
        fields["quantity"] = (quantity, outer_text(record["quantity"], dimension))
        if not held:
            fields |= {name: ("", str(record[name])) for name in ("item", "year", "region_code", "level", "kind")}
        changed = any(before != after for before, after in fields.values())
        self.tell("new" if not held else "changed" if changed else "unchanged", {"pool": record["code"]}, fields)


class LedgerImporter(LedgerRows):
    """Rows of `ledger`; a row whose like stands in the ledger already (as often as in the file) changes nothing."""

    held: Counter[tuple[Any, ...]] | None = None
    projects: NamedProjects | None = None

    def _project(self, cell: str) -> str:
        """The code of the project meant; what is not known is left to the ledger to refuse."""
        if self.projects is None:
            self.projects = NamedProjects(self.session, self.scope)
        found = self.projects.code(cell) if cell else None
        if found is None and self.projects.several(cell):
            self.projects.report(self.place, cell)
        return found or cell

    def _read(self, cells: dict[str, str]) -> Record:
        tree = element_tree(self.session)
        record: Record = {"kind": self.choice(cells, "kind", (*MOVES, "reverse"), "entry-kind")}
        for name in ("pool", "project", "doc_no", "note", "counter_pool", "source"):
            record[name] = values.text(cells.get(name, ""), name, self.place)
        record["project"] = self._project(record["project"])
        record["source"] = spelled(record["source"], (FREE, *HELD), "bucket") or record["source"]
        item = cells.get("item", "").strip()
        node = tree.resolve(item) if item else None
        if item and node is None:
            self.place.report("unknown_item", "item", item)
        try:
            pool = get_pool(self.session, self.scope, record["pool"])
        except NotFoundError:
            self.place.report("ledger.pool_not_found", "pool", record["pool"])
            return record
        record["item"] = node.code if node else pool["item"]
        record |= {"year": self.year(cells) or pool["year"], "quantity": self.amount(cells, pool["dimension"])}
        record["on_date"] = self.day(cells, "on_date")
        record["reverses"] = cells.get("reverses", "").strip()
        for name in ("kind", "on_date"):
            if record[name] is None and not cells.get(name, "").strip():
                self.place.report("blank", name)
        return record

    def _apply(self, record: Record) -> str:
        if self.held is None:
            self.held = natural_keys(self.session, self.scope)
        key = tuple(record[name] or "" for name in KEY)
        if self.held[key] > 0:
            self.held[key] -= 1
            self._tell("unchanged", record)
            return "unchanged"
        try:
            self._post(record)
        except PortfolioError as error:
            return self.refused(error, "pool")
        self._tell("new", record)
        return "new"

    def _tell(self, outcome: str, record: Record) -> None:
        dimension = element_tree(self.session).by_code[record["item"]].dimension
        fields = {name: ("", str(record[name] or "")) for name in ("item", "year", "on_date", "doc_no", "note")}
        fields["quantity"] = ("", outer_text(record["quantity"], dimension))
        key = {name: record[name] for name in ("kind", "pool", "project")}
        self.tell(outcome, key, fields if outcome == "new" else {})

    def _post(self, record: Record) -> None:
        if record["kind"] == "reverse":
            number = int(record["reverses"]) if record["reverses"].isdigit() else 0
            texts = (record["on_date"], record["doc_no"], record["note"])
            reverse(self.session, self.actor, self.scope, number, *texts)
            return
        given: Record = {
            name: value or None for name, value in record.items() if name not in ("reverses", "doc_no", "note")
        }
        posting = Posting(**given, doc_no=record["doc_no"], note=record["note"], whole=True)
        post(self.session, self.actor, self.scope, [posting])


KEY = ("kind", "pool", "project", "item", "quantity", "on_date", "doc_no", "note", "counter_pool")
