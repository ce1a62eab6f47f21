"""What an office said of an item beside its quantities, as it is read: choices by name, areas in 公顷."""

from dashboard.context import Context
from portfolio.core.formatting import NONE_MARK, quantity
from portfolio.needs.rules.attributes import Attribute, attributes, sea_uses


def detail_options(context: Context, one: Attribute) -> dict[str, str]:
    """Value → its name, for an attribute whose values are chosen; empty for one that is typed."""
    if one.type == "choice":
        return {code: context.text(f"choice-{code}") for code in one.choices}
    if one.type == "flag":
        return {"1": context.text("choice-yes"), "0": context.text("choice-no")}
    if one.type == "sea_use":
        return {use.code: use.name_en if context.lang == "en" else use.name_zh for use in reversed(sea_uses())}
    return {}


def detail_value(context: Context, attribute: str, value: str | None) -> str:
    """A stored value in words; a dash when there is none."""
    if value is None:
        return NONE_MARK
    one = attributes()[attribute]
    if one.type == "area":
        return quantity(int(value), "area", context.lang)
    return detail_options(context, one).get(value, value)
