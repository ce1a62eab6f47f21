"""What the sign-in pages ask: passwords, second factors, first passwords, the way through the OpenID provider."""

from dataclasses import replace

from flask import request
from sqlmodel import Session

from dashboard.data import knock, read, write
from portfolio.access.tables import User
from portfolio.core.errors import ForbiddenError, UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.people import account, openid, sign_in
from portfolio.people.door import require_same_origin
from portfolio.people.identity import Identity, count_people, demonstration_people, of_cookie, sign_in_required
from portfolio.people.sign_in import Opened, on_this_machine


def is_required() -> bool:
    """Whether there is anything to sign in to."""
    return read(sign_in_required)


def any_people() -> bool:
    """Whether there is an account at all."""
    return read(count_people) > 0


def demonstration() -> list[User]:
    """The demonstration accounts, told only to who sits at the machine itself."""
    return read(demonstration_people) if on_this_machine(request.remote_addr or "") else []


def with_password(name: str, password: str) -> Opened:
    """A session by a password; every try is counted before it is judged."""
    shown = knock()
    require_same_origin(shown)
    write(lambda session: sign_in.claim(session, name, shown.address))
    agent = request.headers.get("User-Agent", "")

    def open_anew(session: Session) -> Opened:
        made = sign_in.by_password(session, name, password, shown.address, agent)
        sign_in.forget(session, shown.cookie)
        return made

    try:
        return write(open_anew)
    except UnauthenticatedError:
        write(lambda session: sign_in.not_by_password(session, name, shown.address))
        raise


def unfinished() -> Identity:
    """The session that still owes something; raises `UnauthenticatedError` when there is none."""
    shown = knock()
    require_same_origin(shown)
    found = read(lambda session: of_cookie(session, shown.cookie)) if shown.cookie else None
    if found is None:
        raise UnauthenticatedError("people.sign_in_first")
    return replace(found, actor=replace(found.actor, address=shown.address, request_id=shown.request_id))


def with_code(identity: Identity, code: str) -> Opened:
    """The session after its second factor."""
    write(lambda session: sign_in.claim_second(session, identity))
    try:
        return write(lambda session: sign_in.second_factor(session, identity, code))
    except UnauthenticatedError:
        write(lambda session: sign_in.not_by_second(session, identity))
        raise


def first_password(identity: Identity, old: str, new: str) -> Opened:
    """The session after the first password was exchanged for the person's own."""

    def exchange(session: Session) -> Opened:
        account.change_password(session, identity.actor, old, new, identity.key)
        return sign_in.renew(session, identity, sign_in.next_stage(session, identity))

    write(lambda session: account.claim(session, identity.actor))
    return write(exchange)


def enrolment(identity: Identity) -> account.Enrolment:
    """A second factor to be set up."""
    return write(lambda session: account.begin_enrolment(session, identity.actor))


def pending(identity: Identity) -> account.Enrolment:
    """The second factor that is being set up."""
    return read(lambda session: account.enrolment_of(account.own_account(session, identity.actor)))


def enrolled(identity: Identity, code: str) -> tuple[list[str], Opened]:
    """The recovery codes, and the session with its second factor set up."""

    def confirm(session: Session) -> tuple[list[str], Opened]:
        codes = account.confirm_enrolment(session, identity.actor, code, identity.key)
        return codes, sign_in.renew(session, identity, sign_in.next_stage(session, identity))

    return write(confirm)


def leave() -> None:
    """End the session of this request, whatever it still owes."""
    shown = knock()
    require_same_origin(shown)
    found = read(lambda session: of_cookie(session, shown.cookie)) if shown.cookie else None
    if found is not None:
        write(lambda session: sign_in.sign_out(session, found))


def _back() -> str:
    """Where the provider sends the browser back to."""
    base = get_settings().public_url.rstrip("/") or request.host_url.rstrip("/")
    return base + "/sign-in/provider/return"


def outward(onward: str) -> openid.Outward:
    """Where to send the browser to sign in at the provider."""
    return write(lambda session: openid.begin(session, _back(), onward, knock().address))


def returned(held: str) -> tuple[Opened, str]:
    """The session of someone whom the provider sent back, and where they wanted to go."""
    given, shown = request.args, knock()
    handshake = write(lambda session: openid.taken(session, given.get("state", ""), held))
    if "code" not in given:
        raise UnauthenticatedError("people.oidc_failed", detail=given.get("error", "code")[:60])
    who = openid.told(handshake, _back(), given["code"])
    agent = request.headers.get("User-Agent", "")

    def open_anew(session: Session) -> Opened:
        made = openid.open_for(session, who, shown.address, agent)
        sign_in.forget(session, shown.cookie)
        return made

    try:
        return write(open_anew), handshake.onward
    except ForbiddenError:
        write(lambda session: openid.not_by_provider(session, shown.address))
        raise


def provider_label() -> str:
    """What the OpenID provider is called; empty when there is none."""
    settings = get_settings()
    return (settings.oidc_label or settings.oidc_issuer) if settings.oidc_issuer else ""
