"""The element tree as a value: paths, subtrees and what people write for an item."""

import unicodedata
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
        """Every end of a path that leads to one item alone, whole paths, and codes, the surest last."""
        ends = [(end, node.code) for node in self.nodes for end in self._ends(node.code)]
        meant: dict[str, set[str]] = {}
        for end, code in ends:
            meant.setdefault(end, set()).add(code)
        yield from ((end, code) for end, code in ends if len(meant[end]) == 1)
        for node in self.nodes:
            yield from ((_plain(self.path_name(node.code, lang)), node.code) for lang in ("zh", "en"))
            yield _plain(node.code), node.code

    def _ends(self, code: str) -> Iterator[str]:
        """The name of an item in each language, and its path from every item above it on."""
        for lang in ("zh", "en"):
            names = self.path_name(code, lang).split("/")
            yield from (_plain("/".join(names[start:])) for start in range(len(names)))

    def resolve(self, text: str) -> Node | None:
        """The item meant by a code, or by a path of names or the end of one that only one item has; else None.

        What the form writes before an item's name counts for nothing, nor does the width of signs: `　债券／专项债券`.
        """
        code = self._spellings.get(_plain(text))
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


def _plain(text: str) -> str:
    """A spelling as it is compared: one width of signs, small letters, no blanks at its ends or around its strokes."""
    return "/".join(part.strip() for part in unicodedata.normalize("NFKC", text).casefold().split("/")).strip()
