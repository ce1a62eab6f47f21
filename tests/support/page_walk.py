"""Walk through the dashboard as a reader can: from the menu's pages along every link, without a browser.

A page is asked for as Dash's own document asks for it, so that what is judged is what the product sends. A page or a
tab that is added later is found by the links that lead to it.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flask.testing import FlaskClient

from dashboard.pages import ADDRESSES

RECORD = re.compile(r"[A-Z]{1,4}-\d{4}-\d{3,}|\d{1,}|[^\x00-\x7f]+")
# What a value that is absent looks like when somebody wrote it out without asking whether it is there.
ABSENT = re.compile(r"(?<![\w.-])(nan|NaN|NaT|None|undefined|<NA>)(?![\w.])")
# Properties that hold names of things rather than words for people.
SILENT = {
    "id",
    "className",
    "href",
    "style",
    "type",
    "namespace",
    "hoverinfo",
    "hovertemplate",
    "dash",
    "fill",
    "mode",
    "function",
}


@dataclass
class Page:
    """A page as it was sent: its texts, its links, how many headings of the first order, whether it failed."""

    address: str
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: int = 0
    failed: bool = False
    figures: list["Figure"] = field(default_factory=list)
    totals: dict[str, str] = field(default_factory=dict)
    charts: list["Chart"] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    plain: list[tuple[str, str]] = field(default_factory=list)

    @property
    def absent(self) -> list[str]:
        """The texts in which a missing value shows."""
        return [text for text in self.texts if ABSENT.search(text)]


@dataclass(frozen=True)
class Figure:
    """A figure that a page shows: its name, its exact value (empty when not known) and the address of its list."""

    name: str
    value: str
    address: str


@dataclass(frozen=True)
class Chart:
    """A chart as it was sent: its name, what it is called, what is said below it, and its traces."""

    name: str
    label: str
    said: str
    traces: list[dict[str, Any]]


def ask(client: FlaskClient, address: str, lang: str) -> Page:
    """The page at `address` in a language."""
    client.set_cookie("lang", lang)
    answer = client.get("/_dash-layout", headers={"Referer": f"http://localhost{address}"})
    assert answer.status_code == 200, (address, answer.status_code)
    text = answer.get_data(as_text=True)
    assert "NaN" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", text), f"{address}: a number that is none"
    page = Page(address)
    content = _content(json.loads(text))
    _walk(content, page)
    _look({"props": content}, page)
    return page


def walk(client: FlaskClient, lang: str, each: int = 1, most: int = 400) -> Iterator[Page]:
    """Every page there is; each tab, grouping and state is seen with at least `each` records, not with every other."""
    waiting, seen, met = deque(ADDRESSES), set[str](), Counter[tuple[str, str]]()
    while waiting:
        address = waiting.popleft()
        aspects = _aspects(address)
        if address in seen or all(met[aspect] >= each for aspect in aspects):
            continue
        seen.add(address)
        met.update(aspects)
        assert len(seen) <= most, "the walk does not end"
        page = ask(client, address, lang)
        yield page
        waiting.extend(link for link in page.links if link not in seen)


def _content(document: Any) -> Any:
    """The page within the frame."""
    found = [part for part in _parts(document) if isinstance(part, dict) and part.get("id") == "content"]
    assert len(found) == 1
    return found[0]


def _parts(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _parts(one)


def _walk(value: Any, page: Page) -> None:
    if isinstance(value, dict):
        props = value.get("props", {})
        page.headings += value.get("type") == "H1" or (value.get("type") == "Title" and props.get("order") == 1)
        page.failed |= isinstance(props, dict) and props.get("className") == "fault"
        for name, inner in value.items():
            if name == "href" and isinstance(inner, str):
                _follow(inner, page)
            elif name not in SILENT:
                _walk(inner, page)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, page)
    elif isinstance(value, str):
        page.texts.append(value)


def _follow(href: str, page: Page) -> None:
    """Keep a link that leads to a page: `?tab=x` and `/projects?…`, not files, places in the page or other hosts."""
    here = urlsplit(page.address)
    whole = href if href.startswith("/") else f"{here.path}{href}" if href.startswith("?") else ""
    if whole and not whole.startswith(("//", "/api", "/sign-in")):
        page.links.append(whole.partition("#")[0])


def _aspects(address: str) -> list[tuple[str, str]]:
    """What an address shows: its kind of page, and of that kind each tab, grouping or state; records are all alike."""
    parts = urlsplit(address)
    path = "/".join("*" if RECORD.fullmatch(unquote(part)) else part for part in parts.path.split("/"))
    words = [
        f"{name}={value if path != '/projects' and value.isalpha() and value.isascii() else '*'}"
        for name, value in parse_qsl(parts.query)
    ]
    return [(path, word) for word in ("", *words)]


def _look(value: Any, page: Page, opens: str = "") -> None:
    """Figures, the totals of lists, charts, links that are no figures (`plain`), and big figures that open nothing
    (`loose`); `opens` is the address of the anchor around."""
    if isinstance(value, list):
        for inner in value:
            _look(inner, page, opens)
    if not isinstance(value, dict):
        return
    props = value.get("props", {})
    if "data-figure" in props:
        opens = props["href"]
        page.figures.append(Figure(props["data-figure"], props["data-value"], _whole(opens, page)))
    elif isinstance(props.get("href"), str):
        said = " ".join(part for part in _parts(props.get("children")) if isinstance(part, str))
        page.plain.append((said, _whole(props["href"], page)))
    if "data-total" in props:
        assert page.totals.setdefault(props["data-total"], props["data-sum"]) == props["data-sum"], page.address
    if props.get("className") == "figure" and not opens:
        page.loose.append(str(props.get("children")))
    chart = _chart(props)
    if chart is not None:
        page.charts.append(chart)
        page.figures += [Figure(name, said, _whole(href, page)) for href, name, said in _points(chart)]
    _look(props.get("children"), page, opens)


def _whole(href: str, page: Page) -> str:
    here = urlsplit(page.address)
    return href if href.startswith("/") else f"{here.path}{href}"


def _chart(props: dict[str, Any]) -> Chart | None:
    """The chart that a box of two holds: the plot, and the line below it."""
    inner = props.get("children")
    if not isinstance(inner, list) or len(inner) != 2:
        return None
    drawn, below = (one.get("props", {}) if isinstance(one, dict) else {} for one in inner)
    if drawn.get("className") != "graph":
        return None
    plot = drawn["children"]["props"]
    name = plot["id"]["name"] if isinstance(plot["id"], dict) else plot["id"]
    said = below["children"] if below.get("className") == "chart-said" else ""
    return Chart(name, drawn.get("aria-label", ""), said, plot["figure"]["data"])


def _points(chart: Chart) -> Iterator[tuple[str, str, str]]:
    """What the points of a chart carry: address, name and value of each figure."""
    for trace in chart.traces:
        for part in (trace, trace.get("link", {})):
            yield from _triples(part.get("customdata"))


def _triples(carried: Any) -> Iterator[tuple[str, str, str]]:
    if not isinstance(carried, list):
        return
    if len(carried) >= 3 and isinstance(carried[0], str) and carried[0].startswith("/") and "." in str(carried[1]):
        yield carried[0], carried[1], carried[2]
        return
    for one in carried:
        yield from _triples(one)
