"""Finance: asked beside granted, where the money comes from and goes, what is missing; and its other pages."""

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, html

from dashboard.components.amounts import amount, amounts
from dashboard.components.gate_badges import mark
from dashboard.components.graph import graph
from dashboard.components.links import address, card, choices, name_of, project_link
from dashboard.components.states import empty, illustrative_note
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import any_illustrative, may
from dashboard.figures.bars import by_category
from dashboard.figures.money import heat, sankey, side_by_side, waterfall
from dashboard.palette import SERIES
from dashboard.questions.finance import FinancePage, finance_page
from portfolio.core.clock import today
from portfolio.core.formatting import headline, headline_words, large_money
from portfolio.core.frames import records
from portfolio.finance.rules.funding import CERTAINTIES
from portfolio.vocabulary.codes import label

STAGES = ("asked", "granted", "delivered", "used")
TABS = ("overview", "review", "plan", "budget")
CERTAIN_COLOURS = {"funded": "#2f9e6e", "part_funded": "#4f8fd0", "source_known": "#d9a21b", "none": "#c8553d"}


def frame(context: Context, tab: str, content: list[Any]) -> html.Div:
    """The heading and tabs every finance page has."""
    paths = {"overview": "/finance", **{name: f"/finance/{name}" for name in TABS[1:]}}
    tabs = [
        (context.text(f"finance-tab-{name}"), paths[name], name == tab)
        for name in TABS
        if name != "budget" or may("budget.read")
    ]
    return html.Div(
        [
            dmc.Title(context.text("nav-finance"), order=1, size="h3", mb="sm"),
            choices(context.text("nav-finance"), tabs),
            illustrative_note(context) if any_illustrative() else None,
            *content,
        ]
    )


def chosen_year(context: Context) -> int:
    """The year in the address, else this one."""
    value = context.value("year")
    return int(value) if value.isdigit() and 2000 <= int(value) <= 2060 else today().year


def layout(context: Context) -> Any:
    """The overview of a year."""
    year = chosen_year(context)
    page = finance_page(year)
    if page.by_year.empty:
        return frame(context, "overview", [empty(context, "finance-empty")])
    years = sorted({*page.by_year["year"].astype(int), year})
    links = [(str(one), address("/finance", {"year": one}), one == year) for one in years]
    spans = {"base": 12, "lg": 6}
    grid = [
        dmc.GridCol(_by_year(context, page), span=spans),
        dmc.GridCol(_waterfall(context, page, year), span=spans),
        dmc.GridCol(_by_source(context, page, year), span=spans),
        dmc.GridCol(_flows(context, page, year), span=spans),
        dmc.GridCol(_certainty(context, page, year), span={"base": 12, "lg": 4}),
        dmc.GridCol(_heat(context, page), span={"base": 12, "lg": 8}),
        dmc.GridCol(_gaps(context, page, year), span=12),
        dmc.GridCol(_mismatches(context, page, year), span=12),
    ]
    content = [choices(context.text("finance-year"), links), _heads(context, page, year), dmc.Grid(grid, mt="md")]
    return frame(context, "overview", content)


def _heads(context: Context, page: FinancePage, year: int) -> dmc.SimpleGrid:
    rows = page.by_year[page.by_year["year"] == year]
    sums = {stage: int(rows[stage].sum()) for stage in STAGES}
    sums["gap"] = int(page.funding["gap_fiscal"].sum())
    sums["envelope"] = sum(row["total"] for row in page.envelopes if row["year"] == year)
    cards = []
    for name, value in sums.items():
        shown, unit = headline(value, "money", context.lang)
        figure = [html.Span(shown, className="figure"), html.Span(unit, className="unit")]
        shown_card = dmc.Card(
            [
                dmc.Text(context.text(f"finance-head-{name}"), size="sm", c="dimmed"),
                dmc.Group(figure, gap=4, align="baseline"),
            ],
            withBorder=True,
            padding="sm",
            className="headline",
        )
        href = _behind(name, year)
        cards.append(dmc.Anchor(shown_card, href=href, refresh=False, underline="never", id=f"head-{name}"))
    return dmc.SimpleGrid(cards, cols={"base": 2, "sm": 3, "xl": 6}, spacing="sm")


def _behind(name: str, year: int) -> str:
    """The list behind a head figure."""
    if name == "asked":
        return address("/projects", {"item": "fund", "year": year})
    if name == "envelope":
        return "/finance/budget"
    return address("/accounts", {"element": "fund", "year": year})


def _stages(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows.copy()
    for stage in STAGES:
        shown[f"{stage}_text"] = [headline_words(int(v), "money", context.lang) for v in rows[stage]]
        shown[stage] = rows[stage] / large_money(context.lang)[0]
    return shown


def _names(context: Context) -> dict[str, str]:
    return {stage: context.text(f"stage-of-{stage}") for stage in STAGES}


def _by_year(context: Context, page: FinancePage) -> dmc.Card:
    rows = _stages(context, page.by_year)
    rows["label"] = rows["year"].astype(int).astype(str)
    rows["link"] = [address("/finance", {"year": year}) for year in rows["label"]]
    figure = side_by_side(rows, _names(context), large_money(context.lang)[1], context.theme)
    title = context.text("finance-by-year")
    return card(title, [graph({"type": "chart", "name": "finance-years"}, figure, title, 320)], "card-years")


def _by_source(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-by-source", year=str(year))
    rows = _stages(context, page.by_source.sort_values("asked", ascending=False))
    if rows.empty:
        return card(title, [empty(context, "finance-empty")], "card-sources")
    rows["label"] = [page.tree.by_code[item].name(context.lang) for item in rows["item"]]
    rows["link"] = [address("/projects", {"item": item, "year": year}) for item in rows["item"]]
    names = {stage: name for stage, name in _names(context).items() if stage in ("asked", "granted")}
    figure = side_by_side(rows, names, large_money(context.lang)[1], context.theme, horizontal=True)
    return card(title, [graph({"type": "chart", "name": "finance-sources"}, figure, title, 380)], "card-sources")


def _waterfall(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-waterfall", year=str(year))
    if page.round is None or not page.review.get("asked"):
        action = dmc.Anchor(context.text("finance-open-round"), href="/finance/review", refresh=False)
        return card(title, [empty(context, "finance-no-round", action)], "card-waterfall")
    sums = page.review
    waiting = sums.get("asked_asked", 0) + sums.get("asked_returned", 0)
    ungranted = sums["asked"] - sums["trimmed"] - waiting - sums["granted"]
    steps = [
        ("asked", sums["asked"], "absolute"),
        ("trimmed", -sums["trimmed"], "relative"),
        ("waiting", -waiting, "relative"),
        ("ungranted", -ungranted, "relative"),
        ("granted", sums["granted"], "total"),
    ]
    scale, _ = large_money(context.lang)
    texts = [headline_words(abs(value), "money", context.lang) for _, value, _ in steps]
    figure = waterfall(
        [context.text(f"waterfall-{name}") for name, _, _ in steps],
        [value / scale for _, value, _ in steps],
        [measure for _, _, measure in steps],
        texts,
        context.theme,
    )
    note = context.text("finance-of-round", round=page.round["name"] or page.round["code"])
    plot = graph({"type": "still", "name": "finance-waterfall"}, figure, title, 300)
    return card(title, [plot], "card-waterfall", note)


def _flows(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-flows", year=str(year))
    rows = page.flows
    if rows.empty:
        return card(title, [empty(context, "finance-empty")], "card-flows")
    items, sectors = list(dict.fromkeys(rows["item"])), list(dict.fromkeys(rows["sector"]))
    scale, _ = large_money(context.lang)
    flows = [
        (items.index(item), sectors.index(sector), value / scale, headline_words(int(value), "money", context.lang))
        for item, sector, value in zip(rows["item"], rows["sector"], rows["required"], strict=True)
    ]
    figure = sankey(
        [page.tree.by_code[item].name(context.lang) for item in items],
        [label("sectors", sector, context.lang) if sector else context.text("none-stated") for sector in sectors],
        flows,
        [SERIES[place % len(SERIES)] for place in range(len(items))],
        context.theme,
    )
    return card(title, [graph({"type": "still", "name": "finance-flows"}, figure, title, 380)], "card-flows")


def _certainty(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-certainty", year=str(year))
    counts = page.funding["certainty"].value_counts()
    figure = by_category(
        [context.text(f"certainty-{name}") for name in CERTAINTIES],
        [int(counts.get(name, 0)) for name in CERTAINTIES],
        ["" for _ in CERTAINTIES],
        [CERTAIN_COLOURS[name] for name in CERTAINTIES],
        context.theme,
    )
    plot = graph({"type": "still", "name": "finance-certainty"}, figure, title, 220)
    return card(title, [plot], "card-certainty", context.text("finance-certainty-note"))


def _heat(context: Context, page: FinancePage) -> dmc.Card:
    title = context.text("finance-heat")
    if page.fiscal.empty:
        return card(title, [empty(context, "finance-no-gap")], "card-heat")
    wide = page.fiscal.set_index(["project", "year"])["gap_fiscal"].unstack("year")
    order = page.funding.sort_values(["gap_fiscal", "project"], ascending=[False, True])["project"]
    wide = wide.reindex([number for number in order if number in wide.index])
    columns = [int(year) for year in wide.columns]
    labels = [_short(name_of(context, page.names.loc[number].to_dict())) for number in wide.index]
    cells = [[None if pd.isna(value) else float(value) for value in row] for row in wide.to_numpy()]
    scale, _ = large_money(context.lang)
    figure = heat(
        labels,
        columns,
        [[None if value is None else value / scale for value in row] for row in cells],
        [["" if v is None else headline_words(int(v), "money", context.lang) for v in row] for row in cells],
        [address(f"/projects/{page.names.loc[number, 'code']}", {"tab": "finance"}) for number in wide.index],
        context.theme,
    )
    return card(title, [graph({"type": "chart", "name": "finance-heat"}, figure, title, 460)], "card-heat")


def _short(text: str) -> str:
    return text if len(text) <= 22 else text[:21] + "…"


def _gaps(context: Context, page: FinancePage, year: int) -> dmc.Card:
    rows = [
        [
            project_link(context, row["code"], name_of(context, row), "finance"),
            *amounts([row[name] for name in ("asked", "granted", "signed", "gap_fiscal", "gap_other")], context.lang),
            context.text(f"certainty-{row['certainty']}"),
            mark(context, row["code"], page.gates.get(row["code"])) or "",
        ]
        for row in records(page.gaps.merge(page.names.reset_index(), on="project"))
    ]
    heads = (
        *("col-name", "stage-of-asked>", "stage-of-granted>", "finance-signed>"),
        *("finance-gap-fiscal>", "finance-gap-other>", "finance-certain", "gate-worst"),
    )
    shown = table(context, heads, rows, "finance-no-gap", tall=True)
    return card(context.text("finance-gaps", year=str(year)), [shown], "card-gaps", context.text("unit-wan-note"))


def _mismatches(context: Context, page: FinancePage, year: int) -> dmc.Card:
    rows = []
    for row in records(page.mismatches.head(20)):
        project = page.names.loc[row["project"]].to_dict()
        place = context.text(f"element-{row['element']}") if row["element"] else ""
        area = amount(row["area_needed"] - row["area_granted"], context.lang, "area") if row["element"] else ""
        rows.append(
            [
                project_link(context, project["code"], name_of(context, project), "readiness"),
                mark(context, project["code"], page.gates.get(project["code"])) or "",
                context.text(f"mismatch-{row['kind']}", element=place),
                amount(row["money"], context.lang),
                area,
            ]
        )
    heads = ("col-name", "gate-worst", "mismatch-what", "mismatch-money>", "mismatch-area>")
    note = context.text("mismatch-count", count=str(len(page.mismatches)))
    title = context.text("mismatch-title", year=str(year))
    return card(title, [table(context, heads, rows, "mismatch-none", tall=True)], "card-mismatches", note)


def register_callbacks(app: Dash) -> None:
    """Figures open their lists by the overview's one callback."""
