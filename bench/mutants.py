"""Small wrong changes to a module, one at a time: a comparison, a number, a sign."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

# Each comparison becomes its neighbour: what a slip at a border would write.
NEIGHBOUR: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OTHER_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}


@dataclass(frozen=True)
class Mutant:
    """A module with one change: its line, what stood there and stands there now, and the changed tree."""

    line: int
    before: str
    after: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module's functions and constants, in the order of its lines."""
    tree = ast.parse(source)
    nodes, left_out = list(ast.walk(tree)), _of_classes(tree)
    found = [one for place, node in enumerate(nodes) if id(node) not in left_out for one in _of_node(tree, place, node)]
    yield from sorted(found, key=lambda one: one.line)


def _of_classes(tree: ast.Module) -> set[int]:
    """What stands in a class outside its functions: declarations, which a loaded class has already read."""
    declared = [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.Assign | ast.AnnAssign)
    ]
    return {id(node) for part in declared for node in ast.walk(part)}


def _of_node(tree: ast.Module, place: int, node: ast.AST) -> Iterator[Mutant]:
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            if type(operator) in NEIGHBOUR:
                yield _changed(tree, place, number)
    elif _is_sign(node) or _is_number(node):
        yield _changed(tree, place)


def _is_sign(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and type(node.op) in OTHER_SIGN


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _changed(tree: ast.Module, place: int, number: int = 0) -> Mutant:
    """A copy in which the node at `place` is changed; both walks come to it in the same order."""
    other = copy.deepcopy(tree)
    node = list(ast.walk(other))[place]
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        node.ops[number] = NEIGHBOUR[type(node.ops[number])]()
    elif isinstance(node, ast.BinOp):
        node.op = OTHER_SIGN[type(node.op)]()
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        node.value += 1
    return Mutant(getattr(node, "lineno", 0), before, ast.unparse(node), other)
