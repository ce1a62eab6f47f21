"""Land, sea and forest as accounts: pool balances, claims, expiries, recovery; and money pools beside them."""

from datetime import date
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, html

from dashboard.behind import led, point, total
from dashboard.components.amounts import amount, amounts
from dashboard.components.gate_badges import mark
from dashboard.components.graph import graph
from dashboard.components.links import address, card, choices, in_language, name_of, project_link
from dashboard.components.offers import offered
from dashboard.components.states import empty, illustrative_note
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import any_illustrative, references
from dashboard.figures.pools import bullets
from dashboard.pages.accounts import forms as accounts_forms
from dashboard.pages.finance.overview import chosen_year
from dashboard.questions.accounts import AccountsPage, accounts_page, pool_entries
from dashboard.words.places import city_name
from portfolio.core.clock import today
from portfolio.core.formatting import headline_words, large_money
from portfolio.core.frames import records
from portfolio.ledger.records import PoolRecord
from portfolio.projects.filters import NONE
from portfolio.vocabulary.codes import WHOLE_REGION

ELEMENTS = ("land", "sea", "forest", "fund")
PARTS = ("used", "delivered", "granted", "reserved", "free")
STAGES = ("asked", "reserved", "granted", "delivered", "used", "gap")
SOON = 180


def layout(context: Context) -> Any:
    """The accounts of the element and year in the address."""
    asked = context.value("element")
    element, year = asked if asked in ELEMENTS else "land", chosen_year(context)
    by = recovery_day(year)
    on = day_of(context.value("on"))
    item = context.value("item")
    if item.split(".")[0] != element or item not in references().tree.by_code:
        item = ""
    page = accounts_page(element, year, by, on, item)
    options = [
        (context.text(f"element-{one}"), address("/accounts", {"element": one, "year": year}), one == element)
        for one in ELEMENTS
    ]
    years = [
        (str(one), address("/accounts", {"element": element, "year": one}), one == year)
        for one in sorted({*page.years, year})
    ]
    return html.Div(
        [
            dmc.Title(context.text("nav-accounts"), order=1, size="h3", mb="sm"),
            choices(context.text("nav-accounts"), options),
            choices(context.text("finance-year"), years),
            illustrative_note(context) if any_illustrative() else None,
            accounts_forms.day_form(context, on),
            dmc.Grid(_cards(context, page, element, year, by), gutter="md"),
        ]
    )


def day_of(text: str) -> str:
    """A past day in the address, empty when there is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def recovery_day(year: int) -> date:
    """Up to which day the recovery list looks: today, or the end of a year gone by."""
    return today() if year >= today().year else date(year, 12, 31)


def _cards(context: Context, page: AccountsPage, element: str, year: int, by: date) -> list[dmc.GridCol]:
    half = {"base": 12, "lg": 6}
    pool = context.value("pool")
    cards = [
        dmc.GridCol(_balances(context, page, element, year), span={"base": 12, "lg": 7}),
        dmc.GridCol(_by_city(context, page, element, year), span={"base": 12, "lg": 5}),
        dmc.GridCol(_pools(context, page, element, year), span=12),
    ]
    if pool:
        cards.append(dmc.GridCol(_entries(context, pool, element), span=12, id="pool-totals"))
    cards += [
        dmc.GridCol(accounts_forms.posting_card(context, page, element, pool), span=12),
        dmc.GridCol(_claims(context, page, element, year), span=half),
        dmc.GridCol(_recovery(context, page, element, by), span=half),
        dmc.GridCol(_expiries(context, page, element), span=12),
        dmc.GridCol(accounts_forms.opening_card(context, page, element, year), span=12),
    ]
    return cards


def _dimension(element: str) -> str:
    return "money" if element == "fund" else "area"


def pool_name(context: Context, pool: PoolRecord, page: AccountsPage) -> str:
    """A pool's name, else its place, item and year."""
    if pool["name"]:
        return str(pool["name"])
    region = city_name(pool["region_code"], context, references()) if pool["region_code"] != WHOLE_REGION else ""
    place = region or context.text("level-region")
    return f"{place} {page.tree.by_code[pool['item']].name(context.lang)} {pool['year']}"


def _balances(context: Context, page: AccountsPage, element: str, year: int) -> dmc.Card:
    title = context.text("accounts-balances", year=str(year))
    if not page.pools:
        return card(title, [empty(context, "accounts-no-pool")], "card-balances")
    dimension, lang = _dimension(element), context.lang
    scale, unit = large_money(lang) if element == "fund" else (10**4, context.text("unit-ha"))
    rows = []
    for pool in page.pools:
        parts = {part: pool[part] for part in ("used", "delivered", "granted", "free")}
        parts["reserved"] = pool["preallocated"] + pool["locked"]
        wanted, city = _asked(page, pool)
        row: dict[str, Any] = {"label": pool_name(context, pool, page)}
        row["asked_link"] = point("accounts.asked", wanted, item=pool["item"], year=pool["year"], city=city)
        at: dict[str, Any] = {"element": element, "year": pool["year"], "pool": pool["code"]}
        row |= {f"{name}_link": point(f"accounts.pool.{name}", value, **at) for name, value in parts.items()}
        for name, amount_ in {**parts, "asked": wanted}.items():
            row[name] = None if amount_ is None else amount_ / scale
            row[f"{name}_text"] = headline_words(amount_, dimension, lang)
        rows.append(row)
    names = {part: context.text(f"part-{part}") for part in PARTS}
    figure = bullets(pd.DataFrame(rows), names, context.text("stage-of-asked"), unit, context.theme)
    height = 130 + 40 * len(rows)
    as_of = date.fromisoformat(context.value("on")) if day_of(context.value("on")) else None
    plot = graph(context, {"type": "chart", "name": "accounts"}, figure, title, height, unit, as_of)
    return card(title, [plot], "card-balances")


def _asked(page: AccountsPage, pool: PoolRecord) -> tuple[int | None, str]:
    """What is asked of just what a pool holds, where it holds it (None where nobody asks), and that city."""
    city = "" if pool["region_code"] == WHOLE_REGION else pool["region_code"]
    under = [
        int(row["required"])
        for row in records(page.asked)
        if f"{row['item']}.".startswith(f"{pool['item']}.") and (not city or row["city"] == city)
    ]
    return (sum(under) if under else None), city


def _pool_address(pool: PoolRecord, element: str) -> str:
    return address("/accounts", {"element": element, "year": pool["year"], "pool": pool["code"]})


def _by_city(context: Context, page: AccountsPage, element: str, year: int) -> dmc.Card:
    lang, dimension = context.lang, _dimension(element)
    item = context.value("item") if context.value("item") in page.tree.by_code else element
    rows = []
    for row in records(page.by_city):
        leads = led("accounts.asked", row["asked"], item=item, year=year, city=row["city"] or NONE)
        first, *others = amounts([row[stage] for stage in STAGES[:-1]], lang, dimension)
        asked = dmc.Anchor(first, **leads, size="sm") if row["asked"] else first
        rows.append([city_name(row["city"], context, references()) or context.text("none-stated"), asked, *others])
    sums = {stage: int(page.by_city[stage].sum()) for stage in STAGES[:-1]}
    heads = ("col-city", *(f"stage-of-{stage}>" for stage in STAGES[:-1]))
    said = [html.Span(amount(value, lang, dimension), **total(stage, value)) for stage, value in sums.items()]
    shown = table(context, heads, rows, "accounts-no-claim", "", [context.text("plan-sum"), *said] if rows else ())
    parts = [shown] if rows else [shown, *said]
    title = context.text("accounts-by-city")
    if item != element:
        title = context.text("accounts-by-city-of", item=page.tree.by_code[item].name(lang))
    return card(title, parts, "card-cities", _unit(context, element))


def _unit(context: Context, element: str) -> str:
    return context.text("unit-wan-note" if element == "fund" else "unit-ha-note")


def _pools(context: Context, page: AccountsPage, element: str, year: int) -> dmc.Card:
    dimension = _dimension(element)
    rows = [
        [
            dmc.Anchor(pool_name(context, pool, page), href=_pool_address(pool, element), refresh=False, size="sm"),
            context.text(f"pool-kind-{pool['kind']}"),
            *amounts([pool["total"], pool["free"], pool["preallocated"], pool["locked"]], context.lang, dimension),
            *amounts([pool["granted"], pool["delivered"], pool["used"]], context.lang, dimension),
            pool["valid_until"] or "",
            context.text("yes") if pool["carries"] else "",
            pool["doc_no"],
        ]
        for pool in page.pools
    ]
    heads = (
        "accounts-pool",
        "column-pools-kind",
        "accounts-total>",
        *(f"bucket-{name}>" for name in ("free", "preallocated", "locked", "granted", "delivered", "used")),
        "column-pools-valid_until",
        "column-pools-carries",
        "column-pools-doc_no",
    )
    shown = table(context, heads, rows, "accounts-no-pool")
    return card(context.text("accounts-pools", year=str(year)), [shown], "card-pools", _unit(context, element))


def _entries(context: Context, pool: str, element: str) -> dmc.Card:
    newest, buckets = pool_entries(pool, day_of(context.value("on")))
    rows = [
        [
            str(entry["id"]),
            entry["on_date"],
            context.text(f"entry-kind-{entry['kind']}"),
            project_link(context, entry["project"], entry["project"]) if entry["project"] else "",
            amount(entry["quantity"], context.lang, _dimension(element)),
            f"{context.text('bucket-' + entry['source'])} → {context.text('bucket-' + entry['target'])}",
            entry["doc_no"],
            entry["actor"],
        ]
        for entry in newest
    ]
    heads = (
        "column-ledger-entry",
        "column-ledger-on_date",
        "column-ledger-kind",
        "column-ledger-project",
        "accounts-quantity>",
        "accounts-move",
        "column-ledger-doc_no",
        "review-who",
    )
    title = context.text("accounts-entries", pool=pool)
    parts = [table(context, heads, rows, "accounts-no-entry"), _pool_sums(context, element, buckets)]
    return card(title, parts, "card-entries", _unit(context, element))


def _pool_sums(context: Context, element: str, buckets: dict[str, int]) -> html.Div:
    """What all entries of a pool come to."""
    sums = {part: buckets[part] for part in PARTS if part != "reserved"}
    sums["reserved"] = buckets["preallocated"] + buckets["locked"]
    parts: list[Any] = [context.text("plan-sum")]
    for part in PARTS:
        said = amount(sums[part], context.lang, _dimension(element))
        # A list has one total of a name: what cities hold of the year stands beside it.
        parts += [" · ", context.text(f"part-{part}"), " ", html.Strong(said, **total(f"pool_{part}", sums[part]))]
    return html.Div(parts, className="sums")


def _claims(context: Context, page: AccountsPage, element: str, year: int) -> dmc.Card:
    rows = [
        [
            project_link(context, row["code"], name_of(context, row), "finance" if element == "fund" else "elements"),
            *amounts([row[stage] for stage in STAGES], context.lang, _dimension(element)),
            mark(context, row["code"], page.gates.get(row["code"])) or "",
        ]
        for row in records(page.claims)
    ]
    heads = ("col-name", *(f"stage-of-{stage}>" for stage in STAGES[:-1]), "finance-gap>", "gate-worst")
    note = context.text("accounts-claims-note", shown=str(len(rows)), count=str(page.claims_total))
    shown = table(context, heads, rows, "accounts-no-claim", tall=True)
    return card(context.text("accounts-claims", year=str(year)), [shown], "card-claims", note)


def _expiries(context: Context, page: AccountsPage, element: str) -> dmc.Card:
    ending = [(pool["valid_until"], pool) for pool in page.pools if pool["total"] > pool["used"]]
    soon = [(until, pool) for until, pool in ending if until]
    rows = []
    for until, pool in sorted(soon, key=lambda one: one[0]):
        days = (date.fromisoformat(until) - today()).days
        words = context.text("accounts-days", count=str(days)) if days >= 0 else context.text("accounts-past")
        shown = html.Span(words, className="overdue" if days < SOON else None)
        left = pool["total"] - pool["used"]
        unused = amount(left, context.lang, _dimension(element))
        rows.append([pool_name(context, pool, page), pool["valid_until"], shown, unused])
    heads = ("accounts-pool", "column-pools-valid_until", "accounts-left", "accounts-unused>")
    shown_table = table(context, heads, rows, "accounts-no-expiry")
    return card(context.text("accounts-expiries"), [shown_table], "card-expiries", _unit(context, element))


def _recovery(context: Context, page: AccountsPage, element: str, by: date) -> html.Div:
    rows = [
        [
            one.due_on,
            project_link(context, one.project, in_language(context, one.project_name, one.project_name_en), "elements"),
            context.text(f"bucket-{one.bucket}"),
            amount(one.quantity, context.lang, _dimension(element)),
        ]
        for one in page.due
    ]
    heads = ("accounts-due", "col-name", "accounts-bucket", "accounts-quantity>")
    content = [table(context, heads, rows, "accounts-no-due", tall=True)]
    if rows:
        content.append(offered("ledger.post", accounts_forms.recovery_form(context, element, by, len(rows))))
    title = context.text("accounts-recovery", count=str(len(rows)), day=by.isoformat())
    shown = card(title, content, "card-recovery", context.text("accounts-recovery-note"))
    return html.Div(shown, style={"height": "100%"}, **total("due", len(rows)))


def register_callbacks(app: Dash) -> None:
    """The forms' business."""
    accounts_forms.register_callbacks(app)
