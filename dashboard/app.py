"""Make the dashboard for an engine: the pages that its rooms name, one router, no page found by itself."""

from pathlib import Path
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from flask import Flask, Response, request
from sqlalchemy import Engine

from dashboard import faults, guard, session_clock, sign_in, typed_text
from dashboard.components.states import forbidden, not_found
from dashboard.context import Context, referred_context, request_context
from dashboard.data import is_somebody
from dashboard.menu import crumbs
from dashboard.origin import install
from dashboard.pages import PAGES, page_at
from dashboard.shell import shell
from portfolio.core.errors import ForbiddenError, NotFoundError, PortfolioError
from portfolio.core.i18n import error_text
from portfolio.core.settings import body_limit
from portfolio.people.door import CSRF_COOKIE, CSRF_HEADER

FOLDER = Path(__file__).parent
MAX_AGE = 365 * 24 * 3600
INDEX = """<!DOCTYPE html>
<html lang="__LANG__" data-mantine-color-scheme="__THEME__">
<head>
{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{%title%}</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
{%css%}
</head>
<body data-ag-theme-mode="__THEME__">{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


class PortfolioDash(Dash):
    """Dash whose document carries the reader's language and theme before any script runs."""

    def interpolate_index(self, *parts: Any, **named: Any) -> str:
        """The index page in the language and theme of the request's cookies."""
        context = request_context()
        named["title"] = context.text("product")
        page: str = super().interpolate_index(*parts, **named)
        language = "zh-CN" if context.lang == "zh" else "en"
        return page.replace("__LANG__", language).replace("__THEME__", context.theme)


def create_dashboard(engine: Engine) -> PortfolioDash:
    """The dashboard on `engine`; call it as often as you like."""
    server: Any = Flask("dashboard", static_folder=None)
    server.config["engine"] = engine
    # A callback carries a file as base64 text, which is a third longer.
    server.config["MAX_CONTENT_LENGTH"] = body_limit() * 3 // 2
    # First of all: the guard judges a caller by the address that the origin tells.
    install(server)
    guard.install(server)
    sign_in.install(server)
    typed_text.install(server)
    session_clock.install(server)
    app = PortfolioDash(
        "dashboard",
        server=server,
        assets_folder=str(FOLDER / "assets"),
        index_string=INDEX,
        serve_locally=True,
        suppress_callback_exceptions=True,
        update_title="",
        meta_tags=[],
        add_log_handler=False,
        on_error=faults.of_callback,
        csrf_token_name=CSRF_COOKIE,
        csrf_header_name=CSRF_HEADER,
    )
    faults.install(app)
    app.layout = _document
    _register_router(app)
    for page in PAGES:
        if page.callbacks:
            page.callbacks(app)
    server.after_request(_cache_assets)
    return app


def render(context: Context) -> Any:
    """The content of the page at the context's path; what a person may correct becomes a page that says what to do."""
    try:
        return _page(context)
    except NotFoundError as error:
        return not_found(context, error_text(error.code, context.lang, error.params))
    except ForbiddenError as error:
        return forbidden(context, error_text(error.code, context.lang, error.params))
    except PortfolioError as error:
        return not_found(context, error_text(error.code, context.lang, error.params))


def _page(context: Context) -> Any:
    found = page_at(context.path)
    if found is None:
        return not_found(context, context.path)
    page, parts = found
    shown, way = page.layout(context, *parts), crumbs(context)
    return [way, shown] if way else shown


def _document() -> Any:
    """The document with its first page already in it, so that nothing flashes and no second request is needed."""
    # Dash asks once while it sets itself up, at whatever request comes first: that one shows nobody anything, and must
    # not fail, for it would not be set up again.
    if not request or request.path != faults.LAYOUT or not is_somebody():
        return html.Div(id="content")
    context = referred_context()
    search = request.headers.get("Referer", "").partition("?")[2]
    return shell(context, render(context), _address(context.path, f"?{search}" if search else ""))


def _address(path: str | None, search: str | None) -> str:
    return (path or "/") + (search or "")


def _register_router(app: Dash) -> None:
    @app.callback(
        Output("content", "children"),
        Output("rendered", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        State("rendered", "data"),
        on_error=faults.of_page,
    )
    def route(path: str | None, search: str | None, rendered: str) -> Any:
        address = _address(path, search)
        if address == rendered:
            return no_update, no_update
        return render(request_context(path or "/", search or "")), address

    app.clientside_callback(
        """function(_, path, opened) {
            const was = window.dash_clientside.callback_context.triggered[0];
            const open = was && was.prop_id.startsWith('burger') ? opened : false;
            return [{width: 200, breakpoint: 'sm', collapsed: {mobile: !open}}, open];
        }""",
        Output("shell", "navbar"),
        Output("burger", "opened"),
        Input("burger", "opened"),
        Input("url", "pathname"),
        State("burger", "opened"),
        prevent_initial_call=True,
    )
    app.clientside_callback(ClientsideFunction("menu", "follow"), Output("menu", "className"), Input("url", "pathname"))
    for name, cookie in (("switch-language", "lang"), ("switch-theme", "theme")):
        app.clientside_callback(
            f"""function(clicks, next) {{
                if (clicks) {{
                    document.cookie = '{cookie}=' + next + ';path=/;max-age=31536000;samesite=lax';
                    location.reload();
                }}
                return window.dash_clientside.no_update;
            }}""",
            Output(name, "id"),
            Input(name, "n_clicks"),
            State(name, "data-next"),
            prevent_initial_call=True,
        )


def _cache_assets(response: Response) -> Response:
    """Assets and component bundles carry a fingerprint in their address: the browser may keep them for a year."""
    fingerprinted = request.path.startswith("/assets/") and "m" in request.args
    if fingerprinted or request.path.startswith("/_dash-component-suites/"):
        response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}, immutable"
    return response
