"""What of a house of modules can be reached from where it starts, read from the source by names.

A definition is reached when code that is itself reached uses its name; importing it is not using it. A module is
reached when reached code imports it. Tests are no part of the house: what they alone use is not reached.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]  # a module and a definition at its top; "" is the module's own body
# What only wraps a function; every other decorator hands it to someone who calls it.
WRAPPING = {"cache", "lru_cache", "cached_property", "contextmanager", "wraps", "dataclass", "final", "total_ordering"}


@dataclass
class House:
    """The modules of a product by dotted name."""

    sources: Mapping[str, str]
    bodies: dict[Key, list[ast.AST]] = field(default_factory=lambda: defaultdict(list))
    bound: dict[str, dict[str, Key]] = field(default_factory=lambda: defaultdict(dict))
    methods: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for module, source in self.sources.items():
            for statement in ast.parse(source).body:
                self._place(module, statement)

    def _place(self, module: str, statement: ast.stmt) -> None:
        """Give each definition a body of its own; everything else belongs to the module's."""
        body = self.bodies[module, ""]
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.bound[module][statement.name] = (module, statement.name)
            self.bodies[module, statement.name].append(statement)
            body += [mark for mark in statement.decorator_list if _hands_over(mark)]
            if any(_hands_over(mark) for mark in statement.decorator_list):
                body.append(ast.Name(statement.name, ast.Load()))
            if isinstance(statement, ast.ClassDef):
                if any(one.arg == "table" for one in statement.keywords):
                    body.append(ast.Name(statement.name, ast.Load()))  # its rows may be read through its metadata
                self._place_methods((module, statement.name), statement)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            body.append(statement)
            self.bound[module] |= dict(self.imported(statement))
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and (names := _assigned(statement)):
            for name in names:
                self.bound[module][name] = (module, name)
                self.bodies[module, name].append(statement)
            body.append(statement)
        else:
            body.append(statement)

    def _place_methods(self, key: Key, written: ast.ClassDef) -> None:
        if written.bases or written.keywords:
            return  # a class above it may call what is written here
        for one in written.body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and not one.name.startswith("_"):
                self.methods[key].add(one.name)

    def imported(self, statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Key]]:
        """The names an import binds to modules of the house and what stands in them."""
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                if alias.name in self.sources and alias.asname:
                    yield alias.asname, (alias.name, "")
                continue
            whole = f"{statement.module}.{alias.name}"
            if whole in self.sources:
                yield alias.asname or alias.name, (whole, "")
            elif statement.module and statement.module in self.sources:
                yield alias.asname or alias.name, (statement.module, alias.name)

    def origin(self, key: Key) -> Key:
        """Where a name was made that may have been handed on by modules that import it."""
        seen: set[Key] = set()
        while key[1] and key not in seen:
            seen.add(key)
            key = self.bound[key[0]].get(key[1], key)
        return key

    def definitions(self) -> Iterator[Key]:
        """Every function and class at the top of a module."""
        for (module, name), nodes in self.bodies.items():
            if any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in nodes):
                yield module, name


@dataclass
class Reach:
    """What is reached in a house, from definitions that are run."""

    house: House
    keys: set[Key] = field(default_factory=set)
    # Attributes of what is not known to be a module, and the modules that are handed about as values: a list of pages
    # whose `layout` is called in a loop. Each attribute may be of each of them.
    attributes: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)

    def follow(self, *starts: Key) -> "Reach":
        """Everything that these can come to."""
        waiting = list(starts)
        while waiting:
            while waiting:
                waiting += self._visit(waiting.pop())
            waiting = [
                key
                for module in self.held
                for name in self.attributes & self.house.bound[module].keys()
                if (key := self.house.origin((module, name))) not in self.keys
            ]
        return self

    def _visit(self, key: Key) -> Iterator[Key]:
        module = key[0]
        if key in self.keys or module not in self.house.sources:
            return
        self.keys.add(key)
        yield module, ""
        yield module.rpartition(".")[0], ""
        for node in self.house.bodies.get(key, ()):
            yield from self._used(key, node)

    def _used(self, key: Key, node: ast.AST) -> Iterator[Key]:
        known = self.house.bound[key[0]]
        nodes = list(ast.walk(node))
        for one in nodes:
            if isinstance(one, ast.Import | ast.ImportFrom):
                names = dict(self.house.imported(one))
                known = known | names
                yield from ((target, "") for target, _ in names.values())
        # A module's body makes its constants; it does not use them by that.
        made = set(_assigned(node)) if not key[1] else set()
        whole = {id(one.value) for one in nodes if isinstance(one, ast.Attribute)}
        for one in nodes:
            if isinstance(one, ast.Attribute):
                yield from self._of(known, one)
            elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id in known and one.id not in made:
                target = self.house.origin(known[one.id])
                if not target[1] and id(one) not in whole:
                    self.held.add(target[0])
                yield target
            elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield from self._named(one.value)

    def _of(self, known: Mapping[str, Key], one: ast.Attribute) -> Iterator[Key]:
        target = known.get(one.value.id) if isinstance(one.value, ast.Name) else None
        if target and not target[1]:
            yield self.house.origin((target[0], one.attr))
        else:
            self.attributes.add(one.attr)

    def _named(self, text: str) -> Iterator[Key]:
        """A module named as `python -m` takes it, or `module:function` as servers take it."""
        module, _, name = text.partition(":")
        if module in self.house.sources:
            yield module, ""
            if name:
                yield self.house.origin((module, name))

    def unreached(self) -> list[str]:
        """Definitions and public methods that nothing reached uses, as `module.name`."""
        found = [f"{module}.{name}" for module, name in self.house.definitions() if (module, name) not in self.keys]
        for key, methods in self.house.methods.items():
            if key in self.keys:
                found += [f"{key[0]}.{key[1]}.{name}" for name in methods - self.attributes]
        return sorted(found)

    def unread(self) -> list[str]:
        """Modules that nothing reached imports or runs."""
        return sorted(module for module in self.house.sources if (module, "") not in self.keys)


def _hands_over(mark: ast.expr) -> bool:
    called = mark.func if isinstance(mark, ast.Call) else mark
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name not in WRAPPING


def _assigned(statement: ast.AST) -> list[str]:
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []
