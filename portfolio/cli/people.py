"""`portfolio user …` and `portfolio token …`, from the machine itself. No password ever stands in the arguments."""

import getpass
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from portfolio.access.local import LOCAL_OWNER
from portfolio.cli.opening import open_library, read_library
from portfolio.cli.telling import AsJson, language, say, say_record
from portfolio.cli.usage import WrongUsage
from portfolio.core.database import transaction
from portfolio.core.i18n import t
from portfolio.people import account, queries, service

Name = Annotated[str, typer.Argument(metavar="NAME")]
Role = Annotated[str, typer.Option(metavar="ROLE")]
Unit = Annotated[str | None, typer.Option(metavar="CODE")]
City = Annotated[str | None, typer.Option(metavar="CODE")]
Element = Annotated[str | None, typer.Option(metavar="land|sea|forest")]


def _password() -> str:
    """The password typed twice at a terminal, or the first line of the standard input."""
    asked = t("cli-user-password", language()) + ": "
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, second = getpass.getpass(asked), getpass.getpass(asked)
    if first != second:
        raise WrongUsage("usage.passwords_differ")
    return first


def add(
    name: Name,
    role: Role,
    full_name: Annotated[str, typer.Option(metavar="TEXT")] = "",
    unit: Unit = None,
    city: City = None,
    element: Element = None,
    subject: Annotated[str | None, typer.Option(metavar="SUBJECT")] = None,
    no_password: Annotated[bool, typer.Option("--no-password")] = False,
    must_change: Annotated[bool, typer.Option("--must-change")] = False,
    as_json: AsJson = False,
) -> None:
    """Add an account; its password is asked for, or read from the standard input."""
    engine = open_library()
    password = None if no_password else _password()
    data = service.NewUser(name, role, full_name, unit, city, element, password, subject, must_change)
    with transaction(engine) as session:
        service.add_user(session, LOCAL_OWNER, data)
    say("cli-user-added", name=name, role=t(f"role-{role}", language()))
    say_record(as_json, {"user": name, "role": role})


def list_(as_json: AsJson = False) -> None:
    """The accounts."""
    with transaction(read_library()) as session:
        rows = queries.list_users(session, LOCAL_OWNER)
    for row in rows if not as_json else ():
        marks = [name for name in ("disabled", "locked", "totp_on", "demonstration") if row[name]]
        of = row["unit"] or row["city"] or row["element"] or ""
        typer.echo("\t".join([row["name"], t(f"role-{row['role']}", language()), of, " ".join(marks)]))
    say_record(as_json, {"users": rows})


def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    unit: Unit = None,
    city: City = None,
    element: Element = None,
    as_json: AsJson = False,
) -> None:
    """Give an account another role (and unit, city or element)."""
    given = {"unit": unit, "city": city, "element": element}
    changes = {"role": role} | {key: value for key, value in given.items() if value is not None}
    with transaction(open_library()) as session:
        service.change_user(session, LOCAL_OWNER, name, changes)
    say("cli-user-changed", name=name)
    say_record(as_json, {"user": name, **changes})


def disable(name: Name, as_json: AsJson = False) -> None:
    """Disable an account: it is signed out and its tokens are revoked for good."""
    _set_disabled(name, True, as_json)


def enable(name: Name, as_json: AsJson = False) -> None:
    """Let a disabled account in again."""
    _set_disabled(name, False, as_json)


def _set_disabled(name: str, disabled: bool, as_json: bool) -> None:
    with transaction(open_library()) as session:
        service.change_user(session, LOCAL_OWNER, name, {"disabled": disabled})
    say("cli-user-changed", name=name)
    say_record(as_json, {"user": name, "disabled": disabled})


def reset(
    name: Name,
    second: Annotated[bool, typer.Option("--second-factor")] = False,
    as_json: AsJson = False,
) -> None:
    """Give an account a new password (asked for, or from the standard input) that its owner must change."""
    engine = open_library()
    password = "" if second else _password()
    with transaction(engine) as session:
        if second:
            service.reset_second_factor(session, LOCAL_OWNER, name)
        else:
            service.reset_password(session, LOCAL_OWNER, name, password)
    say("cli-user-changed", name=name)
    say_record(as_json, {"user": name, "reset": "second_factor" if second else "password"})


def unlock(
    name: Name,
    address: Annotated[bool, typer.Option("--address")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget the failed tries of an account, or those made from an address."""
    with transaction(open_library()) as session:
        if address:
            service.clear_address(session, LOCAL_OWNER, name)
        else:
            service.unlock(session, LOCAL_OWNER, name)
    say("cli-address-cleared" if address else "cli-user-changed", name=name)
    say_record(as_json, {"address" if address else "user": name, "unlocked": True})


def make(
    user: Annotated[str, typer.Argument(metavar="USER")],
    name: Annotated[str, typer.Option(metavar="TEXT")],
    days: Annotated[int, typer.Option(metavar="DAYS")] = 90,
    write: Annotated[bool, typer.Option("--write")] = False,
    action: Annotated[list[str] | None, typer.Option(metavar="ACTION")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token of an account; its secret is shown this once."""
    data = account.NewToken(name, days, write, tuple(action or ()))
    with transaction(open_library()) as session:
        number, secret = account.make_token(session, LOCAL_OWNER, data, service.get_user(session, user))
    if as_json:
        say_record(True, {"id": number, "token": secret})
        return
    say("cli-token-made", id=str(number))
    typer.echo(secret)


def list_tokens(user: Annotated[str, typer.Argument(metavar="USER")], as_json: AsJson = False) -> None:
    """The tokens of an account that are not revoked."""
    with transaction(read_library()) as session:
        rows = queries.own_tokens(session, int(service.get_user(session, user).id or 0))
    for row in rows if not as_json else ():
        kind = "write" if row["may_write"] else "read"
        typer.echo("\t".join([str(row["id"]), row["hint"] + "…", row["name"], kind, row["expires_at"].isoformat()]))
    say_record(as_json, {"tokens": rows})


def revoke(number: Annotated[int, typer.Argument(metavar="NUMBER")], as_json: AsJson = False) -> None:
    """Revoke a token."""
    with transaction(open_library()) as session:
        account.revoke_token(session, LOCAL_OWNER, number)
    say("cli-token-revoked", id=str(number))
    say_record(as_json, {"id": number, "revoked": True})


PEOPLE: dict[str, Callable[..., None]] = {
    "add": add,
    "list": list_,
    "role": role,
    "disable": disable,
    "enable": enable,
    "reset": reset,
    "unlock": unlock,
}
TOKENS: dict[str, Callable[..., None]] = {"make": make, "list": list_tokens, "revoke": revoke}
