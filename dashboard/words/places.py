"""Places in words."""

from dashboard.context import Context
from dashboard.data import References


def city_name(code: str | None, context: Context, references: References) -> str:
    """The reporting city's name; 跨市 for 450000, empty for none."""
    if not code:
        return ""
    if code == "450000":
        return context.text("city-cross")
    region = references.regions.get(code)
    return (region.name_en if context.lang == "en" else region.name_zh) if region else code
