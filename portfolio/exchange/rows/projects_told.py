"""A row of projects as its preview tells it: what stood and what is to stand, by column."""

from typing import Any

from portfolio.core.units import outer_text
from portfolio.exchange.rows.exporting import illustrative_fields
from portfolio.exchange.sheets.preview import Change
from portfolio.projects.tables import BASIS_OF, LINKS

Record = dict[str, Any]


def told_project(record: Record, current: Record | None) -> tuple[dict[str, Any], dict[str, Change]]:
    """The key of a project's row and its changes; `current` is None for a new one."""
    before = current or {}
    after = {**before, **record}
    key = {"code": before.get("code") or record.get("code", ""), "name_zh": after.get("name_zh", "")}
    names = [name for name in record if name not in (*BASIS_OF.values(), "code")]
    fields = {_column(name): (_text(name, before.get(name)), _text(name, record[name])) for name in names}
    if any(name in record for name in BASIS_OF.values()):
        fields["illustrative_fields"] = (_marked(before), _marked(after))
    return key, fields


def _column(name: str) -> str:
    return "total_investment" if name == "total_investment_yuan" else name


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "total_investment_yuan":
        return outer_text(value, "money")
    if name in LINKS:
        return ";".join(value)
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def _marked(project: Record) -> str:
    whole = {name: project.get(name) for name in (*BASIS_OF, *BASIS_OF.values())}
    return ";".join(illustrative_fields(whole))
