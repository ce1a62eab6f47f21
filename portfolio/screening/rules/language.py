"""The language of rules and criteria: one expression over named facts, worked out for all projects at once.

Allowed: names of facts, numbers, `+ - * /`, comparisons, `and or not`, `min(…)`, `max(…)`, `a if b else c`. A fact that
is not known makes what depends on it not known (NaN), except where the rest decides alone: `false and x` is false.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.core.errors import InvalidError

Floats = NDArray[np.float64]
Facts = Mapping[str, Floats]
LONGEST = 500
MOST_NODES = 200

_ARITHMETIC: dict[type, Callable[[Floats, Floats], Floats]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
}
_COMPARISONS: dict[type, Callable[[Floats, Floats], Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_CALLS: dict[str, Callable[[Floats, Floats], Floats]] = {"min": np.minimum, "max": np.maximum}


@dataclass(frozen=True)
class Expression:
    """A checked expression: its text, its tree, and the facts it names in the order of their first mention."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]

    def values(self, facts: Facts, size: int) -> Floats:
        """The expression for each of `size` projects; truth is 1 and 0, NaN is not known (also a division by zero)."""
        with np.errstate(all="ignore"):
            found = _value(self.tree, facts, size)
        return np.where(np.isfinite(found), found, np.nan)


@lru_cache(maxsize=2048)
def parse(text: str) -> Expression:
    """The expression of `text`; raises `InvalidError` (`screening.bad_expression`) for anything outside the grammar."""
    if len(text) > LONGEST:
        raise _refused(text[:60] + "…")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refused(text) from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        raise _refused(text[:60])
    _check(tree)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    named = [node for node in nodes if isinstance(node, ast.Name) and id(node) not in called]
    ordered = sorted(named, key=lambda node: (node.lineno, node.col_offset))
    return Expression(text, tree, tuple(dict.fromkeys(node.id for node in ordered)))


def _refused(part: str) -> InvalidError:
    return InvalidError("screening.bad_expression", part=part)


def _check(node: ast.expr) -> None:
    for part in _parts(node):
        _check(part)


def _parts(node: ast.expr) -> list[ast.expr]:
    """The operands of a node of the grammar; raises for any other node."""
    if isinstance(node, ast.Name):
        return []
    if isinstance(node, ast.Constant):
        return _number(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        return [node.operand]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.Compare) and all(type(op) in _COMPARISONS for op in node.ops):
        return [node.left, *node.comparators]
    if isinstance(node, ast.IfExp):
        return [node.test, node.body, node.orelse]
    return _call(node)


def _number(node: ast.Constant) -> list[ast.expr]:
    if type(node.value) not in (int, float) or not math.isfinite(float(str(node.value))):
        raise _refused(ast.unparse(node))
    return []


def _call(node: ast.expr) -> list[ast.expr]:
    plain = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS
    if not isinstance(node, ast.Call) or not plain or node.keywords or len(node.args) < 2:
        raise _refused(ast.unparse(node))
    if any(isinstance(part, ast.Starred) for part in node.args):
        raise _refused(ast.unparse(node))
    return node.args


def _value(node: ast.expr, facts: Facts, size: int) -> Floats:
    if isinstance(node, ast.Name):
        return facts[node.id]
    if isinstance(node, ast.Constant):
        return np.full(size, float(str(node.value)))
    found = [_value(part, facts, size) for part in _parts(node)]
    if isinstance(node, ast.BinOp):
        return _arithmetic(node.op, *found)
    if isinstance(node, ast.UnaryOp):
        return -found[0] if isinstance(node.op, ast.USub) else 1.0 - _truth(found[0])
    if isinstance(node, ast.BoolOp):
        return _joined(isinstance(node.op, ast.And), found)
    if isinstance(node, ast.Compare):
        return _compared(node.ops, found)
    if isinstance(node, ast.IfExp):
        test = _truth(found[0])
        return np.where(np.isnan(test), np.nan, np.where(test == 1.0, found[1], found[2]))
    return _folded(node, found)


def _arithmetic(op: ast.operator, left: Floats, right: Floats) -> Floats:
    if isinstance(op, ast.Div):
        return np.where(right == 0.0, np.nan, left / right)
    return _ARITHMETIC[type(op)](left, right)


def _truth(values: Floats) -> Floats:
    return np.where(np.isnan(values), np.nan, (values != 0.0).astype(np.float64))


def _joined(every: bool, parts: list[Floats]) -> Floats:
    """Kleene's and, or: a part that decides alone decides also when another is not known."""
    truths = np.stack([_truth(part) for part in parts])
    decides = (truths == (0.0 if every else 1.0)).any(axis=0)
    unknown = np.isnan(truths).any(axis=0)
    decided, otherwise = (0.0, 1.0) if every else (1.0, 0.0)
    return np.where(decides, decided, np.where(unknown, np.nan, otherwise))


def _compared(ops: list[ast.cmpop], parts: list[Floats]) -> Floats:
    found = [
        np.where(np.isnan(left) | np.isnan(right), np.nan, _COMPARISONS[type(op)](left, right).astype(np.float64))
        for op, left, right in zip(ops, parts, parts[1:], strict=False)
    ]
    return _joined(True, found)


def _folded(node: ast.expr, parts: list[Floats]) -> Floats:
    fold = _CALLS[node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""]
    whole = parts[0]
    for part in parts[1:]:
        whole = fold(whole, part)
    return whole
