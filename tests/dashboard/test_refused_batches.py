"""What a form says of a refused batch: project and line before each fault, each once, and not thousands of them."""

from dashboard.components.answers import SHOWN, refusal
from dashboard.context import Context
from portfolio.core.errors import About, FieldError, InvalidError, of_part

ZH, EN = Context("zh", "light"), Context("en", "light")


def batch(count: int) -> InvalidError:
    faults = [FieldError("state", "finance.not_proposed")] * 2
    named = (About(f"项目{n} · 债券 2027 年", f"Project {n} · bonds 2027") for n in range(count))
    return InvalidError("finance.invalid", [one for n, about in enumerate(named) for one in of_part(faults, n, about)])


def test_each_fault_names_project_and_line_once() -> None:
    assert refusal(ZH, batch(2)).rest == (
        "项目0 · 债券 2027 年：尚未提出拟安排，不能下达；请先审核。",
        "项目1 · 债券 2027 年：尚未提出拟安排，不能下达；请先审核。",
    )
    assert refusal(EN, batch(1)).words.startswith("Project 0 · bonds 2027: Nothing is proposed yet")


def test_a_fault_of_a_line_does_not_stand_beside_a_field_of_the_form() -> None:
    found = refusal(ZH, batch(2), ("state",))
    assert (found.errors, len(found.rest)) == ((None,), 2)


def test_of_very_many_the_first_are_told_and_how_many_more() -> None:
    found = refusal(ZH, batch(SHOWN + 30))
    assert (len(found.rest), found.more) == (SHOWN + 30, "另有 30 条，未逐一列出。")
    assert found.words.count("尚未提出拟安排") == SHOWN and found.words.endswith(found.more)
    assert found.alert is not None and len(found.alert.children) == SHOWN + 1
    assert refusal(ZH, batch(SHOWN)).more == ""


def test_the_same_fault_of_one_field_is_said_once() -> None:
    twice = InvalidError("finance.invalid", [FieldError("reason", "finance.reason_required")] * 2)
    assert refusal(ZH, twice, ("reason",)).errors == ("核减或退回须选择原因。",)
