"""The element tree in memory: paths, subtrees and what people write for an item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlmodel import Session

from portfolio.core import revision
from portfolio.vocabulary.tables import Item

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


def build_tree(items: Iterable[Item]) -> ElementTree:
    """The tree of `items` rows; parents may come in any order."""
    rows = sorted(items, key=lambda item: item.position)
    code_of = {item.id: item.code for item in rows}
    nodes = tuple(
        Node(
            id=item.id,
            code=item.code,
            parent=code_of[item.parent_id] if item.parent_id is not None else None,
            dimension=item.dimension,
            name_zh=item.name_zh,
            name_en=item.name_en,
            depth=item.code.count("."),
            leaf=item.is_leaf,
            flags=frozenset(flag for flag in item.flags.split(";") if flag),
            national_threshold_m2=item.national_threshold_m2,
        )
        for item in rows
    )
    return ElementTree(nodes)


_MEMO = "portfolio.element_tree"
_trees: "WeakKeyDictionary[Engine, tuple[int, ElementTree]]" = WeakKeyDictionary()


def element_tree(session: Session) -> ElementTree:
    """The element tree as the session's database has it.

    It is built again only after a change that may have touched code lists, and looked up once a transaction.
    """
    session.connection()
    held, transaction = session.info.get(_MEMO), session.get_transaction()
    if held is not None and held[0] is transaction:
        tree: ElementTree = held[1]
        return tree
    tree = _current(session)
    session.info[_MEMO] = (transaction, tree)
    return tree


def forget_tree(session: Session) -> None:
    """Have this transaction read the tree again, after it changed the items itself."""
    session.info.pop(_MEMO, None)


def _current(session: Session) -> ElementTree:
    if revision.writing(session) and revision.last_wholesale(session) == revision.bump(session):
        return build_tree(session.execute(select(Item)).scalars().all())
    engine, now = session.get_bind().engine, revision.last_wholesale(session)
    held = _trees.get(engine)
    if held is None or held[0] != now:
        held = (now, build_tree(session.execute(select(Item)).scalars().all()))
        _trees[engine] = held
    return held[1]
