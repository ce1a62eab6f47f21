"""`portfolio user …` and `portfolio token …`, from the machine itself. No password ever stands in the arguments."""

import getpass
import sys
from typing import Annotated

import orjson
import typer
from sqlalchemy import Engine

from portfolio.access.local import LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.core.i18n import t
from portfolio.core.schema import own_engine
from portfolio.core.settings import get_settings
from portfolio.people import account, queries, service

people = typer.Typer(no_args_is_help=True, help="Accounts.")
tokens = typer.Typer(no_args_is_help=True, help="Personal API tokens.")
Unit = Annotated[str | None, typer.Option(help="the unit's code")]
City = Annotated[str | None, typer.Option(help="the city's code, for city reviewers")]
Element = Annotated[str | None, typer.Option(help="land, sea or forest, for element authorities")]
AsJson = Annotated[bool, typer.Option("--json")]


def _engine() -> Engine:
    return own_engine(get_settings().database_url)


def _say(key: str, **params: object) -> None:
    typer.echo(t(key, get_settings().language, **params))


def _password() -> str:
    """The password typed twice at a terminal, or the first line of the standard input."""
    asked = t("cli-user-password", get_settings().language) + ": "
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, second = getpass.getpass(asked), getpass.getpass(asked)
    if first != second:
        raise typer.BadParameter("the two passwords differ")
    return first


@people.command("add")
def add(
    name: str,
    role: Annotated[str, typer.Option()],
    full_name: Annotated[str, typer.Option()] = "",
    unit: Unit = None,
    city: City = None,
    element: Element = None,
    subject: Annotated[str | None, typer.Option(help="its name at the OpenID provider")] = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="it signs in through the provider alone")] = False,
    must_change: Annotated[bool, typer.Option("--must-change", help="ask for another at the first sign-in")] = False,
) -> None:
    """Add an account; its password is asked for, or read from the standard input."""
    password = None if no_password else _password()
    data = service.NewUser(name, role, full_name, unit, city, element, password, subject, must_change)
    with transaction(_engine()) as session:
        service.add_user(session, LOCAL_OWNER, data)
    _say("cli-user-added", name=name, role=t(f"role-{role}", get_settings().language))


@people.command("list")
def list_(as_json: AsJson = False) -> None:
    """The accounts."""
    with transaction(_engine()) as session:
        rows = queries.list_users(session, LOCAL_OWNER)
    if as_json:
        typer.echo(orjson.dumps({"users": rows}).decode())
        return
    for row in rows:
        marks = [name for name in ("disabled", "locked", "totp_on", "demonstration") if row[name]]
        of = row["unit"] or row["city"] or row["element"] or ""
        typer.echo("\t".join([row["name"], t(f"role-{row['role']}", get_settings().language), of, " ".join(marks)]))


@people.command("role")
def role(name: str, role: str, unit: Unit = None, city: City = None, element: Element = None) -> None:
    """Give an account another role (and unit, city or element)."""
    given = {"unit": unit, "city": city, "element": element}
    changes = {"role": role} | {key: value for key, value in given.items() if value is not None}
    with transaction(_engine()) as session:
        service.change_user(session, LOCAL_OWNER, name, changes)
    _say("cli-user-changed", name=name)


@people.command("disable")
def disable(name: str) -> None:
    """Disable an account: it is signed out and its tokens are revoked for good."""
    _set_disabled(name, True)


@people.command("enable")
def enable(name: str) -> None:
    """Let a disabled account in again."""
    _set_disabled(name, False)


def _set_disabled(name: str, disabled: bool) -> None:
    with transaction(_engine()) as session:
        service.change_user(session, LOCAL_OWNER, name, {"disabled": disabled})
    _say("cli-user-changed", name=name)


@people.command("reset")
def reset(
    name: str,
    second: Annotated[bool, typer.Option("--second-factor", help="take the second factor away instead")] = False,
) -> None:
    """Give an account a new password (asked for, or from the standard input) that its owner must change."""
    password = "" if second else _password()
    with transaction(_engine()) as session:
        if second:
            service.reset_second_factor(session, LOCAL_OWNER, name)
        else:
            service.reset_password(session, LOCAL_OWNER, name, password)
    _say("cli-user-changed", name=name)


@people.command("unlock")
def unlock(
    name: Annotated[str, typer.Argument(help="an account, or with --address an address")],
    address: Annotated[bool, typer.Option("--address", help="clear an address that failed too often")] = False,
) -> None:
    """Forget the failed tries of an account, or those made from an address."""
    with transaction(_engine()) as session:
        if address:
            service.clear_address(session, LOCAL_OWNER, name)
        else:
            service.unlock(session, LOCAL_OWNER, name)
    _say("cli-address-cleared" if address else "cli-user-changed", name=name)


@tokens.command("make")
def make(
    user: str,
    name: Annotated[str, typer.Option(help="what it is for")],
    days: Annotated[int, typer.Option()] = 90,
    write: Annotated[bool, typer.Option("--write", help="it may also change")] = False,
    action: Annotated[list[str] | None, typer.Option(help="narrow it to these actions")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token of an account; its secret is shown this once."""
    data = account.NewToken(name, days, write, tuple(action or ()))
    with transaction(_engine()) as session:
        number, secret = account.make_token(session, LOCAL_OWNER, data, service.get_user(session, user))
    if as_json:
        typer.echo(orjson.dumps({"id": number, "token": secret}).decode())
        return
    _say("cli-token-made", id=str(number))
    typer.echo(secret)


@tokens.command("list")
def list_tokens(user: str, as_json: AsJson = False) -> None:
    """The tokens of an account that are not revoked."""
    with transaction(_engine()) as session:
        rows = queries.own_tokens(session, int(service.get_user(session, user).id or 0))
    if as_json:
        typer.echo(orjson.dumps({"tokens": rows}).decode())
        return
    for row in rows:
        kind = "write" if row["may_write"] else "read"
        typer.echo("\t".join([str(row["id"]), row["hint"] + "…", row["name"], kind, row["expires_at"].isoformat()]))


@tokens.command("revoke")
def revoke(number: int) -> None:
    """Revoke a token."""
    with transaction(_engine()) as session:
        account.revoke_token(session, LOCAL_OWNER, number)
    _say("cli-token-revoked", id=str(number))
