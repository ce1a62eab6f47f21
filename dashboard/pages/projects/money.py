"""A project's money: each number's life on one line, review, published checks, instruments, financing records."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.behind import total
from dashboard.components.amounts import amount
from dashboard.components.answers import NotANumber, typed
from dashboard.components.aria import aria
from dashboard.components.links import card
from dashboard.components.offers import changing
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.pages.projects import yearly
from dashboard.questions.project import MoneyTab, add_record, drop_record, money_tab
from portfolio.core.formatting import headline_words, number
from portfolio.core.frames import records
from portfolio.core.units import from_base
from portfolio.finance.financing import INSTRUMENTS, REGIMES, STATUSES
from portfolio.finance.rules.books import MARKET, by_code, level_of
from portfolio.finance.rules.funding import Check, Suggestion
from portfolio.vocabulary.codes import label
from portfolio.vocabulary.tree import ElementTree

STAGES = ("asked", "reserved", "granted", "delivered", "used")
MARK = {True: "yes", False: "no", None: "unknown"}
FORM = (
    "instrument",
    "amount",
    "year",
    "term",
    "partner",
    "status",
    "regime",
    "use",
    "cover",
    "libraries",
    "payment",
    "doc",
)


def content(context: Context, code: str) -> list[Any]:
    """The tab."""
    tab = money_tab(code)
    half = {"base": 12, "lg": 6}
    return [
        dmc.GridCol(_life(context, tab), span=12),
        dmc.GridCol(_checks(context, tab), span=half),
        dmc.GridCol(_suggestions(context, tab), span=half),
        dmc.GridCol(_review(context, tab), span=12),
        dmc.GridCol(yearly.content(context, tab), span=12),
        dmc.GridCol(_records(context, tab), span=12),
    ]


def life_table(
    context: Context,
    rows: list[dict[str, Any]],
    names: dict[str, str],
    dimension: str,
    stages: tuple[str, ...] = STAGES,
) -> Any:
    """One line a number: asked → (proposed →) reserved → granted → delivered → used."""
    shown = [
        [
            names[row["item"]],
            str(row["year"]),
            *[amount(row[stage], context.lang, dimension) for stage in stages],
            _share(context, row["granted"], row["asked"]),
        ]
        for row in rows
    ]
    heads = ("column-needs-item", "column-needs-year", *(f"stage-of-{stage}>" for stage in stages), "life-share")
    return table(context, heads, shown, "life-none")


def _share(context: Context, granted: int, asked: int) -> Any:
    value = min(100, granted * 100 // asked) if asked else 0
    label = aria(label=f"{context.text('life-share')} {value}%")
    return dmc.Progress(value=value, size="sm", w=90, color="teal" if value >= 100 else "blue", **label)


def _life(context: Context, tab: MoneyTab) -> dmc.Card:
    year = context.value("year")
    held = [row for row in records(tab.life) if not year or str(row["year"]) == year]
    rows = sorted(held, key=lambda row: (row["year"], row["item"]))
    names = {row["item"]: tab.tree.by_code[row["item"]].name(context.lang) for row in rows}
    proposed = _proposed(tab)
    for row in rows:
        row["proposed"] = proposed.get((row["item"], row["year"]))
    return card(
        context.text("life-money"),
        [
            life_table(context, rows, names, "money", ("asked", "proposed", *STAGES[1:])),
            _life_sums(context, rows, year, tab.tree),
        ],
        "card-life",
        context.text("unit-wan-note"),
    )


def _life_sums(context: Context, rows: list[dict[str, Any]], year: str, tree: ElementTree) -> html.Div:
    """Below the lines: what is asked and granted, of the year the address names or of all, and the gap."""
    sums: dict[str, int | None] = dict.fromkeys(("asked", "granted", "gap_fiscal"))
    if rows:
        asked, granted = (sum(row[stage] for row in rows) for stage in ("asked", "granted"))
        sums = {"asked": asked, "granted": granted, "gap_fiscal": _fiscal_gap(rows, tree)}
    words = {"asked": "stage-of-asked", "granted": "stage-of-granted", "gap_fiscal": "finance-gap-fiscal"}
    parts: list[Any] = [year or context.text("plan-sum")]
    for name, value in sums.items():
        said = html.Strong(headline_words(value, "money", context.lang), **total(name, value))
        parts += [" · ", context.text(words[name]), " ", said]
    return html.Div(parts, className="sums")


def _fiscal_gap(rows: list[dict[str, Any]], tree: ElementTree) -> int:
    """What finance was asked and did not grant, each year by itself: what others are to bring is no gap of its own."""
    left: dict[int, int] = {}
    for row in rows:
        paying = level_of(tree.leaves_under(row["item"])[0].code)  # levels are told of leaves
        asked = row["asked"] if paying != MARKET else 0
        left[row["year"]] = left.get(row["year"], 0) + asked - row["granted"]
    return sum(max(0, amount) for amount in left.values())


def _proposed(tab: MoneyTab) -> dict[tuple[str, int], int]:
    """What the newest round that covers a year proposes, by source; nothing where nothing was decided."""
    found: dict[tuple[str, int], int] = {}
    newest: dict[int, str] = {}
    for line in tab.lines:
        held = newest.setdefault(line["year"], line["round"])
        if line["proposed"] is not None and line["round"] == held:
            key = (tab.tree.at_depth(line["item"], 1).code, line["year"])
            found[key] = found.get(key, 0) + line["proposed"]
    return found


def _checks(context: Context, tab: MoneyTab) -> dmc.Card:
    rows = []
    for one in tab.checks:
        rule = by_code("checks")[one.code]
        mark = html.Span(context.text(f"check-is-{MARK[one.ok]}"), className=MARK[one.ok])
        note = context.text(f"check-note-{one.note}") if one.note else ""
        rows.append(
            [context.text(f"check-{one.code}"), mark, _value(context, one), note, rule[f"source_{context.lang}"]]
        )
    heads = ("check-rule", "check-answer", "check-value", "review-note", "check-source")
    return card(context.text("checks-title"), [table(context, heads, rows, "life-none")], "card-checks")


def _value(context: Context, one: Check) -> str:
    def shown(text: str | None) -> str:
        if not text:
            return "—"
        if one.unit == "wan_yuan":
            return number(from_base(int(text), "wan_yuan"), context.lang, 4)
        if one.unit == "list":
            return by_code("bond_uses")[text][f"name_{context.lang}"]
        return text + ("%" if one.unit == "percent" else "")

    return f"{shown(one.value)} / {shown(one.limit)}" if one.limit else shown(one.value)


def _suggestions(context: Context, tab: MoneyTab) -> dmc.Card:
    rows = [
        [
            by_code("instruments")[one.code][f"name_{context.lang}"],
            html.Span(context.text(f"suggest-{MARK[one.qualifies]}"), className=MARK[one.qualifies]),
            _why(context, one),
        ]
        for one in tab.suggestions
    ]
    heads = ("suggest-instrument", "suggest-answer", "suggest-why")
    note = context.text("suggest-note")
    return card(context.text("suggest-title"), [table(context, heads, rows, "life-none")], "card-suggestions", note)


def _why(context: Context, one: Suggestion) -> Any:
    parts = []
    for kind, tokens in (("failed", one.failed), ("unknown-words", one.unknown)):
        if tokens:
            words = context.listed(_token(context, token) for token in tokens)
            parts.append(html.Div(context.text(f"suggest-{kind}", conditions=words)))
    if not parts:
        parts.append(html.Div(context.listed(_token(context, token) for token in one.met)))
    return parts


def _token(context: Context, token: str) -> str:
    for sign in (">=", "="):
        name, found, wanted = token.partition(sign)
        if found:
            return context.text(f"require-{name}", wanted=_wanted(context, name, wanted))
    return context.text(f"require-{token}")


def _wanted(context: Context, name: str, wanted: str) -> str:
    lists = {"sector": "sectors", "approval_type": "approval_types", "stage": "stages"}
    if name in lists:
        return context.listed(label(lists[name], code, context.lang) for code in wanted.split("|"))
    return wanted


def _review(context: Context, tab: MoneyTab) -> dmc.Card:
    reasons = by_code("reasons")
    rows = []
    for line in tab.lines:
        last = next((s for s in reversed(tab.steps.get(line["id"], [])) if s["reason"] or s["note"]), None)
        why = (
            ""
            if last is None
            else " ".join(
                part
                for part in (reasons[last["reason"]][f"name_{context.lang}"] if last["reason"] else "", last["note"])
                if part
            )
        )
        rows.append(
            [
                line["round"],
                tab.tree.by_code[line["item"]].name(context.lang),
                str(line["year"]),
                *[amount(line[name], context.lang) for name in ("asked", "proposed", "granted")],
                context.text(f"review-state-{line['state']}"),
                why,
            ]
        )
    heads = (
        "review-round",
        "column-needs-item",
        "finance-year",
        "review-sum-asked>",
        "review-sum-proposed>",
        "review-sum-granted>",
        "review-states",
        "review-reason",
    )
    return card(context.text("review-of-project"), [table(context, heads, rows, "review-none")], "card-review")


def _records(context: Context, tab: MoneyTab) -> dmc.Card:
    rows = [
        [
            context.text(f"instrument-{one['instrument']}"),
            amount(one["amount_yuan"], context.lang),
            str(one["first_year"]) + (f" +{one['term_years']}" if one["term_years"] else ""),
            one["partner"],
            context.text(f"financing-{one['status']}"),
            "" if one["cover_milli"] is None else number(one["cover_milli"] / 1000, context.lang, 2),
            one["doc_no"],
            _numbered(context, tab, one["id"]),
        ]
        for one in tab.records
    ]
    heads = (
        "suggest-instrument",
        "review-amount>",
        "financing-term",
        "financing-partner",
        "column-steps-status",
        "financing-cover>",
        "column-pools-doc_no",
        "financing-number>",
    )
    parts = [
        table(context, heads, rows, "financing-none"),
        changing(context, "financing.edit", _form(context), tab.project),
        html.Div(id="financing-result", role="status"),
    ]
    return card(context.text("financing-title"), parts, "card-financing", context.text("unit-wan-note"))


def _numbered(context: Context, tab: MoneyTab, number_: int) -> str:
    """The number by which a record is taken away; one that is only proposed, or changed by a proposal, says so."""
    return f"{number_} {context.text('proposal-mark')}" if number_ in tab.proposed else str(number_)


def _form(context: Context) -> html.Div:
    text, name = context.text, f"name_{context.lang}"
    instruments = [{"value": one, "label": text(f"instrument-{one}")} for one in INSTRUMENTS]
    status = [{"value": one, "label": text(f"financing-{one}")} for one in STATUSES]
    regimes = [{"value": one, "label": text(f"regime-{one}")} for one in REGIMES]
    uses = [{"value": code, "label": row[name]} for code, row in by_code("bond_uses").items()]
    libraries = [{"value": one, "label": text(f"library-{one}")} for one in ("national", "debt")]
    return html.Div(
        [
            dmc.Select(id="fin-instrument", label=text("suggest-instrument"), data=instruments, value="special_bond"),
            dmc.TextInput(id="fin-amount", label=text("review-amount")),
            dmc.NumberInput(id="fin-year", label=text("finance-year"), min=2000, max=2060),
            dmc.NumberInput(id="fin-term", label=text("financing-years"), min=1, max=60),
            dmc.TextInput(id="fin-partner", label=text("financing-partner")),
            dmc.Select(id="fin-status", label=text("column-steps-status"), data=status, value="planned"),
            dmc.Select(id="fin-regime", label=text("financing-regime"), data=regimes, clearable=True),
            dmc.Select(id="fin-use", label=text("financing-use"), data=uses, clearable=True, searchable=True),
            dmc.TextInput(id="fin-cover", label=text("financing-cover")),
            dmc.MultiSelect(id="fin-libraries", label=text("financing-libraries"), data=libraries),
            dmc.TextInput(id="fin-payment", label=f"{text('financing-payment')} ({text('unit-wan_yuan')})"),
            dmc.TextInput(id="fin-doc", label=text("column-pools-doc_no")),
            dmc.Button(text("financing-add"), id="fin-add"),
            dmc.TextInput(id="fin-drop-number", label=text("financing-number")),
            dmc.Button(text("financing-drop"), id="fin-drop", variant="default"),
        ],
        className="form",
    )


def _values(given: dict[str, Any]) -> dict[str, Any]:
    libraries = given["libraries"] or []
    bond = given["instrument"] == "special_bond"
    try:
        cover = round(float(given["cover"]) * 1000) if (given["cover"] or "").strip() else None
    except ValueError:
        raise NotANumber(given["cover"]) from None
    return {
        "instrument": given["instrument"],
        "amount_yuan": typed(given["amount"]),
        "first_year": given["year"] or None,
        "term_years": given["term"] or None,
        "partner": given["partner"] or "",
        "status": given["status"],
        "regime": given["regime"] or "",
        "bond_use": given["use"] or "",
        "cover_milli": cover,
        "in_national_library": "national" in libraries if bond else None,
        "in_debt_library": "debt" in libraries if bond else None,
        "annual_payment_yuan": typed(given["payment"]),
        "doc_no": given["doc"] or "",
    }


def register_callbacks(app: Dash) -> None:
    """Add and remove financing records; the form of the years."""
    yearly.register_callbacks(app)

    adding = Form(
        by=(Input("fin-add", "n_clicks"),),
        reads=(State("project-code", "data"), *(State(f"fin-{name}", "value") for name in FORM)),
        said="financing-result",
    )
    dropping = Form(
        by=(Input("fin-drop", "n_clicks"),),
        reads=(State("fin-drop-number", "value"), State("project-code", "data")),
        said="financing-result",
    )

    @on_submit(app, adding)
    def add(context: Context, code: str, *given: Any) -> Done:
        add_record(code, _values(dict(zip(FORM, given, strict=True))))
        return Done(context.text("saved"))

    @on_submit(app, dropping)
    def drop(_context: Context, asked: str, code: str) -> Done:
        drop_record(code, int(asked) if (asked or "").isdigit() else 0)
        return Done()
