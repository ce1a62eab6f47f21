"""Read the tables of a foreign edition: its entries, their needs by year, their milestones; nothing is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from portfolio.core.i18n import LANGUAGES, t
from portfolio.core.units import UNITS
from portfolio.exchange.files.table import Table
from portfolio.exchange.sheets import reading, values
from portfolio.exchange.sheets.columns import EDITION_KINDS, Heading, guess_kind, read_heading
from portfolio.exchange.sheets.findings import Findings, Place
from portfolio.exchange.sheets.foot_rows import GROUP, TOTALS
from portfolio.exchange.sheets.reading import Spooled
from portfolio.exchange.sheets.row_reading import RowReader
from portfolio.rolling.rules.editions import CATEGORIES
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.codes import WHOLE_REGION, resolve
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

TEXTS = ("code", "name_zh", "owner", "person", "capacity_zh", "content")
MONTHS = ("start_month", "finish_month")
MONEY = ("total_investment", "annual_investment")
Record = dict[str, Any]


@dataclass
class EditionTables:
    """What the files say: entries by their name or code as written, needs and milestones beside the entry they name."""

    entries: list[tuple[Place, Record]] = field(default_factory=list)
    needs: list[tuple[Place, Record]] = field(default_factory=list)
    milestones: list[tuple[Place, Record]] = field(default_factory=list)


def read_edition_tables(session: Session, sources: Sequence[Spooled], findings: Findings) -> EditionTables:
    """Every row of files that were read; what is wrong goes to `findings`."""
    found, reader = EditionTables(), _Reader(session)
    for source in sources:
        place = Place(source.name, findings)
        for table in reading.tables(source, place, lambda _: None):
            _read_table(table, place, reader, found)
    return found


def _read_table(table: Table, place: Place, reader: "_Reader", found: EditionTables) -> None:
    kind = guess_kind(table.heading, EDITION_KINDS)
    place.row = 1
    if kind is None:
        place.report("unknown_kind", value=", ".join(table.heading)[:200])
        return
    heading = read_heading(kind, table.heading, place)
    if heading is None:
        return
    read: Callable[[Record, Heading, Place], Record] = getattr(reader, kind)
    for number, named in RowReader(heading, table, place, (TOTALS, GROUP)).rows():
        # What the reader settled stays settled while the row is read; later it is reported at a place of its own.
        record = read(named, heading, place)
        getattr(found, kind).append((place.at(number), record))


class _Reader:
    """Turns the cells of a row into codes and base units."""

    def __init__(self, session: Session) -> None:
        self.session, self.units, self.tree = session, unit_directory(session), element_tree(session)

    def entries(self, cells: Record, heading: Heading, place: Place) -> Record:
        """A project as the edition lists it."""
        record: Record = {name: values.text(cells.get(name, ""), name, place) for name in TEXTS}
        record["kind"] = values.coded(cells.get("kind", ""), lambda text: resolve("kinds", text), "kind", place)
        record["stage"] = values.coded(cells.get("stage", ""), lambda text: resolve("stages", text), "stage", place)
        record["category"] = values.coded(cells.get("category", ""), _category, "category", place)
        record["lead_unit"] = values.coded(cells.get("lead_unit", ""), self.units.resolve, "lead_unit", place)
        record["city_code"] = values.coded(cells.get("city", ""), self._region, "city", place)
        record |= {name: values.month(cells.get(name, ""), name, place) for name in MONTHS}
        for name in MONEY:
            unit = heading.units.get(name, "wan_yuan")
            record[f"{name}_yuan"] = values.quantity(cells.get(name, ""), unit, name, place)
        if not record["name_zh"]:
            place.report("blank", "name_zh")
        return record

    def needs(self, cells: Record, heading: Heading, place: Place) -> Record:
        """What an entry needs of a leaf in a year."""
        record: Record = {"project": cells.get("project", "").strip(), "item": None, "year": None, "required": None}
        node = self.tree.resolve(cells.get("item", ""))
        if node is None or not node.leaf:
            place.report("unknown_item", "item", cells.get("item", ""))
            return record
        unit = heading.units.get("required", "wan_yuan" if node.dimension == "money" else "ha")
        if UNITS[unit].dimension != node.dimension:
            place.report("unit_of_other_dimension", "required", place.headings["required"][0])
            return record
        record |= {"item": node.code, "required": values.quantity(cells.get("required", ""), unit, "required", place)}
        year = cells.get("year", "").strip()
        if len(year) == 4 and year.isdigit():
            record["year"] = int(year)
        else:
            place.report("bad_year", "year", year, plain=year[:4], first="2000", last="2060")
        return record

    def milestones(self, cells: Record, heading: Heading, place: Place) -> Record:
        """A milestone of an entry."""
        record: Record = {name: values.text(cells.get(name, ""), name, place) for name in ("project", "name")}
        record |= {name: values.month(cells.get(name, ""), name, place) for name in ("due_month", "done_month")}
        for name in ("name", "due_month"):
            if not record[name]:
                place.report("blank", name)
        return record

    def _region(self, text: str) -> str | None:
        if text in (t("annual-cross", lang) for lang in LANGUAGES) or text == WHOLE_REGION:
            return WHOLE_REGION
        for region in self.session.execute(select(Region)).scalars():
            if text in (region.code, region.name_zh, region.name_en):
                return str(region.code)
        return None


def _category(text: str) -> str | None:
    plain = text.strip().casefold()
    for code in CATEGORIES:
        spellings = {t(f"{kind}-{code}", lang).casefold() for lang in LANGUAGES for kind in ("category", "table")}
        if plain == code or plain in spellings:
            return code
    winding_up = {t("table-winding_up", lang).casefold() for lang in LANGUAGES}
    return "completing" if plain in winding_up else None
