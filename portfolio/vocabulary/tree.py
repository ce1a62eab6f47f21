"""The element tree as a value: paths, subtrees and what people write for an item."""

from collections.abc import Iterator
from dataclasses import dataclass, field

ELEMENTS = ("fund", "land", "sea", "forest")


@dataclass(frozen=True)
class Node:
    """One item of the tree; `depth` is 0 for an element (`fund`, `land`, `sea`, `forest`)."""

    id: int
    code: str
    parent: str | None
    dimension: str
    name_zh: str
    name_en: str
    depth: int
    leaf: bool
    flags: frozenset[str]
    national_threshold_m2: int | None

    def name(self, lang: str) -> str:
        """The item's name in `lang`."""
        return self.name_en if lang == "en" else self.name_zh

    @property
    def element(self) -> str:
        """The element (root) the item belongs to."""
        return self.code.split(".", 1)[0]


@dataclass
class ElementTree:
    """The whole tree, in the order a form shows it (parents before children)."""

    nodes: tuple[Node, ...]
    by_code: dict[str, Node] = field(init=False)
    by_id: dict[int, Node] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {node.code: node for node in self.nodes}
        self.by_id = {node.id: node for node in self.nodes}
        self._spellings = dict(self._all_spellings())

    def _all_spellings(self) -> Iterator[tuple[str, str]]:
        counts: dict[str, int] = {}
        for node in self.nodes:
            for name in {node.name_zh.casefold(), node.name_en.casefold()}:
                counts[name] = counts.get(name, 0) + 1
        for node in self.nodes:
            for name in (node.name_zh.casefold(), node.name_en.casefold()):
                if counts[name] == 1:
                    yield name, node.code
            yield self.path_name(node.code, "zh").casefold(), node.code
            yield self.path_name(node.code, "en").casefold(), node.code
            yield node.code, node.code

    def resolve(self, text: str) -> Node | None:
        """The item meant by a code, a name that only one item bears, or a path of names; None when there is none."""
        code = self._spellings.get(text.strip().casefold())
        return self.by_code[code] if code else None

    def path(self, code: str) -> tuple[Node, ...]:
        """The nodes from the root down to `code`."""
        node: Node | None = self.by_code[code]
        found: list[Node] = []
        while node is not None:
            found.append(node)
            node = self.by_code[node.parent] if node.parent else None
        return tuple(reversed(found))

    def path_name(self, code: str, lang: str) -> str:
        """The names from the root to `code`, joined by `/`."""
        return "/".join(node.name(lang) for node in self.path(code))

    def children(self, code: str) -> tuple[Node, ...]:
        """The direct children of `code`."""
        return tuple(node for node in self.nodes if node.parent == code)

    def leaves_under(self, code: str) -> tuple[Node, ...]:
        """The leaves at or under `code`."""
        return tuple(n for n in self.nodes if n.leaf and (n.code == code or n.code.startswith(code + ".")))

    def at_depth(self, code: str, depth: int) -> Node:
        """The ancestor of `code` at `depth`, or the node itself when it is not that deep."""
        path = self.path(code)
        return path[min(depth, len(path) - 1)]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """Every leaf."""
        return tuple(node for node in self.nodes if node.leaf)

    @property
    def depth(self) -> int:
        """The depth of the deepest item."""
        return max(node.depth for node in self.nodes)
