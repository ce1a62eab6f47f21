"""What offices call a column, and a source of money: one vocabulary, kept as data.

A heading is compared without blanks, marks of line ends and what stands in its brackets; a year in it is `Y`:
`至2025年底累计完成投资（万元）` is `至Y年底累计完成投资`, of 2025, in 万元.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portfolio.core.number_reading import narrow
from portfolio.core.plain_text import clean
from portfolio.core.units import UNIT_WORDS

DATA = Path(__file__).parent.parent / "data"
LONGEST_WORD = 60
NAME = "name_zh"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_UNIT_LINE = re.compile(r"(?:计量|金额|货币|资金|面积|数量)?单位:(.{1,20})")


@dataclass(frozen=True)
class Words:
    """A heading cell as it is compared: its words, the year and the unit it names (the unit's code)."""

    stem: str
    year: int | None = None
    unit: str | None = None


@lru_cache(maxsize=4096)
def read_words(cell: str) -> Words:
    """A heading cell taken apart; one that is too long to be a heading has no words."""
    if len(cell) > LONGEST_WORD:
        return Words("")
    bare = "".join(narrow(clean(cell)).split())
    unit = next((code for inside in _BRACKETS.findall(bare) if (code := unit_of(inside))), None)
    # Brackets that name no unit are part of the words, 一般耕地(水田), unless those are known without them.
    said = _BRACKETS.sub(lambda found: "" if unit_of(found.group(1)) else found.group(), bare)
    found = _YEAR.search(said)
    stem, plain = (_YEAR.sub("Y", text).rstrip(":.") for text in (said, _BRACKETS.sub("", said)))
    known = plain in heading_words() and stem not in heading_words()
    return Words(plain if known else stem, int(found.group()) if found else None, unit)


def unit_of(word: str) -> str | None:
    """The code of the unit a bracket or a unit line names: `万元`, `单位:亿元`."""
    return UNIT_WORDS.get(word.casefold().removeprefix("单位:").strip())


def units_of_line(cell: str) -> list[str]:
    """The units a line above a table names: `单位：万元、亩`; none for 填报单位 and the like."""
    if len(cell) > LONGEST_WORD:
        return []
    found = _UNIT_LINE.fullmatch("".join(narrow(clean(cell)).split()).strip("()"))
    words = re.split("[、,/;]", found.group(1)) if found else []
    return [code for word in words if (code := unit_of(word))]


def year_of(text: str) -> int | None:
    """The first year a title names."""
    found = _YEAR.search(text)
    return int(found.group()) if found else None


def fact_of(words: Words) -> str | None:
    """The fact that a heading's words mean."""
    return heading_words().get(words.stem)


def source_of(text: str) -> str | None:
    """The code of the item that people call so, where the element tree itself does not know the name."""
    return source_words().get(plain_words(text))


def plain_words(text: str) -> str:
    """A name as it is compared: half width, without blanks, in small letters."""
    return "".join(narrow(clean(text)).split()).casefold()


@lru_cache
def heading_words() -> Mapping[str, str]:
    """What offices call a column, with its year as `Y` → the fact it means."""
    return {"".join(narrow(row["word"]).split()): row["fact"] for row in _rows("headings")}


@lru_cache
def source_words() -> Mapping[str, str]:
    """What offices call a source of money, where the element tree has another name → the code of the item."""
    return {plain_words(row["word"]): row["item"] for row in _rows("sources")}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
