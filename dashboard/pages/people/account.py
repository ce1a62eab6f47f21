"""My account: password, second step, tokens, sessions."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, html

from dashboard.components.links import card
from dashboard.components.table import table
from dashboard.components.way_out import sign_out
from dashboard.context import Context
from dashboard.data import me
from dashboard.form import Done, Form, on_submit
from dashboard.questions import people as questions
from portfolio.access.rules import actions, offers
from portfolio.core.clock import LOCAL_ZONE
from portfolio.people.account import Enrolment, NewToken


def layout(context: Context) -> Any:
    """The page."""
    page = questions.account_page()
    cards = [_password(context, page), _second(context, page), _tokens(context, page), _sessions(context, page)]
    title = dmc.Title(context.text("account-title"), order=1, size="h3")
    top = dmc.Group([title, sign_out(context)], justify="space-between", mb="sm")
    return html.Div([top, dmc.SimpleGrid(cards, cols={"base": 1, "lg": 2}, spacing="md")])


def moment(at: Any) -> str:
    """An instant as people here read it, to the minute."""
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if at else "—"


def _password(context: Context, page: questions.AccountPage) -> dmc.Card:
    text = context.text
    if page.user.password_hash is None:
        return card(text("account-password"), [dmc.Text(text("account-no-password"))], "card-password")
    fields = [
        dmc.PasswordInput(id="own-old", label=text("sign-in-old")),
        dmc.PasswordInput(id="own-new", label=text("sign-in-new")),
        dmc.Button(text("account-change"), id="own-change"),
    ]
    content = [html.Div(fields, className="form"), html.Div(id="own-result", role="status")]
    return card(text("account-password"), content, "card-password", text("account-password-note"))


def _second(context: Context, page: questions.AccountPage) -> dmc.Card:
    text = context.text
    if page.user.totp_on:
        content = [
            dmc.Text(text("account-second-on", count=str(page.codes_left)), id="second-count"),
            html.Div(
                [
                    dmc.PasswordInput(id="second-password", label=text("sign-in-pass")),
                    dmc.Button(text("account-codes-renew"), id="second-codes", variant="default"),
                    dmc.Button(text("account-second-off"), id="second-off", variant="default"),
                ],
                className="form",
            ),
            html.Div(id="second-result", role="status"),
        ]
    else:
        content = [
            dmc.Text(text("account-second-is-off")),
            dmc.Button(text("account-second-start"), id="second-start", mt="sm"),
            html.Div(id="second-form"),
            html.Div(id="second-result", role="status"),
        ]
    return card(text("sign-in-second"), content, "card-second", text("account-second-note"))


def _enrolment(context: Context, made: Enrolment) -> html.Div:
    text = context.text
    picture = html.Iframe(srcDoc=made.svg, title=text("account-qr"), className="qr")
    fields = [
        dmc.TextInput(id="second-code", label=text("sign-in-code")),
        dmc.Button(text("account-second-confirm"), id="second-confirm"),
    ]
    return html.Div([picture, html.Code(made.secret), html.Div(fields, className="form")])


def _tokens(context: Context, page: questions.AccountPage) -> dmc.Card:
    text = context.text
    rows = [
        [
            row["name"],
            f"{row['hint']}…",
            text("token-writes" if row["may_write"] else "token-reads"),
            moment(row["expires_at"]),
            moment(row["used_at"]),
            dmc.Button(
                text("token-revoke"), id={"type": "token-revoke", "id": row["id"]}, size="compact-xs", variant="default"
            ),
        ]
        for row in page.tokens
    ]
    heads = ("token-name", "token-hint", "token-kind", "token-until", "token-used", "token-revoke")
    chosen = sorted(action for action in actions() if offers(me(), action))
    fields = [
        dmc.TextInput(id="token-name", label=text("token-name")),
        dmc.NumberInput(id="token-days", label=text("token-days"), value=90, min=1, max=366),
        dmc.MultiSelect(id="token-actions", label=text("token-actions"), data=chosen, searchable=True),
        dmc.Checkbox(id="token-write", label=text("token-writes"), checked=False),
        dmc.Button(text("token-make"), id="token-make"),
    ]
    content = [table(context, heads, rows, "token-none"), html.Div(fields, className="form")]
    content.append(html.Div(id="token-result", role="status"))
    return card(text("token-title"), content, "card-tokens", text("token-note"))


def _sessions(context: Context, page: questions.AccountPage) -> dmc.Card:
    rows = [
        [moment(row["started_at"]), moment(row["seen_at"]), row["address"], row["agent"][:60]] for row in page.sessions
    ]
    heads = ("session-started", "session-seen", "session-address", "session-agent")
    out = dmc.Button(context.text("session-end-all"), id="session-end-all", color="red", variant="light", mt="sm")
    content = [table(context, heads, rows, "token-none"), out]
    return card(context.text("session-title"), content, "card-sessions", context.text("session-note"))


def _shown_once(context: Context, key: str, lines: list[str]) -> dmc.Alert:
    return dmc.Alert([html.Pre("\n".join(lines))], title=context.text(key), color="teal", mt="sm")


def register_callbacks(app: Dash) -> None:
    """Every form of the page."""
    _register_password(app)
    _register_second(app)
    _register_codes(app)
    _register_tokens(app)


def _register_password(app: Dash) -> None:
    form = Form(
        by=(Input("own-change", "n_clicks"),),
        reads=(State("own-old", "value"), State("own-new", "value")),
        said="own-result",
        leads="",
        shows=(Output("own-old", "value"), Output("own-new", "value")),
    )

    @on_submit(app, form)
    def change(context: Context, old: str | None, new: str | None) -> Done:
        questions.change_password(old or "", new or "")
        return Done(context.text("account-changed"), shown=("", ""))

    @on_submit(app, Form(by=(Input("session-end-all", "n_clicks"),), leads="href"))
    def end_all(_context: Context) -> Done:
        questions.sign_out_everywhere()
        return Done(to="/sign-in")


def _register_second(app: Dash) -> None:
    enrolment = Output("second-form", "children", allow_duplicate=True)
    starting = Form(by=(Input("second-start", "n_clicks"),), said="second-result", leads="", shows=(enrolment,))
    confirming = Form(
        by=(Input("second-confirm", "n_clicks"),),
        reads=(State("second-code", "value"),),
        said="second-result",
        leads="",
        shows=(enrolment,),
    )
    ending = Form(
        by=(Input("second-off", "n_clicks"),), reads=(State("second-password", "value"),), said="second-result"
    )

    @on_submit(app, starting)
    def start(context: Context) -> Done:
        return Done(shown=[_enrolment(context, questions.begin_second())])

    @on_submit(app, confirming)
    def confirm(context: Context, code: str | None) -> Done:
        codes = questions.confirm_second(code or "")
        return Done(said=_shown_once(context, "sign-in-codes-note", codes), shown=[None])

    @on_submit(app, ending)
    def off(_context: Context, password: str | None) -> Done:
        questions.second_off(password or "")
        return Done()


def _register_codes(app: Dash) -> None:
    form = Form(
        by=(Input("second-codes", "n_clicks"),),
        reads=(State("second-password", "value"),),
        said="second-result",
        leads="",
        shows=(Output("second-count", "children"), Output("second-password", "value")),
    )

    @on_submit(app, form)
    def renew(context: Context, password: str | None) -> Done:
        codes = questions.renew_codes(password or "")
        count = context.text("account-second-on", count=str(len(codes)))
        return Done(said=_shown_once(context, "sign-in-codes-note", codes), shown=(count, ""))


def _register_tokens(app: Dash) -> None:
    form = Form(
        by=(Input("token-make", "n_clicks"),),
        reads=(
            State("token-name", "value"),
            State("token-days", "value"),
            State("token-actions", "value"),
            State("token-write", "checked"),
        ),
        said="token-result",
        leads="",
    )

    @on_submit(app, form)
    def make(context: Context, name: str | None, days: Any, chosen: list[str] | None, writes: bool) -> Done:
        secret = questions.make_token(NewToken(name or "", int(days or 0), bool(writes), tuple(chosen or ())))
        return Done(said=_shown_once(context, "token-made", [secret]))

    @on_submit(app, Form(by=(Input({"type": "token-revoke", "id": ALL}, "n_clicks"),)))
    def revoke(context: Context) -> Done:
        questions.revoke_token(int(ctx.triggered_id["id"]))
        return Done(context.text("token-revoked"))
