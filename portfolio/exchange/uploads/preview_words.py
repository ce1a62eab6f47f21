"""Rows of a preview in the words people read: names for codes, headings for columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portfolio.core.formatting import NONE_MARK, number
from portfolio.core.i18n import t
from portfolio.core.stored_words import stored_name
from portfolio.exchange.sheets.template_spec import TEMPLATES, fields
from portfolio.exchange.sheets.values import NUMBER
from portfolio.exchange.templates.lists import Lists
from portfolio.needs.changes import NOT_APPLICABLE
from portfolio.screening.rules.books import fact_name
from portfolio.vocabulary import codes

AMOUNTS = ("total_investment", "required", "quantity", "completed", "to_date", "expected")
SPREAD = {"region_codes": "regions", "units": "units"}


@dataclass(frozen=True)
class Told:
    """A row for people: where it stands, what it is, and each change as (heading, what stood, what is to stand)."""

    row: str
    kind: str
    name: str
    changes: tuple[tuple[str, str, str], ...]


def told(row: Mapping[str, Any], lists: Lists) -> Told:
    """A row of a preview in the language of `lists`."""
    kind = row["kind"]
    place = f"{row['sheet']} {row['row']}" if row["sheet"] else str(row["row"])
    name = " · ".join(word for word in (_word(kind, n, value, lists) for n, value in row["key"].items()) if word)
    changes = []
    for column, (before, after) in row["fields"].items():
        words = [_word(kind, column, value, lists) or NONE_MARK for value in (before, after)]
        changes.append((stored_name(f"column-{kind}", column, lists.lang), words[0], words[1]))
    return Told(place, kind, name, tuple(changes))


def _word(kind: str, column: str, value: str, lists: Lists) -> str:
    if not value:
        return ""
    if column in SPREAD:
        return ";".join(lists.word(SPREAD[column], code) for code in value.split(";"))
    if column == "illustrative_fields":
        return ";".join(stored_name(f"column-{kind}", name, lists.lang) for name in value.split(";"))
    if column == "required" and value == NOT_APPLICABLE:
        return t("need-not-applicable", lists.lang)
    if kind == "criteria" and column == "criterion":
        return fact_name(value, lists.lang)
    if kind == "criteria" and column == "basis":
        return codes.label("bases", value, lists.lang)
    if column in AMOUNTS and NUMBER.match(value):
        return number(Decimal(value), lists.lang, 4)
    chosen = _choices(kind).get(column)
    return lists.word(chosen, value) if chosen else value


def _choices(kind: str) -> dict[str, str]:
    return {field.column: field.list for field in fields(kind) if field.list} if kind in TEMPLATES else {}
