"""A view of the library, kept in the address so that it is a link: filters, sort and columns."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import SORTS

MANY = ("kind", "sector", "form", "stage", "city", "region", "lead_unit", "task", "unit", "nature", "approval_type")
FLAGS = ("cross_province", "co_agreed", "sea_related", "illustrative")
COLUMNS = (
    "code",
    "name",
    "kind",
    "stage",
    "city",
    "lead_unit",
    "start_month",
    "finish_month",
    "actual_start_month",
    "actual_finish_month",
    "total_investment",
    "owner",
    "nature",
    "approval_type",
    "section",
    "task_ids",
    "national_code",
    "capacity_zh",
    "complete",
)
SHOWN = ("code", "name", "kind", "stage", "city", "lead_unit", "start_month", "finish_month", "total_investment")
TRUE = ("1", "true")
COUNTED = ("state", "complete", "ready", "standing", "waits")


@dataclass(frozen=True)
class View:
    """Filters of the library as the address holds them."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    item: str = ""
    years: tuple[int, ...] = ()
    state: str = ""
    complete: str = ""
    ready: str = ""
    standing: str = ""
    waits: str = ""
    sort: str = "code"
    columns: tuple[str, ...] = SHOWN

    @property
    def filters(self) -> ProjectFilters:
        """The domain's filters."""
        given: dict[str, Any] = {**self.chosen, **self.flags}
        return ProjectFilters(q=self.q, **given)

    @property
    def parameters(self) -> dict[str, Any]:
        """The view as query parameters, the same names the API takes; what is not narrowed is absent."""
        found: dict[str, Any] = {"q": self.q} if self.q else {}
        found |= {name: list(values) for name, values in self.chosen.items() if values}
        found |= {name: str(value).lower() for name, value in self.flags.items()}
        if self.item:
            found["item"] = self.item
        if self.years:
            found["year"] = [str(year) for year in self.years]
        found |= {name: getattr(self, name) for name in COUNTED if getattr(self, name)}
        if self.sort != "code":
            found["sort"] = self.sort
        return found

    @property
    def search(self) -> str:
        """The address's query part."""
        parameters = self.parameters
        if self.columns != SHOWN:
            parameters["cols"] = ",".join(self.columns)
        return "?" + urlencode(parameters, doseq=True) if parameters else ""


def parse(query: Mapping[str, tuple[str, ...]]) -> View:
    """The view a query describes; what it does not understand is left out."""
    years = tuple(int(year) for year in query.get("year", ()) if year.isdigit())
    sort = next(iter(query.get("sort", ())), "code")
    columns = tuple(name for name in next(iter(query.get("cols", ())), "").split(",") if name in COLUMNS)
    return View(
        q=next(iter(query.get("q", ())), "")[:200],
        chosen={name: query[name] for name in MANY if query.get(name)},
        flags={name: query[name][0].lower() in TRUE for name in FLAGS if query.get(name)},
        item=next(iter(query.get("item", ())), ""),
        years=years,
        **{name: next(iter(query.get(name, ())), "") for name in COUNTED},
        sort=sort if sort.removeprefix("-") in SORTS else "code",
        columns=columns or SHOWN,
    )


@dataclass(frozen=True)
class GateView:
    """A view of the gates as the address holds it: the library's filters, and a gate, a state and a fact that it wants
    for (any when empty)."""

    view: View
    gate: str = ""
    state: str = ""
    fact: str = ""

    @property
    def parameters(self) -> dict[str, Any]:
        """The view as query parameters, the same names the API takes."""
        chosen = {"gate": self.gate, "result": self.state, "fact": self.fact}
        return self.view.parameters | {name: value for name, value in chosen.items() if value}

    @property
    def search(self) -> str:
        """The address's query part."""
        return "?" + urlencode(self.parameters, doseq=True) if self.parameters else ""

    def at(self, gate: str, state: str) -> "GateView":
        """The same filters at another gate and state."""
        return GateView(self.view, gate, state)


def parse_gates(query: Mapping[str, tuple[str, ...]], gates: Container[str], states: Container[str]) -> GateView:
    """The view of the gates that a query describes; what it does not understand is left out."""
    held = parse(query)
    gate, state = (next(iter(query.get(name, ())), "") for name in ("gate", "result"))
    view = View(q=held.q, chosen=held.chosen, flags=held.flags)
    fact = next(iter(query.get("fact", ())), "") if gate in gates else ""
    return GateView(view, gate if gate in gates else "", state if state in states else "", fact)
