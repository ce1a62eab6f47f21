"""The frame around every page: header, navigation, switches of language and theme."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.line import line
from dashboard.components.way_out import sign_out
from dashboard.context import Context
from dashboard.data import known, may, mine
from dashboard.menu import LISTED, landing, menu
from dashboard.palette import FONT, LATIN
from dashboard.questions import people as questions
from portfolio.access.rules import offers

THEME = {
    "primaryColor": "blue",
    "primaryShade": {"light": 8, "dark": 5},
    "defaultRadius": "sm",
}


def theme(context: Context) -> dict[str, Any]:
    """The look, and what holds of every input: a chosen option stays chosen when it is clicked again.

    Where nothing may be chosen, a list is `clearable`: its button has a name and is reached by keyboard.
    """
    button = {"aria-label": context.text("clear"), "aria-hidden": False, "tabIndex": 0}
    clearing = {name: {"defaultProps": {"clearButtonProps": button}} for name in ("MultiSelect", "DateInput")}
    select = {"defaultProps": {"allowDeselect": False, "clearButtonProps": button}}
    # A click beside a dialog is a slip: it must not throw away what was typed in it.
    dialog = {"defaultProps": {"closeOnClickOutside": False}}
    font = LATIN + FONT if context.lang == "en" else FONT
    fonts = {"fontFamily": font, "headings": {"fontFamily": font}}
    return {**THEME, **fonts, "components": {**clearing, "Select": select, "Modal": dialog}}


def shell(context: Context, content: Any, rendered: str) -> dmc.MantineProvider:
    """The whole document: `content` is the page already made for `rendered` (path and query)."""
    shown = [page.path for page in LISTED if page.needs is None or may(page.needs)]
    return _document(context, [*_lens(context), _loading(content)], rendered, _who(context), shown)


def bare_shell(context: Context, content: Any, rendered: str) -> dmc.MantineProvider:
    """The document around a fault: it asks the database nothing, so it says no name and counts no badge."""
    return _document(context, [_loading(content)], rendered, [], offered())


def offered() -> list[str]:
    """The addresses that the menu offers, as far as this request has found out already who is there."""
    found = known()
    return [
        page.path for page in LISTED if page.needs is None or (found is not None and offers(found.actor, page.needs))
    ]


def _document(
    context: Context, main: list[Any], rendered: str, who: list[Any], shown: Sequence[str]
) -> dmc.MantineProvider:
    parts = [
        dcc.Location(id="url", refresh="callback-nav"),
        dcc.Store(id="rendered", data=rendered),
        html.A(context.text("skip"), href="#content", className="skip"),
        dmc.NotificationContainer(id="notices", position="top-right"),
        line(context),
        dmc.AppShell(
            [
                dmc.AppShellHeader(_header(context, who)),
                dmc.AppShellNavbar(menu(context, shown, _first()), p="sm", id="navbar"),
                dmc.AppShellMain(main),
            ],
            id="shell",
            header={"height": 56},
            navbar={"width": 200, "breakpoint": "sm", "collapsed": {"mobile": True}},
            padding="md",
        ),
    ]
    return dmc.MantineProvider(parts, theme=theme(context), forceColorScheme=context.theme, id="provider")


def _first() -> str:
    """The page with which the reader's role begins its day, as far as it is known who is there."""
    found = known()
    return landing(found.actor.role) if found else "/"


def _loading(content: Any) -> dcc.Loading:
    return dcc.Loading(
        html.Div(content, id="content", tabIndex="-1"),
        delay_show=250,
        type="dot",
        id="loading",
        overlay_style={"visibility": "visible", "opacity": 0.5},
    )


def _header(context: Context, who: list[Any]) -> dmc.Group:
    other = "en" if context.lang == "zh" else "zh"
    dark = context.theme == "dark"
    title = dmc.Anchor(
        [html.Span(className="mark", **aria(hidden="true")), html.Span(context.text("product"), className="product")],
        href="/",
        refresh=False,
        underline="never",
        className="brand",
    )
    switches = dmc.Group(
        [
            *who,
            dmc.Button(
                html.Span(context.text("switch-language"), className="wide"),
                id="switch-language",
                variant="subtle",
                size="compact-md",
                leftSection=icon("language"),
                **{"data-next": other, "aria-label": context.text("switch-language")},
            ),
            dmc.ActionIcon(
                icon("sun" if dark else "moon"),
                id="switch-theme",
                variant="subtle",
                size="lg",
                **{
                    "data-next": "light" if dark else "dark",
                    "aria-label": context.text("switch-to-light" if dark else "switch-to-dark"),
                },
            ),
        ],
        gap="xs",
        wrap="nowrap",
    )
    burger = dmc.Burger(id="burger", size="sm", hiddenFrom="sm", opened=False, **aria(label=context.text("menu")))
    return dmc.Group(
        [dmc.Group([burger, title], wrap="nowrap"), switches], justify="space-between", h="100%", px="md", wrap="nowrap"
    )


def _lens(context: Context) -> list[Any]:
    """Which projects a reader of a part sees, so that no count or absence below is taken for the whole."""
    scope = mine()
    if scope.everything:
        return []
    kinds = (("unit", scope.office_units), ("lead", scope.lead_units), ("city", scope.cities))
    whose = [context.text(f"shell-lens-{kind}") for kind, held in kinds if held]
    joined = (" or " if context.lang == "en" else "或").join(whose)
    words = context.text("shell-lens", whose=joined) if whose else context.text("shell-lens-nothing")
    return [html.P(words, className="quiet lens", id="lens")]


def _who(context: Context) -> list[Any]:
    """Who is signed in, as what and of which unit, with the way to the account and out."""
    badge = questions.badge(context.lang)
    if not badge.name:
        return []
    text = context.text
    role = context.listed(part for part in (text(f"role-{badge.role}"), badge.unit) if part)
    label = text("shell-who", name=badge.name, role=role)
    mark = [dmc.Badge(text("shell-demonstration"), color="yellow", variant="light", tt="none", visibleFrom="lg")]
    account = dmc.Anchor(
        [icon("users"), html.Span(label, className="wide")],
        href="/account",
        refresh=False,
        className="who",
        size="sm",
        **aria(label=f"{text('nav-account')} {label}"),
    )
    return [*(mark if badge.demonstration else []), account, html.Div(sign_out(context), className="wide")]
