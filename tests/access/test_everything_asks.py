"""Every function of the domain that is handed an actor asks the table about them, or hands them on to one that does."""

import ast
from pathlib import Path

import portfolio

ASKING = {"require", "require_some", "require_for", "require_read", "require_open", "pass_gate", "pass_many"}
ASKING |= {"allows", "offers", "scope_of", "own_account"}
# What an actor is handed to for another reason than to be let in; whoever calls it has asked, or it is their own.
TRUSTED = {
    "accept_details": "the acceptance has asked",
    "accept_financing": "the acceptance has asked",
    "accept_needs": "the acceptance has asked",
    "accept_profile": "the acceptance has asked",
    "admit_import": "limits an account; the import itself asks",
    "apply": "runs the import, which asks",
    "approver_faults": "who stands for an approval, which asks",
    "check": "runs the import, which asks",
    "find_draft": "one's own drafts",
    "freeze": "a policy that is being used; its user has asked",
    "insert_edition": "the import or the roll of an edition has asked",
    "keep_answer": "the worker keeps what somebody was let ask for",
    "list_drafts": "one's own drafts",
    "merge": "the acceptance has asked",
    "move": "the workflow has asked",
    "move_to_unit": "the hand-over has asked",
    "name_instead": "the hand-over has asked",
    "needed_draft": "one's own drafts",
    "newest_of_new": "one's own drafts",
    "owed": "what one's own unit is asked",
    "own_account": "one's own account",
    "own_faults": "who stands for an approval, which asks",
    "pass_drafts": "the hand-over has asked",
    "pass_on": "the hand-over has asked",
    "person_of": "under which name a change is kept that asks",
    "propose": "the service of the part has asked",
    "propose_needs": "the service has asked",
    "propose_record": "the service has asked",
    "office_of": "whose one's own profiles are",
    "record": "the journal itself",
    "record_applied": "the import has asked",
    "remembered": "the profiles of one's own office, for an import that asks",
    "require_own": "one's own imports, whatever one's role",
    "restage": "the workflow has asked",
    "restate": "the act that decides the fact has asked",
    "revoke_token": "one's own tokens",
    "scope_of": "is the table's own answer",
    "set_state": "the approval or the round has asked",
    "signed_out": "one's own sessions",
    "typed_faults": "the name typed into a form whose change asks",
    "voices": "for which units one speaks; what is said asks",
    "write_needs": "the service has asked",
    "write_record": "the service has asked",
}


def names_called(function: ast.FunctionDef, handing_the_actor: bool) -> set[str]:
    """The names of what a function calls, on request only of those it hands its actor to."""
    found = set()
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        handed = any(isinstance(part, ast.Name) and part.id == "actor" for part in given)
        if handed or not handing_the_actor:
            found.add(call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", ""))
    return found


def functions() -> list[ast.FunctionDef]:
    """Every function of the domain with a parameter `actor`."""
    files = sorted(Path(portfolio.__file__).parent.rglob("*.py"))
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    found = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return [one for one in found if any(part.arg == "actor" for part in (*one.args.args, *one.args.kwonlyargs))]


def test_whoever_is_handed_an_actor_asks_about_them() -> None:
    listed = functions()
    asking = {one.name for one in listed if names_called(one, False) & ASKING}
    while more := {one.name for one in listed if names_called(one, True) & asking} - asking:
        asking |= more
    silent = {one.name for one in listed if not one.name.startswith("_")} - asking
    assert silent == set(TRUSTED)
