"""What the journal keeps as lists and mappings, in words: persons, scales, grounds, files, units and places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard.context import Context
from dashboard.data import References
from portfolio.core.formatting import file_size, number, with_unit
from portfolio.core.i18n import has_text
from portfolio.projects.rules.profile import BLANK
from portfolio.screening.rules.books import facts
from portfolio.vocabulary.codes import label

Words = Callable[[Context, References, Any], str]
REACHED = ("phone", "landline", "email")
FIELDS = ("journal-field-{}", "col-{}", "column-units-{}", "column-tasks-{}")


def field_name(context: Context, name: str) -> str:
    """What a field is called; one of a year with the year, a criterion by its fact, an unknown field by itself."""
    kind, _, year = name.partition(" ")
    if year.isdigit() and has_text(f"yearly-{kind}", context.lang):
        return f"{context.text(f'yearly-{kind}')} {year}"
    keys = [key.format(name) for key in FIELDS] + [f"entry-{name}"] * (name in BLANK)
    known = next((key for key in keys if has_text(key, context.lang)), None)
    if known:
        return context.text(known)
    fact = facts().get(name)
    return str(fact[f"name_{context.lang}"]) if fact else name


def in_words(context: Context, references: References, name: str, value: Any) -> str | None:
    """The value of a field that has words of its own; None for any other."""
    words = _WORDS.get(name)
    return words(context, references, value) if words else None


def plain(context: Context, value: Any) -> str:
    """Any list or mapping as names and values in a row."""
    if isinstance(value, Mapping):
        return _lined(
            context, [_pair(context, field_name(context, str(k)), plain(context, v)) for k, v in value.items()]
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return context.listed(plain(context, one) for one in value)
    return str(value) if value is not None else ""


def fact_value(context: Context, name: str, value: Sequence[Any]) -> str:
    """A screening criterion's value and where it is from, as `71 illustrative`."""
    figure, basis = value
    unit = facts()[name]["unit"]
    if unit == "flag":
        words = context.text("yes" if figure else "no")
    else:
        words = number(figure, context.lang, 2)
        words = with_unit(words, context.text(f"fact-unit-{unit}")) if unit else words
    return f"{words} ({label('bases', basis, context.lang)})"


def _lined(context: Context, lines: Sequence[str]) -> str:
    return ("; " if context.lang == "en" else "；").join(lines)


def _pair(context: Context, name: str, value: str) -> str:
    return context.text("history-stated", name=name, value=value)


def _contacts(context: Context, _: References, value: Sequence[Mapping[str, str]]) -> str:
    return _lined(context, [_person(context, one) for one in value])


def _person(context: Context, one: Mapping[str, str]) -> str:
    role = context.text("entry-responsible" if one.get("role") == "responsible" else "entry-contact")
    words = [one[part] for part in ("name", *REACHED) if one.get(part)]
    return _pair(context, role, " ".join(words))


def _scales(context: Context, _: References, value: Sequence[Mapping[str, str]]) -> str:
    lines = [" ".join(one[part] for part in ("name", "quantity", "unit") if one.get(part)) for one in value]
    return _lined(context, lines)


def _grounds(context: Context, _: References, value: Mapping[str, Mapping[str, str]]) -> str:
    lines = []
    for kind, basis in value.items():
        words = " ".join(basis[part] for part in ("words", "doc_no") if basis.get(part))
        lines.append(_pair(context, context.text(f"entry-basis-{kind}"), words))
    return _lined(context, lines)


def _files(context: Context, _: References, value: Sequence[Mapping[str, Any]]) -> str:
    return _lined(context, [f"{one['name']} ({file_size(one['size'])})" for one in value])


def _affiliation(context: Context, _: References, value: str) -> str:
    return context.text(f"affiliation-{value}")


def _units(context: Context, references: References, value: Any) -> str:
    codes = [value] if isinstance(value, str) else value
    return context.listed(references.units.name(code, context.lang) for code in codes)


def _places(context: Context, references: References, value: Any) -> str:
    codes = [value] if isinstance(value, str) else value
    return context.listed(_place(context, references, code) for code in codes)


def _place(context: Context, references: References, code: str) -> str:
    region = references.regions.get(code)
    if region is None:
        return code
    return region.name_en or region.name_zh if context.lang == "en" else region.name_zh


def _stage(context: Context, _: References, value: str) -> str:
    return label("stages", value, context.lang)


def _basis(context: Context, _: References, value: str) -> str:
    return label("bases", value, context.lang)


_WORDS: Mapping[str, Words] = {
    "contacts": _contacts,
    "scales": _scales,
    "bases": _grounds,
    "files": _files,
    "affiliation": _affiliation,
    **dict.fromkeys(("units", "unit", "lead_unit", "office_unit", "successor"), _units),
    **dict.fromkeys(("cities", "city", "regions", "region_codes", "region_code"), _places),
    "stage": _stage,
    "basis": _basis,
}
