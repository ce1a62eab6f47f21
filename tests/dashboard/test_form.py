"""A form on its own: only a click sends it, refusals stand where they belong, and what was done is told and stays."""

import json
from typing import Any

import pytest
from dash import ALL, Dash, Input, Output, State, html
from flask import Flask
from flask.testing import FlaskClient

from dashboard.components.answers import typed
from dashboard.context import Context
from dashboard.form import Done, Form, Unsent, on_submit
from portfolio.core.errors import ConflictError, FieldError, ForbiddenError, InvalidError
from portfolio.core.i18n import error_text, t
from tests.support.threaded import ThreadedClient

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
BLANK = FieldError("shares.0.code", "field.required")
OTHER = FieldError("note", "field.not_a_number", {"value": "x"})
REFUSALS = {
    "beside": InvalidError("allocation.bad_scenario", [BLANK]),
    "both": InvalidError("allocation.bad_scenario", [BLANK, OTHER]),
    "without": ConflictError("finance.round_exists", code="2027"),
    "forbidden": ForbiddenError("people.other_account"),
}
ROW = {"type": "row", "code": ALL}


class Bench:
    """One form on a server of its own; what its function was given and what it shall do."""

    def __init__(self, form: Form) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.answer: Done | Unsent | None = Done()
        server: Any = Flask("form")
        server.testing = True
        self.app = Dash("form", server=server, suppress_callback_exceptions=True)
        self.app.layout = html.Div()
        on_submit(self.app, form)(self.act)
        self.client: FlaskClient = ThreadedClient(self.app.server)

    def act(self, context: Context, *read: Any) -> Done | Unsent | None:
        self.calls.append(read)
        if read and read[0] in REFUSALS:
            raise REFUSALS[read[0]]
        if read and read[0] == "typed":
            typed("1.x")
        return self.answer

    def send(self, inputs: list[Any], states: list[Any], changed: list[str], lang: str = "zh") -> dict[str, Any]:
        """What the browser is told when `changed` sends the form, `inputs` and `states` being what stands there."""
        output, held = next(iter(self.app.callback_map.items()))
        body = {
            "output": output,
            "outputs": [_named(one) for one in output.strip(".").split("...")],
            "inputs": [_held(one, value) for one, value in zip(held["inputs"], inputs, strict=True)],
            "state": [_held(one, value) for one, value in zip(held["state"], states, strict=True)],
            "changedPropIds": changed,
        }
        self.client.set_cookie("lang", lang)
        answer = self.client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        found: dict[str, Any] = answer.get_json()["response"]
        return found


def _named(output: str) -> dict[str, str]:
    identity, _, name = output.rpartition(".")
    return {"id": identity, "property": name}


def _held(place: dict[str, Any], value: Any) -> Any:
    if not place["id"].startswith("{"):
        return {**place, "value": value}
    return [
        {"id": {**json.loads(place["id"]), "code": code}, "property": place["property"], "value": one}
        for code, one in value.items()
    ]


def _props(told: dict[str, Any], identity: str) -> dict[str, Any]:
    """What `identity` is told, whichever name of the output it came under."""
    return {name.partition("@")[0]: value for name, value in told.get(identity, {}).items()}


def _words(told: Any) -> str:
    """Every text in an answer, a line each."""
    if isinstance(told, dict):
        return "\n".join(_words(one) for one in told.values())
    return "\n".join(_words(one) for one in told) if isinstance(told, list) else str(told)


FORM = Form(
    by=(Input("send", "n_clicks"), Input("other", "n_clicks")),
    reads=(State("code", "value"), State("note", "value")),
    said="result",
    beside={"code": "code"},
    shows=(Output("list", "children"),),
    named=lambda context, field, code, note: f"{field}/{code}/{note}",
)
SENT: dict[str, Any] = {"inputs": [1, None], "changed": ["send.n_clicks"]}


@pytest.fixture
def bench() -> Bench:
    return Bench(FORM)


@pytest.mark.parametrize("changed", [[], ["."], ["send.n_clicks"]])
def test_a_page_that_is_just_drawn_sends_nothing(bench: Bench, changed: list[str]) -> None:
    assert bench.send([None, None], ["a", "b", "?"], changed) == {}
    assert bench.calls == []


def test_a_click_that_was_heard_is_not_heard_again(bench: Bench) -> None:
    assert bench.send([1, None], ["a", "b", "?"], ["other.n_clicks"]) == {}
    assert bench.calls == []


@pytest.mark.parametrize("code", ["b", "滚动2026"])
def test_rows_that_are_drawn_beside_a_clicked_one_send_nothing(code: str) -> None:
    bench = Bench(Form(by=(Input(ROW, "n_clicks"),), said="result"))
    drawn = f'{{"code":"{code}","type":"row"}}.n_clicks'
    assert bench.send([{"a": 1, code: None}], ["?"], [drawn]) == {}
    assert bench.calls == []
    bench.send([{"a": 1, code: 1}], ["?"], [drawn])
    assert bench.calls == [()]


def test_the_function_is_given_what_the_form_reads(bench: Bench) -> None:
    bench.send([2, None], ["a", "b", "?"], ["send.n_clicks"])
    assert bench.calls == [("a", "b")]


@LANGUAGES
def test_a_fault_stands_beside_its_field_and_nothing_else_changes(bench: Bench, lang: str) -> None:
    told = bench.send(**SENT, states=["beside", "b", "?"], lang=lang)
    assert _props(told, "code") == {"error": error_text("field.required", lang, {})}
    assert _props(told, "result") == {"children": None}
    assert told.keys() == {"code", "result"}


@LANGUAGES
def test_a_fault_of_no_field_stands_below_under_its_name(bench: Bench, lang: str) -> None:
    told = bench.send(**SENT, states=["both", "b", "?"], lang=lang)
    assert _props(told, "code") == {"error": error_text("field.required", lang, {})}
    words = error_text("field.not_a_number", lang, {"value": "x"})
    assert t("entry-fault", lang, name="note/both/b", words=words) in _words(told["result"])
    assert t("refused", lang) in _words(told["result"])


@LANGUAGES
@pytest.mark.parametrize(
    ("why", "title"), [("without", "refused"), ("forbidden", "refused-forbidden"), ("typed", "needs-not-a-number")]
)
def test_a_refusal_without_a_field_stands_below(bench: Bench, why: str, title: str, lang: str) -> None:
    told = bench.send(**SENT, states=[why, "b", "?"], lang=lang)
    assert _props(told, "code") == {"error": None}
    assert t(title, lang, value="1.x") in _words(told["result"])
    error = REFUSALS.get(why)
    assert error is None or error_text(error.code, lang, error.params) in _words(told["result"])
    assert told.keys() == {"code", "result"}


@LANGUAGES
def test_a_form_without_a_place_refuses_by_a_notice(lang: str) -> None:
    bench = Bench(Form(by=(Input("send", "n_clicks"),), reads=(State("code", "value"),)))
    told = bench.send([1], ["forbidden", "?"], ["send.n_clicks"], lang)
    notices = _props(told, "notices")["sendNotifications"]
    assert [one["message"] for one in notices] == [error_text("people.other_account", lang, {})]
    assert [one["color"] for one in notices] == ["red"]
    assert told.keys() == {"notices"}


@LANGUAGES
def test_the_message_outlives_the_page_that_is_made_again(bench: Bench, lang: str) -> None:
    bench.answer = Done(t("saved", lang), shown=("row",))
    told = bench.send(**SENT, states=["a", "b", "?on=2026-01-01&seen=3"], lang=lang)
    assert _props(told, "url") == {"search": "?on=2026-01-01&seen=4"}
    assert [one["message"] for one in _props(told, "notices")["sendNotifications"]] == [t("saved", lang)]
    assert _props(told, "result") == {"children": None}
    assert _props(told, "list") == {"children": "row"}
    assert _props(told, "code") == {"error": None}


def test_a_form_that_leads_elsewhere_tells_it_there() -> None:
    bench = Bench(Form(by=(Input("send", "n_clicks"),), said="result", leads="href"))
    bench.answer = Done("done", to="/editions")
    told = bench.send([1], [], ["send.n_clicks"])
    assert _props(told, "url") == {"href": "/editions"}
    assert [one["message"] for one in _props(told, "notices")["sendNotifications"]] == ["done"]


def test_a_form_that_stays_tells_it_beside_itself() -> None:
    bench = Bench(Form(by=(Input("send", "n_clicks"),), said="result", leads=""))
    bench.answer = Done("done")
    told = bench.send([1], [], ["send.n_clicks"])
    assert told.keys() == {"result"}
    assert _props(told, "result")["children"]["props"]["children"] == "done"


def test_what_the_page_itself_asks_for_leaves_everything_as_it_is(bench: Bench) -> None:
    bench.answer = Unsent("first choose")
    told = bench.send(**SENT, states=["a", "b", "?"])
    assert told == {"result": told["result"]} and _props(told, "result") == {"children": "first choose"}
    bench.answer = None
    assert bench.send(**SENT, states=["a", "b", "?"]) == {}


def test_a_fault_of_ours_is_not_told_as_what_was_typed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REFUSALS, "ours", ValueError("ours"))
    with pytest.raises(ValueError, match=r"^ours$"):
        bench.send(**SENT, states=["ours", "b", "?"])


def test_a_form_that_stays_may_tell_by_a_notice_that_has_a_name() -> None:
    bench = Bench(Form(by=(Input("send", "n_clicks"),), said="result", leads=""))
    bench.answer = Done("begun", notice=True, mark="work")
    told = bench.send([1], [], ["send.n_clicks"])
    assert [(one["message"], one["id"]) for one in _props(told, "notices")["sendNotifications"]] == [("begun", "work")]
    assert _props(told, "result") == {"children": None}


def test_a_form_may_lead_on_by_an_address_of_its_own() -> None:
    bench = Bench(Form(by=(Input("send", "n_clicks"),), onward=lambda search: f"{search}&next=1"))
    assert _props(bench.send([1], ["?city=1"], ["send.n_clicks"]), "url") == {"search": "?city=1&next=1"}
    bench.answer = Done(to="?round=2")
    assert _props(bench.send([1], ["?city=1"], ["send.n_clicks"]), "url") == {"search": "?round=2"}


def test_a_refusal_may_have_words_of_its_own() -> None:
    form = Form(
        by=(Input("send", "n_clicks"),),
        reads=(State("code", "value"),),
        said="result",
        refused=lambda _context, error, code: f"{error.code} of {code}",
    )
    told = Bench(form).send([1], ["without", "?"], ["send.n_clicks"])
    assert told.keys() == {"result"}
    assert _props(told, "result") == {"children": "finance.round_exists of without"}


def test_what_the_page_asks_for_may_stand_beside_a_field_and_show_something(bench: Bench) -> None:
    bench.answer = Unsent(errors=("which one?",), shown=("nothing yet",))
    told = bench.send(**SENT, states=["a", "b", "?"])
    assert _props(told, "code") == {"error": "which one?"}
    assert _props(told, "list") == {"children": "nothing yet"}
    assert told.keys() == {"code", "list", "result"}
