"""Code lists that ship as data: their codes, labels in both languages, and resolving what people write."""

import csv
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
UNKNOWN_FORM = "unknown"
LISTS = ("sectors", "kinds", "stages", "natures", "approval_types", "unit_kinds", "bases")


def read_list(name: str) -> list[dict[str, str]]:
    """The rows of code list `name` as text, in their order."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def list_version(name: str) -> str:
    """The version of code list `name`: the first 12 digits of its SHA-256."""
    return hashlib.sha256((DATA / f"{name}.csv").read_bytes()).hexdigest()[:12]


@lru_cache
def entries(name: str) -> Mapping[str, Mapping[str, str]]:
    """Code list `name` as code → row."""
    return {row["code"]: row for row in read_list(name)}


def label(name: str, code: str | None, lang: str) -> str:
    """The name of `code` in `lang`; a code the list does not know is shown as itself, none as empty."""
    row = entries(name).get(code or "")
    return row[f"name_{lang}"] if row else code or ""


@lru_cache
def _spellings(name: str) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for code, row in entries(name).items():
        for text in (code, row["name_zh"], row["name_en"]):
            known.setdefault(text.casefold(), code)
    return known


def resolve(name: str, text: str) -> str | None:
    """The code meant by `text` (a code, or a name in either language), or None."""
    return _spellings(name).get(text.strip().casefold())


def sector_of(kind: str | None) -> str | None:
    """The sector a project kind belongs to."""
    row = entries("kinds").get(kind or "")
    return row["sector"] if row else None


def form_of(kind: str | None) -> str:
    """The form of work of a project kind: `works`, `programme`, `service`; `unknown` where the kind does not tell."""
    row = entries("kinds").get(kind or "")
    return (row["form"] if row else "") or UNKNOWN_FORM


def kinds_of_form(form: str) -> list[str]:
    """The project kinds of a form of work, in their order."""
    return [code for code in entries("kinds") if form_of(code) == form]


def kinds_of(sector: str) -> list[str]:
    """The project kinds of a sector, in their order."""
    return [code for code, row in entries("kinds").items() if row["sector"] == sector]


# The region as a whole: what lies in several cities or in none of them, and pools of every place, are kept under it.
WHOLE_REGION = next(code for code, row in entries("regions").items() if not row["parent"])
