"""Units and places that ended: marked where they are chosen, and said of where a record names them anew."""

from collections.abc import Iterable, Mapping
from typing import Any

import dash_mantine_components as dmc

from dashboard.context import Context
from dashboard.data import References
from portfolio.projects.ended import ended_remarks, has_ended
from portfolio.scheme.tables import Unit
from portfolio.vocabulary.tables import Region


def labelled(context: Context, known: Mapping[str, Any], codes: Iterable[str]) -> list[dict[str, str]]:
    """Units or regions as options, those that ended last, each with since when and who took it over."""
    ordered = sorted((known[code] for code in codes), key=has_ended)
    return [{"value": one.code, "label": _label(context, known, one)} for one in ordered]


def _label(context: Context, known: Mapping[str, Any], one: Unit | Region) -> str:
    if not has_ended(one):
        return _name(context, one)
    heir = known.get(one.successor or "")
    told = {"name": _name(context, one), "on": one.valid_to or "—", "heir": _name(context, heir) if heir else "—"}
    return context.text("entry-ended-unit", **told)


def _name(context: Context, one: Any) -> str:
    return str((one.name_en or one.name_zh) if context.lang == "en" else one.name_zh)


def ended_notes(
    context: Context, references: References, stated: Mapping[str, Any], held: Mapping[str, Any]
) -> list[dmc.Text]:
    """What a record names anew although it ended."""
    found = ended_remarks(stated, held, references.units.by_code, references.regions)
    return [dmc.Text(context.error(one.code, **one.params), size="sm", c="orange") for one in found]
