"""Whatever a person sends by a click or a file is a form: no callback guards, carries out and refuses by itself."""

import ast
from collections.abc import Iterator

from tests.architecture.test_architecture import PRODUCT, ROOT

SENT_BY = {"n_clicks", "submit_n_clicks", "n_submit", "contents"}
REFUSING = {"refusal", "asked", "attempt"}
BY_HAND = """
def register(app):
    inputs = [Input("send", "n_clicks")]

    @app.callback(Output("said", "children"), *inputs, State("code", "value"), prevent_initial_call=True)
    def sent(clicks, code):
        return no_update if not clicks else _carry_out(code)

    @app.callback(Output("grid", "rowData"), Input("grid", "cellValueChanged"))
    def saved(changes):
        return _carry_out(changes)

    @app.callback(Output("more", "children"), Input("more", "n_clicks"))
    def more(clicks):
        return rows(clicks)

    @on_submit(app, Form(by=(Input("save", "n_clicks"),)))
    def form(context):
        return _carry_out(context)


def _carry_out(code):
    try:
        return service(code)
    except PortfolioError as error:
        return str(error)
"""


def _callbacks(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    for node in ast.walk(tree):
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "callback":
                assert isinstance(node, ast.FunctionDef)
                yield node, mark


def _inputs(tree: ast.Module, mark: ast.Call) -> Iterator[ast.Call]:
    """The inputs a callback names, those it was handed under a name too."""
    names = {node.id for node in ast.walk(mark) if isinstance(node, ast.Name)}
    handed = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id in names for target in node.targets)
    ]
    for part in (mark, *handed):
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Input":
                yield node


def _reached(tree: ast.Module, function: ast.FunctionDef) -> list[ast.FunctionDef]:
    """The function, and those of its module that it uses, and that these use."""
    own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found, ahead = [function], [function]
    while ahead:
        used = {node.id for node in ast.walk(ahead.pop()) if isinstance(node, ast.Name)}
        fresh = [own[name] for name in sorted(used & own.keys()) if own[name] not in found]
        found += fresh
        ahead += fresh
    return found


def _refuses(function: ast.FunctionDef) -> bool:
    """Whether it catches a refusal, or asks for its words."""
    for node in ast.walk(function):
        if isinstance(node, ast.ExceptHandler):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSING:
            return True
    return False


def forms_by_hand(source: str) -> list[str]:
    """Callbacks that are sent by a person's act and see to refusals themselves."""
    tree = ast.parse(source)
    found = []
    for function, mark in _callbacks(tree):
        sent_by = {
            part.value for one in _inputs(tree, mark) for part in ast.walk(one) if isinstance(part, ast.Constant)
        }
        if sent_by & SENT_BY and any(_refuses(one) for one in _reached(tree, function)):
            found.append(function.name)
    return found


def test_a_form_made_by_hand_is_found() -> None:
    assert forms_by_hand(BY_HAND) == ["sent"]


def test_no_page_makes_a_form_by_hand() -> None:
    pages = [path for path in PRODUCT if "dashboard" in path.relative_to(ROOT).parts]
    assert len(pages) > 100
    by_hand = {str(path.relative_to(ROOT)): forms_by_hand(path.read_text(encoding="utf-8")) for path in pages}
    assert {place: names for place, names in by_hand.items() if names} == {}


def test_a_refusal_is_put_into_words_by_forms_alone() -> None:
    own = {"dashboard/form.py", "dashboard/components/answers.py"}
    users = {
        str(path.relative_to(ROOT))
        for path in PRODUCT
        if "dashboard" in path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "refusal"
    }
    assert users == own
