"""The element tree as the database has it, kept until a change may have touched it."""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlmodel import Session

from portfolio.core import revision
from portfolio.vocabulary.tables import Item
from portfolio.vocabulary.tree import ElementTree, Node


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
