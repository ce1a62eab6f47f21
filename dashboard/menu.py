"""The menu in groups, and the way back from an inner page; both from what the rooms say of their pages."""

from collections.abc import Collection, Iterator
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.context import Context
from dashboard.page import GROUPS, Page
from dashboard.pages import PAGES, page_at

LISTED = tuple(page for page in PAGES if page.nav)


def landing(role: str) -> str:
    """Where a role begins its day: leaders with the overview, all others with what is expected of them."""
    return "/" if role == "leader" else "/home"


def grouped(shown: Collection[str], first: str = "/") -> Iterator[tuple[str, list[Page]]]:
    """The groups that hold a page of the addresses `shown`, with those pages; the page `first` leads its group."""
    for group in GROUPS:
        pages = [page for page in LISTED if page.nav and page.nav.group == group and page.path in shown]
        if pages:
            yield group, sorted(pages, key=lambda page: (page.path != first, page.nav.rank if page.nav else 0))


def menu(context: Context, shown: Collection[str], first: str = "/") -> html.Nav:
    """The groups as parts that fold, each with its links; the documents of the API close the last one."""
    links = {group: [_link(context, page) for page in pages] for group, pages in grouped({*shown}, first)}
    links[GROUPS[-1]] = [*links.get(GROUPS[-1], ()), _api(context)]
    folds = [_fold(context, group, held) for group, held in links.items()]
    return html.Nav(folds, id="menu", **aria(label=context.text("menu")))


def _fold(context: Context, group: str, links: list[Any]) -> html.Details:
    head = html.Summary([icon("chevron-right", 14), html.Span(context.text(f"menu-{group}"))])
    marked: Any = {"data-group": group}
    return html.Details([head, *links], open=True, className="fold", **marked)


def _link(context: Context, page: Page) -> dmc.NavLink:
    assert page.nav
    return dmc.NavLink(
        label=name_of(context, page),
        href=page.path,
        leftSection=icon(page.nav.icon),
        refresh=False,
        active="exact" if page.path == "/" else "partial",
    )


def _api(context: Context) -> dmc.NavLink:
    return dmc.NavLink(label=context.text("nav-api"), href="/api/docs", leftSection=icon("api"), refresh=True)


def crumbs(context: Context) -> html.Nav | None:
    """The pages above the context's one, the menu's group first; None on a page of the menu and where there is none."""
    found = page_at(context.path)
    if found is None or found[0].above is None:
        return None
    page, parts = found
    steps = [*_above(context, page.above, parts), html.Span(name_of(context, page, parts), **aria(current="page"))]
    return html.Nav(
        html.Ol([html.Li(step) for step in steps]), className="crumbs", **aria(label=context.text("crumbs"))
    )


def _above(context: Context, address: str | None, parts: tuple[str, ...]) -> list[Any]:
    """The pages from the menu down to that at `address`, as links."""
    page = next((page for page in PAGES if page.path == address), None)
    if page is None:
        return []
    path = page.path
    for part in parts if not page.fixed else ():
        path = path.replace(path[path.index("<") : path.index(">") + 1], part)
    link = dmc.Anchor(name_of(context, page, parts), href=path, refresh=False, size="sm")
    group = [html.Span(context.text(f"menu-{page.nav.group}"))] if page.nav else []
    return [*_above(context, page.above, parts), *group, link]


def name_of(context: Context, page: Page, parts: tuple[str, ...] = ()) -> str:
    """What a page is called in the menu and on the way back: `parts` is what stands in its address."""
    if page.nav:
        return context.text(f"nav-{page.nav.name}")
    return context.text(page.title, id="".join(parts[-1:])) if page.title else "".join(parts[-1:])
