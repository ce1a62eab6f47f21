"""`/me` and `/users`: who the caller is, their tokens, and the administration of accounts."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.door.context import By, Expected, Known, Reading, Writing, etag
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.listed import Listed
from api.schemas.answers.people import AddressOut, CallerOut, TokenMade, TokenOut, UserOut
from api.schemas.values import Number, Strict, left_out
from portfolio.access.rules import Element, Role, actions, offers
from portfolio.core.errors import ForbiddenError
from portfolio.people import account, queries, service
from portfolio.people.identity import Identity

router = APIRouter(tags=["people"])


class PersonFields(Strict):
    """What an administrator states of an account."""

    role: Role
    full_name: str = Field("", max_length=80)
    unit: str | None = None
    city: str | None = None
    element: Element | None = None
    subject: str | None = Field(None, max_length=200)


class PersonIn(PersonFields):
    """A new account; its first password must be changed by its owner. Without one it signs in at the provider."""

    name: str
    password: str | None = None


class PersonChange(Strict):
    """What is to change; what is left out stays."""

    role: Role = left_out()
    full_name: Annotated[str, Field(max_length=80)] = left_out()
    unit: str | None = None
    city: str | None = None
    element: Element | None = None
    subject: str | None = Field(None, max_length=200)
    disabled: bool = left_out()


class PasswordIn(Strict):
    """A password to be changed at the next sign-in."""

    password: str


class TokenIn(Strict):
    """A token to be made."""

    name: str = Field(max_length=80)
    days: int = Field(90, ge=1, le=account.LONGEST_DAYS)
    may_write: bool = False
    actions: list[str] = []


async def in_person(identity: Known) -> Identity:
    """Whoever came with a session of the pages: a token may not make or revoke tokens."""
    if not identity.csrf:
        raise ForbiddenError("people.no_token_by_token")
    return identity


InPerson = Annotated[Identity, Depends(in_person)]


@router.get("/me", response_model=CallerOut, operation_id="who_am_i")
@reads
def me(actor: By) -> Response:
    """Who the caller is and what may be done at all."""
    shown = {"name": actor.name, "role": actor.role, "unit": actor.unit, "city": actor.city, "element": actor.element}
    return answer({**shown, "actions": [action for action in actions() if offers(actor, action)]})


@router.get("/me/tokens", response_model=Listed[TokenOut], operation_id="list_tokens")
@reads
def tokens(session: Reading, actor: By) -> Response:
    """The caller's tokens; their secrets are nowhere."""
    user = account.own_account(session, actor)
    rows = [_plain(row) for row in queries.own_tokens(session, int(user.id or 0))]
    return page(rows, None, len(rows))


@router.post("/me/tokens", status_code=201, response_model=TokenMade, operation_id="make_token")
def make_token(body: TokenIn, session: Writing, identity: InPerson) -> Response:
    """Make a token; its secret is in this answer alone."""
    data = account.NewToken(body.name, body.days, body.may_write, tuple(body.actions))
    number, secret = account.make_token(session, identity.actor, data)
    return answer({"id": number, "token": secret}, 201)


@router.delete("/me/tokens/{number}", status_code=204, operation_id="revoke_token")
def revoke(number: Number, session: Writing, identity: InPerson) -> Response:
    """Revoke one of the caller's tokens."""
    account.revoke_token(session, identity.actor, number)
    return Response(status_code=204)


@router.get("/users", response_model=Listed[UserOut], operation_id="list_users")
@reads
def index(session: Reading, actor: By) -> Response:
    """Every account with its role, unit and state."""
    rows = [_plain(row) for row in queries.list_users(session, actor)]
    return page(rows, None, len(rows))


@router.post("/users", status_code=201, response_model=UserOut, operation_id="add_user")
def add(body: PersonIn, session: Writing, actor: By) -> Response:
    """Add an account; its owner must change the first password."""
    service.add_user(session, actor, service.NewUser(**body.model_dump()))
    return _record(session, actor, body.name, 201)


@router.get("/users/{name}", response_model=UserOut, operation_id="get_user")
@reads
def show(name: str, session: Reading, actor: By) -> Response:
    """One account with its role, unit and state."""
    return _record(session, actor, name)


@router.patch("/users/{name}", response_model=UserOut, operation_id="change_user")
def change(name: str, body: PersonChange, session: Writing, actor: By, version: Expected) -> Response:
    """Change an account; whoever loses a role, unit or the account is signed out everywhere."""
    service.change_user(session, actor, name, body.model_dump(exclude_unset=True), version)
    return _record(session, actor, name)


@router.post("/users/{name}/password", status_code=204, operation_id="reset_password")
def reset(name: str, body: PasswordIn, session: Writing, actor: By) -> Response:
    """Give an account a password its owner must change."""
    service.reset_password(session, actor, name, body.password)
    return Response(status_code=204)


@router.get("/sign-in/addresses", response_model=Listed[AddressOut], operation_id="list_failing_addresses")
@reads
def addresses(session: Reading, actor: By) -> Response:
    """The addresses that failed to sign in of late: failures that have not faded, and how long each must wait."""
    rows = queries.list_addresses(session, actor)
    return page(rows, None, len(rows))


@router.delete("/sign-in/addresses/{address}", status_code=204, operation_id="clear_address")
def clear(address: str, session: Writing, actor: By) -> Response:
    """Forget what was failed from an address, so that whoever sits behind it may sign in."""
    service.clear_address(session, actor, address)
    return Response(status_code=204)


@router.post("/users/{name}/unlock", status_code=204, operation_id="unlock_user")
def unlock(name: str, session: Writing, actor: By) -> Response:
    """Forget an account's failed tries."""
    service.unlock(session, actor, name)
    return Response(status_code=204)


@router.delete("/users/{name}/second-factor", status_code=204, operation_id="reset_second_factor")
def second_off(name: str, session: Writing, actor: By) -> Response:
    """Take an account's second factor away."""
    service.reset_second_factor(session, actor, name)
    return Response(status_code=204)


@router.delete("/users/{name}/tokens", status_code=204, operation_id="revoke_user_tokens")
def revoke_all(name: str, session: Writing, actor: By) -> Response:
    """Revoke every token of an account."""
    service.revoke_tokens(session, actor, name)
    return Response(status_code=204)


def _record(session: Any, actor: Any, name: str, status: int = 200) -> Response:
    held = _plain(queries.get_user(session, actor, name))
    response = answer(held, status)
    response.headers["ETag"] = etag(held["version"])
    return response


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
