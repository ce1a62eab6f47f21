"""What rooms say of their pages is what the router, the menu and the way back use."""

import re
from collections import Counter
from typing import Any

import pytest
from dash.development.base_component import Component
from flask import g
from sqlalchemy import Engine

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.menu import LISTED, crumbs, grouped, landing, menu
from dashboard.page import GROUPS
from dashboard.pages import ADDRESSES, PAGES, page_at
from dashboard.shell import offered
from portfolio.access.rules import ROLES, Actor, offers
from portfolio.core.i18n import LANGUAGES, t
from portfolio.people.identity import Identity


def hrefs(part: Any) -> list[str]:
    if isinstance(part, list | tuple):
        return [href for one in part for href in hrefs(one)]
    if not isinstance(part, Component):
        return []
    return [*filter(None, [getattr(part, "href", None)]), *hrefs(getattr(part, "children", None))]


def said(part: Any) -> list[str]:
    if isinstance(part, list | tuple):
        return [words for one in part for words in said(one)]
    if isinstance(part, Component):
        return said([getattr(part, "label", None), getattr(part, "children", None)])
    return [part] if isinstance(part, str) and part else []


def test_an_address_is_one_pages_and_lies_below_another() -> None:
    paths = [page.path for page in PAGES]
    assert max(Counter(paths).values()) == 1
    assert {page.above for page in PAGES if page.above} <= set(paths)
    # Whatever is not in the menu says what it lies below; the account is reached from the head of every page.
    assert [page.path for page in PAGES if not page.nav and not page.above] == ["/account"]


def test_callbacks_are_registered_once() -> None:
    registering = Counter(page.callbacks for page in PAGES if page.callbacks)
    assert max(registering.values()) == 1


@pytest.mark.parametrize(
    ("path", "address", "parts"),
    [
        ("/projects/new", "/projects/new", ()),
        ("/projects/GX-2018-0206", "/projects/<code>", ("GX-2018-0206",)),
        ("/projects/GX-2018-0206/edit", "/projects/<code>/edit", ("GX-2018-0206",)),
        ("/editions/2019%20%E8%8D%89", "/editions/<code>", ("2019 草",)),
        ("/exchange/12", "/exchange/<number>", ("12",)),
    ],
)
def test_an_address_leads_to_its_page(path: str, address: str, parts: tuple[str, ...]) -> None:
    found = page_at(path)
    assert found is not None
    assert (found[0].path, found[1]) == (address, parts)


@pytest.mark.parametrize("path", ["/nowhere", "/projects/", "/projects/a/b", "/tasks/1", ""])
def test_no_page_stands_at_any_other_address(path: str) -> None:
    assert page_at(path) is None


def test_no_icon_stands_twice_and_every_group_is_used() -> None:
    icons = Counter(page.nav.icon for page in LISTED if page.nav)
    assert [icon for icon, times in icons.items() if times > 1] == []
    assert {page.nav.group for page in LISTED if page.nav} == set(GROUPS)
    for lang in LANGUAGES:
        assert len({t(f"menu-{group}", lang) for group in GROUPS}) == len(GROUPS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_offered_what_it_may_open_its_home_first(demo_engine: Engine, role: str) -> None:
    actor = Actor(name="somebody", role=role)
    server = create_dashboard(demo_engine).server
    with server.test_request_context("/"):
        g.identity = Identity(actor)
        shown = offered()
    assert shown == [page.path for page in LISTED if page.needs is None or offers(actor, page.needs)]
    found = hrefs(menu(Context("zh", "light"), shown, landing(role)))
    assert found[0] == landing(role)
    assert sorted(found) == sorted([*shown, "/api/docs"])


def test_the_groups_stand_in_their_order() -> None:
    groups = [group for group, _ in grouped(ADDRESSES)]
    assert groups == list(GROUPS)
    assert said(menu(Context("zh", "light"), ["/projects"]))[0] == "项目"


@pytest.mark.parametrize(
    ("path", "words", "links"),
    [
        ("/projects/GX-1", ["项目", "项目库", "GX-1"], ["/projects"]),
        ("/projects/GX-1/edit", ["项目", "项目库", "GX-1", "编辑"], ["/projects", "/projects/GX-1"]),
        ("/projects/new", ["项目", "项目库", "新项目"], ["/projects"]),
        ("/editions/2027", ["计划", "滚动计划", "2027"], ["/editions"]),
        ("/exchange/12", ["项目", "导入导出", "第12号导入"], ["/exchange"]),
        ("/finance/plan", ["要素与资金", "资金", "三年资金计划"], ["/finance"]),
    ],
)
def test_an_inner_page_says_where_it_lies(path: str, words: list[str], links: list[str]) -> None:
    way = crumbs(Context("zh", "light", path))
    assert [re.sub("[\u2068\u2069]", "", one) for one in said(way)] == words
    assert hrefs(way) == links


def test_pages_of_the_menu_need_no_way_back() -> None:
    assert {page.path for page in LISTED if crumbs(Context("zh", "light", page.path))} == set()
