"""What a room tells of its pages: the application, the menu and the way back all read this and nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from dash import Dash

# The menu's groups in their order; catalogue keys `menu-<group>`.
GROUPS = ("work", "projects", "plan", "elements", "progress", "system")


@dataclass(frozen=True)
class Nav:
    """A page's place in the menu: the text `nav-<name>` and its icon within a group, ranked from the top of it."""

    name: str
    icon: str
    group: str
    rank: int = 0


@dataclass(frozen=True)
class Page:
    """One screen.

    `path` is its address; `<code>` in it stands for one part that `layout(context, code)` is given. `callbacks` are
    registered once an application. `needs` is the action without which the menu does not offer it; `above` the address
    one comes from, with the same `<code>`, and `title` the catalogue key of what it is called there (else the part).
    """

    path: str
    layout: Callable[..., Any]
    callbacks: Callable[[Dash], None] | None = None
    nav: Nav | None = None
    needs: str | None = None
    above: str | None = None
    title: str | None = None

    @property
    def fixed(self) -> bool:
        """Whether its address holds no part that stands for something."""
        return "<" not in self.path

    def parts(self, path: str) -> tuple[str, ...] | None:
        """What stands in `path` for the parts of this page's address; None when it is another page's."""
        pattern = re.sub(r"<\w+>", "([^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return None if found is None else tuple(unquote(part) for part in found.groups())
