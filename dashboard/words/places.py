"""Places in words."""

from dashboard.context import Context
from dashboard.data import References
from portfolio.vocabulary.codes import WHOLE_REGION


def city_name(code: str | None, context: Context, references: References) -> str:
    """The reporting city's name; 跨市 for 450000, empty for none."""
    if not code:
        return ""
    if code == WHOLE_REGION:
        return context.text("city-cross")
    region = references.regions.get(code)
    return (region.name_en if context.lang == "en" else region.name_zh) if region else code
