"""What an office states, as people read it: what a field is called, and its value in words."""

import re
from collections.abc import Mapping
from typing import Any

from dashboard.context import Context
from dashboard.data import references
from dashboard.words.fields import INPUT_OF, field_name, label_key
from portfolio.core.formatting import NONE_MARK, month, quantity
from portfolio.projects.rules.profile import BASIS_KINDS
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.codes import label
from portfolio.vocabulary.tree import ElementTree

MONTH = re.compile(r"\d{4}-\d{2}")  # what was typed may be no month yet
CODED = {"kind": "kinds", "nature": "natures", "stage": "stages", "approval_type": "approval_types"}


def input_name(context: Context, name: str) -> str:
    """What an input, a need or a required field is called."""
    if name.startswith(("need:", "closed:")):
        return _need_name(context, references().tree, name)
    if name.startswith("need"):
        return context.text("entry-section-needs")
    if name in ("scales", "contacts") or name.startswith("needs."):
        return field_name(context, name)
    if name == "bases":
        return context.text("entry-section-basis")
    if name.startswith("bases.") and name.count(".") == 1:
        return context.text(label_key(f"{name}.words"))
    return context.text(label_key(INPUT_OF.get(name, name))) if name else ""


def _need_name(context: Context, tree: ElementTree, name: str) -> str:
    _, item, *year = name.split(":")
    known = tree.path_name(item, context.lang) if item in tree.by_code else item
    return " ".join([known, *year])


def shown(context: Context, name: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, "", [], {}, ()):
        return NONE_MARK
    if name in CODED:
        return label(CODED[name], value, context.lang)
    if name == "affiliation":
        return context.text(f"affiliation-{value}")
    if name in MONTHS and MONTH.fullmatch(value):
        return month(value, context.lang)
    if name == "total_investment_yuan":
        return quantity(value, "money", context.lang)
    if name.startswith("need:"):
        return quantity(value, references().tree.by_code[name.split(":")[1]].dimension, context.lang)
    if isinstance(value, bool):
        return context.text("yes" if value else "no")
    return _listed(context, name, value)


def _listed(context: Context, name: str, value: Any) -> str:
    lists = references()
    if name in ("lead_unit", "office_unit"):
        return lists.units.name(value, context.lang)
    if name == "units":
        return context.listed(lists.units.name(code, context.lang) for code in value)
    if name == "region_codes":
        found = [lists.regions[code] for code in value if code in lists.regions]
        return context.listed(one.name_en if context.lang == "en" else one.name_zh for one in found)
    if name == "bases":
        return context.listed(_basis(context, kind, value[kind]) for kind in BASIS_KINDS if kind in value)
    if isinstance(value, Mapping):
        return _parts(value)
    if isinstance(value, list | tuple):
        return context.listed(_parts(row) if isinstance(row, Mapping) else str(row) for row in value)
    return str(value)


def _basis(context: Context, kind: str, basis: Mapping[str, Any]) -> str:
    return context.text("entry-fault", name=context.text(f"entry-basis-{kind}"), words=_parts(basis))


def _parts(row: Mapping[str, Any]) -> str:
    return " ".join(str(part) for name, part in row.items() if part and name != "role")
