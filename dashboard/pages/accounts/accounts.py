"""Land, sea and forest as accounts: pool balances, claims, expiries, recovery; and money pools beside them."""

from datetime import date
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, html

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
    page = accounts_page(element, year, by, on)
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
        dmc.GridCol(_by_city(context, page, element), span={"base": 12, "lg": 5}),
        dmc.GridCol(_pools(context, page, element, year), span=12),
    ]
    if pool:
        cards.append(dmc.GridCol(_entries(context, pool, element), span=12))
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
    asked = {row["city"]: int(row["asked"]) for row in records(page.by_city)}
    by_item = {row["item"]: int(row["asked"]) for row in records(page.by_item)}
    whole = sum(asked.values())
    rows = []
    for pool in page.pools:
        parts = {part: pool[part] for part in ("used", "delivered", "granted", "free")}
        parts["reserved"] = pool["preallocated"] + pool["locked"]
        local = asked.get(pool["region_code"], 0)
        of_item = by_item.get(".".join(pool["item"].split(".")[:2]), 0)
        wanted = local if pool["region_code"] != WHOLE_REGION else whole if "." not in pool["item"] else of_item
        row: dict[str, Any] = {"label": pool_name(context, pool, page), "link": _pool_address(pool, element)}
        for name, value in {**parts, "asked": wanted}.items():
            row[name], row[f"{name}_text"] = value / scale, headline_words(int(value), dimension, lang)
        rows.append(row)
    names = {part: context.text(f"part-{part}") for part in PARTS}
    figure = bullets(pd.DataFrame(rows), names, context.text("stage-of-asked"), unit, context.theme)
    height = 130 + 40 * len(rows)
    return card(title, [graph({"type": "chart", "name": "accounts"}, figure, title, height)], "card-balances")


def _pool_address(pool: PoolRecord, element: str) -> str:
    return address("/accounts", {"element": element, "year": pool["year"], "pool": pool["code"]})


def _by_city(context: Context, page: AccountsPage, element: str) -> dmc.Card:
    lang, dimension = context.lang, _dimension(element)
    rows = [
        [
            city_name(row["city"], context, references()) or context.text("none-stated"),
            *amounts([row[stage] for stage in STAGES[:-1]], lang, dimension),
        ]
        for row in records(page.by_city)
    ]
    sums = [int(page.by_city[stage].sum()) for stage in STAGES[:-1]]
    heads = ("col-city", *(f"stage-of-{stage}>" for stage in STAGES[:-1]))
    totals = [context.text("plan-sum"), *amounts(sums, lang, dimension)] if rows else ()
    shown = table(context, heads, rows, "accounts-no-claim", "", totals)
    return card(context.text("accounts-by-city"), [shown], "card-cities", _unit(context, element))


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
        for entry in pool_entries(pool)
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
    return card(title, [table(context, heads, rows, "accounts-no-entry")], "card-entries", _unit(context, element))


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


def _recovery(context: Context, page: AccountsPage, element: str, by: date) -> dmc.Card:
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
    return card(title, content, "card-recovery", context.text("accounts-recovery-note"))


def register_callbacks(app: Dash) -> None:
    """The forms' business."""
    accounts_forms.register_callbacks(app)
