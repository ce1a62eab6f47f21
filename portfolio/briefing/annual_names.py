"""Names and cells of the annual list, the same in the workbook and the document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session

from portfolio.core.i18n import t
from portfolio.core.units import from_base
from portfolio.rolling.annual import Row
from portfolio.scenarios.following.arranged import Arrangements
from portfolio.scenarios.following.words import whole
from portfolio.scheme.directory import UnitDirectory, unit_directory
from portfolio.screening.rules import books
from portfolio.vocabulary.codes import WHOLE_REGION, label
from portfolio.vocabulary.tables import Region


@dataclass(frozen=True)
class Names:
    """Gives codes their names in one language."""

    lang: str
    units: UnitDirectory
    regions: dict[str, Region]
    year: int

    def bearer(self, code: str | None) -> str:
        """The name of a unit as it is valid in the list's year: what was dissolved is signed by who took it over."""
        return self.units.name(self.units.heir_on(code, f"{self.year}-01"), self.lang)

    def group(self, code: str | None, by: str) -> str:
        """The name of a group: a city (区直及跨市 for 450000), a unit or a sector."""
        if code is None or pd.isna(code):
            return t("none-stated", self.lang)
        if by == "unit":
            return self.bearer(code)
        if by == "sector":
            return label("sectors", code, self.lang)
        if code == WHOLE_REGION or code not in self.regions:
            return t("annual-cross", self.lang)
        region = self.regions[code]
        return region.name_en if self.lang == "en" else region.name_zh

    def project(self, row: Row) -> str:
        """The name of an item."""
        return (row.name_en or row.name_zh) if self.lang == "en" else row.name_zh

    def gate(self, row: Row) -> str:
        """The gravest state of an item's gates."""
        return books.state_name(row.gate, self.lang) if row.gate else ""

    def gates(self, codes: Iterable[str]) -> str:
        """Gates by name."""
        return ("、" if self.lang == "zh" else ", ").join(books.gate_name(code, self.lang) for code in codes)

    def unit(self, row: Row) -> str:
        """The lead unit of an item."""
        return self.bearer(row.lead_unit)


def names(session: Session, lang: str, year: int) -> Names:
    """The names in `lang`, those of units as they are valid in `year`."""
    regions = {region.code: region for region in session.execute(select(Region)).scalars()}
    return Names(lang, unit_directory(session), regions, year)


def years(row: Row) -> str:
    """The years from start to finish, as they came about, else as planned, as far as they are stated."""
    first, last = (month[:4] if month else "" for month in (row.works.start, row.works.finish))
    return f"{first}—{last}" if first or last else ""


def wan(yuan: int | None) -> Decimal | None:
    """Yuan as 万元."""
    return None if yuan is None else from_base(yuan, "wan_yuan")


def steps(row: Row) -> str:
    """The milestones on one line."""
    return "；".join(f"{due} {name}" + (f"（{done}）" if done else "") for name, due, done in row.milestones)


def arranged_words(row: Row, arranged: Arrangements, why: Mapping[str, str], lang: str) -> str:
    """What the approved scenario decided on an item; empty where it decided nothing."""
    one = arranged.projects.get(row.code)
    return "" if one is None else whole(one, why.get(row.code, ""), lang)


def refused(rows: Iterable[Row], arranged: Arrangements) -> list[Row]:
    """The items that the approved scenario does not support."""
    return [row for row in rows if row.code in arranged.projects and not arranged.projects[row.code].supported]


def arranged_note(arranged: Arrangements, lang: str) -> str:
    """By which scenario it was decided; empty without one."""
    if arranged.by is None:
        return ""
    return t("annual-arranged-note", lang, scenario=arranged.by.code, doc=arranged.by.doc_no)


def veto_words(row: Row, named: Names) -> str:
    """What is said of an item's vetoes: by whose decision it is listed and why, and those nobody decided on."""
    said, kept = [], row.kept_by
    if kept is not None:
        by = " ".join(part for part in (kept.person, kept.doc_no) if part)
        told = {"gates": named.gates(kept.vetoes), "by": by, "reason": kept.reason}
        said.append(t("annual-veto-kept", named.lang, **told))
    if row.unanswered:
        said.append(t("annual-veto-undecided", named.lang, gates=named.gates(row.unanswered)))
    return ("" if named.lang == "zh" else " ").join(said)
