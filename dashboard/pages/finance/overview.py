"""Finance: asked beside granted, where the money comes from and goes, what is missing; and its other pages."""

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, html

from dashboard.behind import STAGES, led, point, total
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
from dashboard.questions.finance import LISTED, FinancePage, finance_page
from portfolio.core.clock import today
from portfolio.core.formatting import headline, headline_words, large_money
from portfolio.core.frames import records
from portfolio.finance.rules.funding import CERTAINTIES
from portfolio.projects.filters import NONE
from portfolio.vocabulary.codes import label

GAP_SUMS = ("asked", "granted", "signed", "gap_fiscal", "gap_other")
TABS = ("overview", "review", "reserves", "plan", "budget")


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
    certain = context.value("certainty") if context.value("certainty") in CERTAINTIES else ""
    page = finance_page(year, certain)
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
        dmc.GridCol(_gaps(context, page, year, certain), span=12),
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
        leads = led(f"finance.{name}", value, **_narrowed(name, year))
        card_ = dmc.Anchor(shown_card, **leads, underline="never", id=f"head-{name}")
        cards.append(html.Div(card_, **total(name, value)) if name in STAGES else card_)
    return dmc.SimpleGrid(cards, cols={"base": 2, "sm": 3, "xl": 6}, spacing="sm")


def _narrowed(name: str, year: int) -> dict[str, Any]:
    """What the list behind a head figure is narrowed by."""
    of = {"asked": {"item": "fund"}, "gap": {}, "envelope": {}}.get(name, {"element": "fund"})
    return {**of, "year": year}


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
    for stage in STAGES:
        held = zip(page.by_year[stage], rows["label"], strict=True)
        rows[f"{stage}_link"] = [point(f"finance.year.{stage}", int(value), year=year) for value, year in held]
    unit = large_money(context.lang)[1]
    figure = side_by_side(rows, _names(context), unit, context.theme)
    title = context.text("finance-by-year")
    plot = graph(context, {"type": "chart", "name": "finance-years"}, figure, title, 320, unit)
    return card(title, [plot], "card-years")


def _by_source(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-by-source", year=str(year))
    held = page.by_source.sort_values("asked", ascending=False)
    rows, unit = _stages(context, held), large_money(context.lang)[1]
    if rows.empty:
        return card(title, [empty(context, "finance-empty")], "card-sources")
    rows["label"] = [page.tree.by_code[item].name(context.lang) for item in rows["item"]]
    rows["asked_link"] = [
        point("finance.source.asked", int(value), item=item, year=year)
        for item, value in zip(held["item"], held["asked"], strict=True)
    ]
    rows["granted_link"] = [
        point("finance.source.granted", int(value), element="fund", item=item, year=year)
        for item, value in zip(held["item"], held["granted"], strict=True)
    ]
    names = {stage: name for stage, name in _names(context).items() if stage in ("asked", "granted")}
    figure = side_by_side(rows, names, unit, context.theme, horizontal=True)
    plot = graph(context, {"type": "chart", "name": "finance-sources"}, figure, title, 380, unit)
    return card(title, [plot], "card-sources")


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
    scale, unit = large_money(context.lang)
    texts = [headline_words(abs(value), "money", context.lang) for _, value, _ in steps]
    figure = waterfall(
        [context.text(f"waterfall-{name}") for name, _, _ in steps],
        [value / scale for _, value, _ in steps],
        [measure for _, _, measure in steps],
        texts,
        context.theme,
        [point(f"finance.step.{name}", abs(value), round=page.round["code"], year=year) for name, value, _ in steps],
    )
    note = context.text("finance-of-round", round=page.round["name"] or page.round["code"])
    plot = graph(context, {"type": "chart", "name": "finance-waterfall"}, figure, title, 300, unit)
    return card(title, [plot], "card-waterfall", note)


def _flows(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-flows", year=str(year))
    rows = page.flows
    if rows.empty:
        return card(title, [empty(context, "finance-empty")], "card-flows")
    items, sectors = list(dict.fromkeys(rows["item"])), list(dict.fromkeys(rows["sector"]))
    scale, unit = large_money(context.lang)
    flows = [
        (items.index(item), sectors.index(sector), value / scale, headline_words(int(value), "money", context.lang))
        for item, sector, value in zip(rows["item"], rows["sector"], rows["required"], strict=True)
    ]
    figure = sankey(
        [page.tree.by_code[item].name(context.lang) for item in items],
        [label("sectors", sector, context.lang) if sector else context.text("none-stated") for sector in sectors],
        flows,
        items,
        [
            point("finance.flow", int(row["required"]), item=row["item"], sector=row["sector"] or NONE, year=year)
            for row in records(rows)
        ],
        context.theme,
    )
    plot = graph(context, {"type": "chart", "name": "finance-flows"}, figure, title, 380, unit)
    return card(title, [plot], "card-flows")


def _certainty(context: Context, page: FinancePage, year: int) -> dmc.Card:
    title = context.text("finance-certainty", year=str(year))
    found = page.funding["certainty"].value_counts()
    counts = [int(found.get(name, 0)) for name in CERTAINTIES]
    figure = by_category(
        [context.text(f"certainty-{name}") for name in CERTAINTIES],
        counts,
        [
            point("finance.certainty", count, year=year, certainty=name)
            for name, count in zip(CERTAINTIES, counts, strict=True)
        ],
        CERTAINTIES,
        context.theme,
        "certainties",
    )
    unit = context.text("unit-projects")
    plot = graph(context, {"type": "chart", "name": "finance-certainty"}, figure, title, 220, unit)
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
    scale, unit = large_money(context.lang)
    codes = [str(page.names.loc[number, "code"]) for number in wide.index]
    figure = heat(
        labels,
        columns,
        [[None if value is None else value / scale for value in row] for row in cells],
        [["" if v is None else headline_words(int(v), "money", context.lang) for v in row] for row in cells],
        [
            [
                point("finance.heat", None if value is None else int(value), code, tab="finance", year=year)
                for year, value in zip(columns, row, strict=True)
            ]
            for code, row in zip(codes, cells, strict=True)
        ],
        unit,
        context.theme,
    )
    return card(
        title, [graph(context, {"type": "chart", "name": "finance-heat"}, figure, title, 460, unit)], "card-heat"
    )


def _short(text: str) -> str:
    return text if len(text) <= 22 else text[:21] + "…"


def _list_total(name: str) -> str:
    """The list's total beside the page's own of the year: a total has one name on a page."""
    return name if name.startswith("gap") else f"listed_{name}"


def _gaps(context: Context, page: FinancePage, year: int, certain: str) -> dmc.Card:
    rows = [
        [
            project_link(context, row["code"], name_of(context, row), "finance"),
            *amounts([row[name] for name in GAP_SUMS], context.lang),
            context.text(f"certainty-{row['certainty']}"),
            mark(context, row["code"], page.gates.get(row["code"])) or "",
        ]
        for row in records(page.listed.head(LISTED).merge(page.names.reset_index(), on="project"))
    ]
    sums = {name: int(page.listed[name].sum()) for name in GAP_SUMS}
    count = context.text("finance-listed", shown=str(len(rows)), count=str(len(page.listed)))
    totals = [
        html.Span(count, **total("projects", len(page.listed))),
        *(html.Span(amount(value, context.lang), **total(_list_total(name), value)) for name, value in sums.items()),
        "",
        "",
    ]
    heads = (
        *("col-name", "stage-of-asked>", "stage-of-granted>", "finance-signed>"),
        *("finance-gap-fiscal>", "finance-gap-other>", "finance-certain", "gate-worst"),
    )
    shown = table(context, heads, rows, "finance-no-gap", totals=totals, tall=True)
    if not rows:
        shown = html.Div([shown, html.Span(**total("projects", 0)), html.Span(**total("gap_fiscal", 0))])
    title = context.text("finance-gaps", year=str(year))
    if certain:
        title = context.text("finance-certain-list", year=str(year), certainty=context.text(f"certainty-{certain}"))
    return card(title, [shown], "card-gaps", context.text("unit-wan-note"))


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
