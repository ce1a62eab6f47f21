"""Colours and fonts of both themes. A code has one colour (and one pattern) in every chart, on every page, in either
theme: each colour stands out from both grounds by 3 to 1, and codes of one list that colour-blind readers could take
for each other differ in their pattern."""

from collections.abc import Mapping
from dataclasses import dataclass

# Before the Chinese fonts where the page is English: those draw quotation marks and apostrophes wide.
LATIN = '"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",'
FONT = '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif'

BLUE, ORANGE, GREEN, PURPLE, PINK = "#1f78c1", "#cf6f12", "#2a9361", "#8a63d2", "#c2559c"
RED, TEAL, OLIVE, BROWN, GREY = "#d4503a", "#17889c", "#8a8420", "#a0723f", "#7d8792"
SKY, GOLD = "#3d8fd0", "#a97b0e"
# What stands for no code: bars of counts, curves, and what a list does not know.
PLAIN, UNKNOWN = BLUE, GREY

# By list and code: colour, then the pattern that areas and bars carry (empty: filled).
MEANT: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "elements": {"fund": (BLUE, ""), "land": (BROWN, "/"), "sea": (TEAL, ""), "forest": (GREEN, "x")},
    "sources": {
        "fund.central_budget": (BLUE, ""),
        "fund.central_fiscal": (BLUE, "/"),
        "fund.central_special": (BLUE, "x"),
        "fund.ultra_long_treasury": (BLUE, "."),
        "fund.local_budget": (GREEN, ""),
        "fund.local_fiscal": (GREEN, "/"),
        "fund.local_special": (GREEN, "x"),
        "fund.bond": (ORANGE, ""),
        "fund.bond_fund": (ORANGE, "/"),
        "fund.own": (BROWN, "|"),
        "fund.loan": (PURPLE, ""),
        "fund.policy_tool": (PURPLE, "/"),
        "fund.ppp": (PINK, "-"),
        "fund.gov_fund": (PINK, "+"),
        "fund.integration_fund": (TEAL, "+"),
        "fund.foreign": (RED, "."),
        "fund.other": (OLIVE, "-"),
        "fund.tbd": (GREY, "\\"),
    },
    "stages": {
        "planning": (GREY, ""),
        "reserve": (GREY, "/"),
        "preliminary": (SKY, ""),
        "ready": (TEAL, "/"),
        "under_construction": (GREEN, ""),
        "completed": (PURPLE, ""),
        "suspended": (GOLD, "x"),
        "withdrawn": (RED, "\\"),
    },
    "life": {
        "asked": (GREY, "/"),
        "needed": (GREY, "/"),
        "reserved": (GOLD, "x"),
        "granted": (BLUE, ""),
        "covered": (BLUE, ""),
        "delivered": (TEAL, "."),
        "used": (GREEN, ""),
        "free": (GREY, ""),
        "limit": (RED, ""),
    },
    "certainties": {
        "funded": (GREEN, ""),
        "part_funded": (SKY, "/"),
        "source_known": (GOLD, "x"),
        "none": (RED, "\\"),
    },
    "editions": {
        "draft": (ORANGE, ""),
        "consultation": (PURPLE, ""),
        "approved": (BLUE, ""),
        "issued": (GREEN, ""),
        "superseded": (GREY, ""),
    },
    # The lanes of the board and the bars of the programme: the style sheet draws them, a test compares the two.
    "categories": {
        "completing": (GREEN, ""),
        "continuing": (BLUE, "/"),
        "new_start": (ORANGE, "|"),
        "preparatory": (GREY, "."),
    },
    "groups": {
        "strategy": (BLUE, ""),
        "maturity": (ORANGE, "/"),
        "investment": (GREEN, ""),
        "elements": (BROWN, "x"),
        "funding": (PURPLE, ""),
        "livelihood": (PINK, "."),
        "green": (TEAL, "/"),
        "regional": (GREY, "\\"),
        "panel": (BLUE, ""),
    },
    "forms": {
        "works": (BLUE, ""),
        "programme": (GOLD, "/"),
        "service": (PURPLE, "x"),
        "unknown": (GREY, "\\"),
    },
    "steps": {"rise": (GREEN, ""), "fall": (GOLD, "/"), "whole": (BLUE, "")},
    "ends": {"low": (RED, "/"), "high": (BLUE, "")},
    "path": {"critical": (RED, ""), "other": (SKY, "/")},
    "search": {"value": (BLUE, ""), "bound": (GOLD, "/"), "now": (GOLD, "")},
}
# Of series that people make and name, such as scenarios, none has a colour of its own: they differ in pattern alone.
PATTERNS = ("", "/", "x", ".", "-", "|", "+", "\\")


@dataclass(frozen=True)
class Palette:
    """What a figure needs of a theme."""

    ink: str
    faint: str
    grid: str
    land: str
    edge: str
    scale: tuple[tuple[float, str], ...]
    lacking: tuple[tuple[float, str], ...]


LIGHT = Palette(
    "#1f2933",
    "#56606b",
    "#e3e8ee",
    "#eef2f6",
    "#ffffff",
    ((0.0, "#dbe9f6"), (1.0, "#0b4f8a")),
    ((0.0, "#fbe5df"), (1.0, "#a83420")),
)
DARK = Palette(
    "#e4e9ee",
    "#a5b0bb",
    "#33404d",
    "#25303b",
    "#141b22",
    ((0.0, "#1c3a56"), (1.0, "#7fbcf0")),
    ((0.0, "#47261d"), (1.0, "#f59a80")),
)


def palette(theme: str) -> Palette:
    """The palette of `light` or `dark`."""
    return DARK if theme == "dark" else LIGHT


def colour(of: str, code: str | None) -> str:
    """The colour of a code of list `of`, the same in either theme; grey for a code the list does not know."""
    return MEANT[of].get(code or "", (UNKNOWN, ""))[0]


def pattern(of: str, code: str | None) -> str:
    """The pattern of a code of list `of` in areas and bars, for who does not tell its colour."""
    return MEANT[of].get(code or "", (UNKNOWN, ""))[1]
