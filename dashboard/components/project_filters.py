"""The library's filter controls, and the narrowing that came by a link and has no control."""

from typing import Any

import dash_mantine_components as dmc

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.context import Context
from dashboard.data import References
from dashboard.view import View
from portfolio.readiness.queries import office
from portfolio.readiness.rules.templates import step_kinds
from portfolio.reporting.narrowing import ANY_STEP, BANDS, COMPLETE_BANDS
from portfolio.scheme.rules import SIX_CITIES
from portfolio.vocabulary.codes import WHOLE_REGION, entries, label

CITIES = (*SIX_CITIES, WHOLE_REGION)
NONE = "-"


def controls(context: Context, view: View, references: References, page: str = "library") -> list[Any]:
    """One choice of several values for each filter; their ids begin with the `page` they stand on."""
    name = "name_en" if context.lang == "en" else "name_zh"
    lists = {"sector": "sectors", "kind": "kinds", "stage": "stages"}
    choices = {of: [(code, row[name]) for code, row in entries(source).items()] for of, source in lists.items()}
    regions = references.regions
    choices["city"] = [
        (code, getattr(regions[code], name)) for code in CITIES if code in regions and code != WHOLE_REGION
    ]
    choices["city"].append((WHOLE_REGION, context.text("city-cross")))
    choices["lead_unit"] = [
        (unit.code, references.units.name(unit.code, context.lang)) for unit in references.units.units
    ]
    title = "title_en" if context.lang == "en" else "title_zh"
    pairs = zip(references.tasks["id"], references.tasks[title], strict=True)
    choices["task"] = [(task, f"{task} {text}") for task, text in pairs]
    for of in ("stage", "city", "lead_unit", "kind"):
        choices[of].append((NONE, context.text("none-stated")))
    return [_choice(context, page, of, options, view) for of, options in choices.items()]


def _choice(context: Context, page: str, name: str, options: list[tuple[str, str]], view: View) -> dmc.MultiSelect:
    known = {code for code, _ in options}
    chosen = [value for value in view.chosen.get(name, ()) if value in known]
    return dmc.MultiSelect(
        id=f"{page}-{name}",
        data=[{"value": code, "label": text} for code, text in options],
        value=chosen,
        placeholder=context.text(f"filter-{name}"),
        searchable=True,
        clearable=True,
        size="sm",
        hidePickedOptions=True,
        nothingFoundMessage=context.text("filter-nothing"),
        maxDropdownHeight=320,
        **aria(label=context.text(f"filter-{name}")),
    )


def rest(context: Context, view: View, references: References, path: str = "/projects") -> Any:
    """What else narrows the list at `path`, and the address that drops it all."""
    badges = []
    node = references.tree.by_code.get(view.item)
    if node is not None:
        years = context.listed(str(year) for year in view.years)
        badges.append(_badge(context.text("filter-needs", item=node.name(context.lang), years=years), context))
    for code in view.chosen.get("form", ()):
        badges.append(_badge(context.text("filter-form", form=label("forms", code, context.lang)), context))
    for code in view.chosen.get("unit", ()):
        badges.append(_badge(context.text("filter-unit", unit=references.units.name(code, context.lang)), context))
    for code in view.chosen.get("region", ()):
        region = references.regions.get(code)
        shown = (region.name_en if context.lang == "en" else region.name_zh) if region else code
        badges.append(_badge(context.text("filter-region", region=shown), context))
    badges += [_badge(words, context) for words in _counted(context, view)]
    for name, value in view.flags.items():
        badges.append(_badge(context.text(f"filter-{name}-{str(value).lower()}"), context))
    if not badges:
        return None
    clear = dmc.Anchor(context.text("filter-clear"), href=path, refresh=False, size="sm")
    return dmc.Group([icon("filter"), *badges, clear], gap="xs", my="xs")


def _counted(context: Context, view: View) -> list[str]:
    """In words, what a figure of the home page counts."""
    found = []
    if view.state:
        found.append(context.text("filter-state", state=context.text(f"state-{view.state}")))
    if view.complete:
        found.append(context.text("filter-complete", band=band_name(view.complete)))
    if view.ready:
        found.append(context.text("filter-ready", when=context.text(f"home-ready-{view.ready}")))
    if view.waits:
        found.append(_waiting(context, view.waits))
    if view.standing:
        found.append(context.text(f"filter-standing-{view.standing}"))
    return found


def _waiting(context: Context, waits: str) -> str:
    step, _, place = waits.rpartition(".")
    if waits == ANY_STEP or not place.lstrip("-").isdigit():
        return context.text("filter-waits-any")
    name = step_kinds()[step].name(context.lang) if step in step_kinds() else context.text("readiness-all-done")
    return context.text("filter-waits", step=name, office=office(step, int(place), context.lang))


def band_name(band: str) -> str:
    """A band of completeness as people read it."""
    lows, place = (0, *BANDS), COMPLETE_BANDS.index(band)
    return "100%" if place == len(BANDS) else f"{lows[place]}–{BANDS[place] - 1}%"


def _badge(text: str, context: Context) -> dmc.Badge:
    return dmc.Badge(text, variant="light", size="lg", tt="none", radius="sm")
