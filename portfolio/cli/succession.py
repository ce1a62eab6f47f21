"""`portfolio unit hand-over` and `portfolio user hand-over`, from the machine itself."""

from collections.abc import Callable
from typing import Annotated

import typer
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.cli.opening import open_library, read_library
from portfolio.cli.telling import AsJson, say, say_record
from portfolio.core.database import transaction
from portfolio.succession.queries import Borne, borne
from portfolio.succession.service import HandOver, hand_over_account, hand_over_unit

Reason = Annotated[str, typer.Option(metavar="TEXT")]
Document = Annotated[str, typer.Option("--doc", metavar="TEXT")]


def hand_over(
    giver: Annotated[str, typer.Argument(metavar="UNIT")],
    taker: Annotated[str, typer.Argument(metavar="SUCCESSOR")],
    reason: Reason = "",
    doc_no: Document = "",
    check: Annotated[bool, typer.Option("--check")] = False,
    as_json: AsJson = False,
) -> None:
    """A unit's accounts and projects to its successor; all of it or nothing."""
    if check:
        with Session(read_library()) as session:
            moved = borne(session, EVERYTHING, giver)
    else:
        with transaction(open_library()) as session:
            moved = hand_over_unit(session, LOCAL_OWNER, HandOver(giver, taker, reason, doc_no))
    say("cli-hand-over-ahead" if check else "cli-handed-over", to=taker, **_counts(moved))
    told = {name: list(value) for name, value in vars(moved).items()}
    say_record(as_json, {"unit": giver, "to": taker, "written": not check, **told})


def _counts(moved: Borne) -> dict[str, str]:
    return {"accounts": str(len(moved.accounts)), "projects": str(len(moved.projects))}


def hand_over_user(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    to: Annotated[str, typer.Argument(metavar="NAME")],
    reason: Reason = "",
    disable: Annotated[bool, typer.Option("--disable")] = False,
    as_json: AsJson = False,
) -> None:
    """An account's unsaved drafts and what consultations ask of it by name to another account."""
    with transaction(open_library()) as session:
        moved = hand_over_account(session, LOCAL_OWNER, HandOver(name, to, reason), disable)
    counts = {"drafts": str(len(moved.drafts)), "consultations": str(len(moved.consultations))}
    say("cli-user-handed-over", name=name, to=to, **counts)
    say_record(as_json, {"user": name, "to": to, "drafts": list(moved.drafts), "disabled": disable})


UNITS: dict[str, Callable[..., None]] = {"hand-over": hand_over}
