"""What each column of a table is taken for: by what its heading is called, by what stands in its cells, or nothing."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from portfolio.core.i18n import LANGUAGES
from portfolio.exchange.shapes.layout import Head, Region
from portfolio.exchange.shapes.words import NAME, fact_of, read_words
from portfolio.exchange.sheets.columns import label

# What the record of a project holds of a row; `period` is start and finish in one cell.
OF_PROJECT: tuple[str, ...] = (
    "code",
    "national_code",
    NAME,
    "kind",
    "nature",
    "approval_type",
    "capacity_zh",
    "region_codes",
    "section",
    "lead_unit",
    "owner",
    "stage",
    "start_month",
    "finish_month",
    "actual_start_month",
    "actual_finish_month",
    "period",
    "total_investment",
    "lon",
    "lat",
)
# An amount the project needs, of an item and a year; which these are the heading, the row, or the title says.
NEED = "need"
# Columns of a row that say what its amounts are of.
OF_ROW = ("item", "year")
WITH_UNIT = (NEED, "total_investment", "done_to", "done_in")
# Known, and kept nowhere: numbers, sums, and what belongs to no record of a project.
LEFT = ("number", "sum", "remark", "person", "phone", "leader", "year_content", "year_plan")
# What was completed: to the end of a year, and in it; columns of `yearly`.
DONE = {"done_to": "to_date", "done_in": "completed"}
TAKEN = (*OF_PROJECT, NEED, *OF_ROW, *DONE)
# Facts that are taken only where what stands in the cells is known: a heading alone says too little of them.
JUDGED_BY_CELLS = ("lead_unit", "kind", "nature", "approval_type", "stage")
# Facts that cells alone can tell, whatever their heading.
TOLD_BY_CELLS = ("national_code", "region_codes")
SURE, LIKELY, UNKNOWN = "sure", "likely", "unknown"
MOST = 0.5  # so many of the cells that say something must be known
_OF_YEAR = re.compile(r"^Y年?度?")  # 2026年专项债券
Chosen = tuple[str, str | None, str | None]  # fact, item, unit
Judges = Mapping[str, Callable[[str], bool]]


@dataclass(frozen=True)
class Use:
    """What a column is taken for: `fact` is one of `TAKEN`, of `LEFT`, or blank for what nobody knows.

    `item` and `year` are those of a need where the heading says them, `unit` that of its amounts (None: nobody says).
    `why` names the rule: `said`, `word`, `source`, `cells`, `doubled`, `strange_cells`, `no_year`, `unknown`.
    """

    head: Head
    fact: str
    why: str
    sure: str = SURE
    year: int | None = None
    item: str | None = None
    unit: str | None = None

    @property
    def taken(self) -> bool:
        """Whether the column goes in."""
        return self.fact in TAKEN


def uses(
    region: Region,
    judges: Judges,
    source_of: Callable[[str], str | None],
    dimension: Callable[[str], str],
    chosen: Callable[[Head], "Chosen | None"] = lambda head: None,
) -> list[Use]:
    """What every column of a table is taken for, in its order; no fact is taken from two columns but needs.

    `judges` say of a fact whether a cell states one, `source_of` gives the code of the item a heading names,
    `dimension` what an item is measured in, `chosen` what a person said of a column.
    """
    found: list[Use] = []
    meant = {fact for head in region.heads if (fact := _own_fact(head))}
    for head in region.heads:
        said = chosen(head)
        use = _use(head, region, meant, source_of)
        use = _as_said(use, region, said) if said else _by_cells(use, _cells(region, head.place), judges)
        use = _in_unit(use, region, dimension, said)
        doubled = use.fact in OF_PROJECT + OF_ROW and any(one.fact == use.fact for one in found)
        found.append(Use(head, "", "doubled", UNKNOWN) if doubled else use)
    return found


def _use(head: Head, region: Region, meant: set[str], source_of: Callable[[str], str | None]) -> Use:
    fact = _own_fact(head)
    if fact == "of_year":
        return Use(head, NEED, "word", SURE if "item" in meant else UNKNOWN, head.year)
    if fact == "required":
        return Use(head, NEED, "word", SURE, head.year or (None if "year" in meant else region.year))
    if fact is not None:
        return Use(head, fact, "word", SURE, head.year or region.year)
    item = source_of(_OF_YEAR.sub("", head.words.stem))
    if item is not None and head.year is not None:
        return Use(head, NEED, "source", SURE, head.year, item)
    return Use(head, "", "unknown" if item is None else "no_year", UNKNOWN, item=item)


def _as_said(use: Use, region: Region, said: Chosen) -> Use:
    """The use that a person chose; a need whose year neither heading nor title names is none yet."""
    fact, item, _ = said
    if fact == NEED:
        return Use(use.head, fact, "said", SURE, use.head.year or region.year, item or use.item)
    return Use(use.head, fact, "said", SURE, (use.head.year or region.year) if fact in DONE else None)


def _in_unit(use: Use, region: Region, dimension: Callable[[str], str], said: Chosen | None) -> Use:
    """The use with the unit of its amounts: what a person said, else the heading, else the line above the table."""
    if use.fact not in WITH_UNIT:
        return use
    measured = dimension(use.item) if use.item else "money"
    return replace(use, unit=(said[2] if said else None) or use.head.unit or region.units.get(measured))


def _own_fact(head: Head) -> str | None:
    """The fact a heading names: its last cell, else both together (`计划` below `2026年`), else our own heading."""
    fact = fact_of(head.words)
    if fact is None and len(head.parts) > 1:
        fact = fact_of(read_words(f"{head.parts[-2]}{head.parts[-1]}"))
    return fact or _our_own().get(head.words.stem.casefold())


def _our_own() -> Mapping[str, str]:
    labels = [(name, label("projects", name, lang)) for name in OF_PROJECT if name != "period" for lang in LANGUAGES]
    return {read_words(text).stem.casefold(): name for name, text in labels}


def _cells(region: Region, place: int) -> list[str]:
    return [cells[place] for _, cells in region.samples if place < len(cells) and cells[place].strip()]


def _by_cells(use: Use, cells: Sequence[str], judges: Judges) -> Use:
    """The use once the cells were looked at: taken back where they say something else, found where they alone tell."""
    if use.fact in JUDGED_BY_CELLS and cells and not _mostly(cells, judges[use.fact]):
        return Use(use.head, "", "strange_cells", UNKNOWN)
    if use.fact == "" and use.why == "unknown" and cells:
        told = next((fact for fact in TOLD_BY_CELLS if all(map(judges[fact], cells))), None)
        if told is not None:
            return Use(use.head, told, "cells", LIKELY)
    return use


def _mostly(cells: Iterable[str], judge: Callable[[str], bool]) -> bool:
    known = [judge(cell) for cell in cells]
    return sum(known) > MOST * len(known)
