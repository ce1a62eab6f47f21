"""The frame around every page: header, navigation, switches of language and theme."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.context import Context
from dashboard.palette import FONT

NAVIGATION = (
    ("/", "overview", "layout-dashboard"),
    ("/projects", "library", "list-search"),
    ("/editions", "editions", "refresh"),
    ("/tasks", "tasks", "list-check"),
    ("/finance", "finance", "coin"),
    ("/accounts", "accounts", "map-2"),
    ("/readiness", "readiness", "clock"),
    ("/exchange", "exchange", "table-import"),
    ("/journal", "journal", "history"),
)
THEME = {
    "fontFamily": FONT,
    "headings": {"fontFamily": FONT},
    "primaryColor": "blue",
    "primaryShade": {"light": 8, "dark": 5},
    "defaultRadius": "sm",
}


def shell(context: Context, content: Any, rendered: str) -> dmc.MantineProvider:
    """The whole document: `content` is the page already made for `rendered` (path and query)."""
    parts = [
        dcc.Location(id="url", refresh="callback-nav"),
        dcc.Store(id="rendered", data=rendered),
        html.A(context.text("skip"), href="#content", className="skip"),
        dmc.NotificationContainer(id="notices", position="top-right"),
        dmc.AppShell(
            [
                dmc.AppShellHeader(_header(context)),
                dmc.AppShellNavbar(_links(context), p="sm"),
                dmc.AppShellMain(
                    dcc.Loading(
                        html.Div(content, id="content", tabIndex="-1"),
                        delay_show=250,
                        type="dot",
                        id="loading",
                        overlay_style={"visibility": "visible", "opacity": 0.5},
                    )
                ),
            ],
            id="shell",
            header={"height": 56},
            navbar={"width": 200, "breakpoint": "sm", "collapsed": {"mobile": True}},
            padding="md",
        ),
    ]
    return dmc.MantineProvider(parts, theme=THEME, forceColorScheme=context.theme, id="provider")


def _header(context: Context) -> dmc.Group:
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


def _links(context: Context) -> html.Nav:
    links = [
        dmc.NavLink(
            label=context.text(f"nav-{name}"),
            href=path,
            leftSection=icon(symbol),
            refresh=False,
            active="exact" if path == "/" else "partial",
        )
        for path, name, symbol in NAVIGATION
    ]
    api = dmc.NavLink(label=context.text("nav-api"), href="/api/docs", leftSection=icon("api"), refresh=True)
    return html.Nav([*links, api], **aria(label=context.text("menu")))
