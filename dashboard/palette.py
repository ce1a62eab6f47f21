"""Colours and fonts of both themes; categorical colours are told apart also by colour-blind readers."""

from dataclasses import dataclass

# Before the Chinese fonts where the page is English: those draw quotation marks and apostrophes wide.
LATIN = '"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",'
FONT = '"Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif'
SERIES = (
    "#1f6fb2",
    "#e08b1e",
    "#2f9e6e",
    "#b5508c",
    "#6d5ec4",
    "#c8553d",
    "#4fa3c7",
    "#8a8f2b",
    "#a0723f",
    "#5f7d8c",
    "#d077b0",
    "#3f7f5f",
    "#9a9a9a",
)
ELEMENT = {"fund": "#1f6fb2", "land": "#a0723f", "sea": "#2b8fb8", "forest": "#2f9e6e"}


@dataclass(frozen=True)
class Palette:
    """What a figure needs of a theme."""

    ink: str
    faint: str
    grid: str
    land: str
    edge: str
    scale: tuple[tuple[float, str], ...]


LIGHT = Palette("#1f2933", "#56606b", "#e3e8ee", "#eef2f6", "#ffffff", ((0.0, "#dbe9f6"), (1.0, "#0b4f8a")))
DARK = Palette("#e4e9ee", "#a5b0bb", "#33404d", "#25303b", "#141b22", ((0.0, "#1c3a56"), (1.0, "#7fbcf0")))


def palette(theme: str) -> Palette:
    """The palette of `light` or `dark`."""
    return DARK if theme == "dark" else LIGHT
