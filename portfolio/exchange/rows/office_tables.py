"""Sheets as offices lay them out, as our own tables: found, taken for facts, put into our form with what we know."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import TypedDict

from sqlmodel import Session

from portfolio.exchange.files.table import Table
from portfolio.exchange.shapes.layout import Box, Head, Region, boxes, regions
from portfolio.exchange.shapes.meaning import DONE, NEED, UNKNOWN, WITH_UNIT, Judges, Use, uses
from portfolio.exchange.shapes.places import Gazetteer
from portfolio.exchange.shapes.places import Known as KnownPlace
from portfolio.exchange.shapes.profile import Profile, key_of
from portfolio.exchange.shapes.records import RecordRows
from portfolio.exchange.shapes.translating import Known, Translation
from portfolio.exchange.shapes.words import fact_of, plain_words, read_words, source_of
from portfolio.exchange.sheets.columns import guess_kind, spellings_of
from portfolio.exchange.sheets.findings import Place
from portfolio.projects.rules import national_code
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.codes import resolve
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import CITY, PROVINCE, region_directory

SAMPLES, LONGEST_SAMPLE = 3, 60
CODED = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}


def laid_out_by_office(table: Table, kind: str | None) -> bool:
    """Whether a table is not in our own form: no heading in its first row, or one that only offices have."""
    if table.whole:
        return True
    guessed = table.kind or kind or guess_kind(table.heading)
    if guessed not in (None, "projects"):
        return False
    known = spellings_of(guessed, table.heading) if guessed else {}
    others = [cell for place, cell in enumerate(table.heading, 1) if place not in known]
    return table.kind is None and any(fact_of(read_words(cell)) for cell in others)


class Column(TypedDict):
    """A column as the mapping page shows it; `key` is what a profile calls it, `samples` are its first values.

    `fact` is what it was known as, also where it is not `taken`.
    """

    key: str
    heading: str
    fact: str
    taken: bool
    why: str
    sure: str
    year: int | None
    item: str | None
    unit: str | None
    samples: list[str]


class Surveyed(TypedDict):
    """A table that was found: where, its title, the profile that was used (blank: none), what its columns mean."""

    file: str
    sheet: str
    title: str
    line: int
    profile: str
    columns: list[Column]


def surveyed(file: str, region: Region, meant: Sequence[Use], profile: str, merged: Sequence[Box]) -> Surveyed:
    """A table as it is kept with the preview; its samples are those of its first records."""
    chunk = ([number for number, _ in region.samples], [cells for _, cells in region.samples])
    records = [cells for _, cells in RecordRows(region, meant, merged).rows(iter([chunk]))]
    return Surveyed(
        file=file,
        sheet=region.sheet or "",
        title=region.title,
        line=region.line,
        profile=profile,
        columns=[_column(use, [cells[use.head.place] for cells in records]) for use in meant],
    )


def _column(use: Use, cells: Sequence[str]) -> Column:
    return Column(
        key=key_of(use.head),
        heading=use.head.text,
        fact=use.fact,
        taken=use.taken,
        why=use.why,
        sure=use.sure,
        year=use.year,
        item=use.item,
        unit=use.unit,
        samples=list(islice((cell.strip()[:LONGEST_SAMPLE] for cell in cells if cell.strip()), SAMPLES)),
    )


class OfficeTables:
    """Puts sheets into our form; what the library knows is looked up once for all of them."""

    def __init__(self, session: Session, profiles: Sequence[tuple[str, Profile]] = ()) -> None:
        """`profiles` by name: of those that say of every column of a table what it means, the first is used."""
        self._session, self._profiles = session, profiles
        self._tree = element_tree(session)
        self._items = {plain_words(node.name_zh): node.code for node in self._tree.nodes}
        self._gazetteer = _gazetteer(session)
        self.surveyed: list[Surveyed] = []

    def tables(self, table: Table, place: Place) -> Iterator[Table]:
        """Our tables that a sheet gives; what of it goes in nowhere is told at `place`."""
        merged = boxes(table.facts.merged)
        found = self.regions(table)
        if not found:
            place.report("no_heading", value=table.sheet or place.file)
        for region in found:
            name, profile = self._profile(region)
            meant = self.uses(region, profile)
            self.surveyed.append(surveyed(place.file, region, meant, name, merged))
            self._tell(region, meant, place)
            known = Known(self._gazetteer, self._item, self._dimension, profile.values)
            yield from Translation(table, region, meant, merged, known, place).tables()

    def regions(self, table: Table) -> list[Region]:
        """The tables of a sheet."""
        rows = chain.from_iterable(zip(*chunk, strict=True) for chunk in table.anew())
        heading = [] if table.whole else [(table.line, table.heading)]
        return regions(table.sheet, chain(heading, rows), boxes(table.facts.merged))

    def _profile(self, region: Region) -> tuple[str, Profile]:
        fitting = ((name, profile) for name, profile in self._profiles if profile.covers(region.heads))
        return next(fitting, ("", Profile()))

    def uses(self, region: Region, profile: Profile) -> list[Use]:
        """What the columns of a table are taken for."""

        def chosen(head: Head) -> tuple[str, str | None, str | None] | None:
            choice = profile.columns.get(key_of(head))
            return (choice.fact, choice.item, choice.unit) if choice else None

        return uses(region, self._judges(), self._item, self._dimension, chosen)

    def _tell(self, region: Region, meant: list[Use], place: Place) -> None:
        place.begin(region.line)
        for use in meant:
            lacking = _lacking(use, {one.fact for one in meant})
            if lacking:
                place.report(lacking, value=use.head.text)
            elif not use.taken and use.fact not in ("number", "sum") and use.why != "said":
                place.warn("column_left" if use.sure != UNKNOWN else f"column_{use.why}", value=use.head.text)

    def _item(self, text: str) -> str | None:
        """The code of the item that a heading or a cell names."""
        node = self._tree.resolve(text)
        return node.code if node is not None else source_of(text) or self._items.get(plain_words(text))

    def _dimension(self, code: str) -> str:
        """`money`, `area` or `length`: what an item is measured in."""
        return self._tree.by_code[code].dimension

    def _judges(self) -> Judges:
        units = unit_directory(self._session)
        coded: dict[str, Callable[[str], bool]] = {
            fact: partial(_resolves, partial(resolve, name)) for fact, name in CODED.items()
        }
        return coded | {
            "lead_unit": partial(_resolves, units.resolve),
            "national_code": lambda cell: national_code.fault(cell) is None,
            "region_codes": lambda cell: bool(placed := self._gazetteer.read(cell)) and not placed.lost,
        }


def _lacking(use: Use, facts: set[str]) -> str | None:
    """What must be said of a column before its amounts can be taken, by the code of its finding."""
    if use.fact in WITH_UNIT and use.unit is None:
        return "unit_unsaid"
    if use.year is None and (use.fact in DONE or (use.fact == NEED and "year" not in facts)):
        return "column_no_year"
    return "item_unsaid" if use.fact == NEED and use.item is None and "item" not in facts else None


def _resolves(resolved: Callable[[str], str | None], cell: str) -> bool:
    return resolved(cell) is not None


def _gazetteer(session: Session) -> Gazetteer:
    directory = region_directory(session)
    region = next(one.code for one in directory.present if one.level == PROVINCE)
    places = [
        KnownPlace(one.code, one.name_zh, one.code if one.level == CITY else one.city_code)
        for one in directory.present
        if one.level != PROVINCE
    ]
    return Gazetteer(places, region)
