"""Sign in through an OpenID Connect provider: the authorization code flow with PKCE, state and nonce."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor
from portfolio.access.tables import Handshake, User
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ForbiddenError, UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.journal import service as journal
from portfolio.people import limits
from portfolio.people import sign_in_journal as told_of
from portfolio.people.secrets import digest, new_secret
from portfolio.people.service import write as write_user
from portfolio.people.sign_in import Opened, named, open_session

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never "none", never a shared secret
LASTS = timedelta(minutes=10)
WAIT_SECONDS = 10
BEGUN_FROM_AN_ADDRESS, IN_SECONDS = 30, 600
LEEWAY_SECONDS = 60


@dataclass(frozen=True)
class Outward:
    """Where to send the browser, and the state that it must bring back from there."""

    address: str
    state: str


@dataclass(frozen=True)
class Told:
    """What the provider said of a person: its lasting subject, and the name it is known by there."""

    subject: str
    name: str


def begin(session: Session, back: str, onward: str, address: str) -> Outward:
    """Start on the way through the provider; `back` is the address it sends the browser back to.

    Raises `TooManyError` for a caller's `address` that starts and starts: each start is kept until it is over.
    """
    limits.admit(session, "provider", limits.network_of(address), BEGUN_FROM_AN_ADDRESS, IN_SECONDS)
    now = utc_now()
    session.execute(delete(Handshake).where(col(Handshake.started_at) < now - LASTS))
    nonce, verifier = new_secret(), new_secret() + new_secret()
    with _client(back) as client:
        there, state = client.create_authorization_url(
            _found("authorization_endpoint"),
            state=new_secret(),
            nonce=nonce,
            code_challenge=_challenge(verifier),
            code_challenge_method="S256",
        )
    values = {"key": digest(state), "nonce": nonce, "verifier": verifier, "onward": onward[:500], "started_at": now}
    session.execute(insert(_handshakes).values(**values))
    return Outward(there, state)


def taken(session: Session, state: str, held: str) -> Handshake:
    """The handshake of a returning browser, used up; `held` is the state that this very browser was given."""
    row = session.execute(select(Handshake).where(col(Handshake.key) == digest(state))).scalar_one_or_none()
    if row is None or not held or digest(held) != row.key or utc_now() - row.started_at > LASTS:
        raise UnauthenticatedError("people.oidc_failed", detail="state")
    found = Handshake(**row.model_dump())
    session.execute(delete(Handshake).where(col(Handshake.key) == row.key))
    return found


def told(handshake: Handshake, back: str, code: str) -> Told:
    """Exchange the code and verify the identity token: signature, issuer, audience, times and nonce."""
    try:
        with _client(back) as client:
            token = client.fetch_token(
                _found("token_endpoint"), code=code, code_verifier=handshake.verifier, grant_type="authorization_code"
            )
        return _verified(str(token.get("id_token") or ""), handshake.nonce)
    except OAuthError as error:
        raise UnauthenticatedError("people.oidc_failed", detail=str(error.error)) from error
    except (JoseError, ValueError) as error:
        raise UnauthenticatedError("people.oidc_failed", detail="id_token") from error
    except httpx2.HTTPError as error:
        raise UnauthenticatedError("people.oidc_failed", detail=type(error).__name__) from error


def _verified(text: str, nonce: str) -> Told:
    settings = get_settings()
    keys = KeySet.import_key_set(_fetched(_found("jwks_uri")))
    claims = jwt.decode(text, keys, algorithms=ALGORITHMS).claims
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        sub={"essential": True},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    rules.validate(claims)
    return Told(str(claims["sub"]), str(claims.get(settings.oidc_claim) or claims["sub"]))


def open_for(session: Session, who: Told, address: str, agent: str) -> Opened:
    """A session for the account of that subject, or of that name when none has the subject yet (it then keeps it).

    Accounts are made by the administrator, never by the provider: anyone else raises `ForbiddenError`.
    """
    revision.aside(session)
    found: User | None = session.execute(select(User).where(col(User.subject) == who.subject)).scalar_one_or_none()
    if found is None:
        found = named(session, who.name)
        if found is None or found.subject or found.password_hash:
            # An account with a password is its own: the provider's word alone does not take it over.
            raise ForbiddenError("people.oidc_unknown", value=who.name)
        write_user(session, found, {"subject": who.subject})
        actor = Actor(found.name, found.role, found.unit, found.city, found.id, address)
        bound = journal.Entry(told_of.subject_of(found.name), "update", {"subject": None}, {"subject": who.subject})
        journal.record(session, actor, "people", [bound])
    if found.disabled:
        raise ForbiddenError("people.oidc_unknown", value=who.name)
    return open_session(session, found, address, agent, "provider")


def not_by_provider(session: Session, address: str) -> None:
    """Journal that somebody whom the provider knows has no account here; in a transaction after the refusal."""
    told_of.failed(session, None, address, "provider")


def _client(back: str) -> Any:
    settings = get_settings()
    return OAuth2Client(
        settings.oidc_client_id,
        settings.oidc_client_secret,
        scope=SCOPE,
        redirect_uri=back,
        timeout=WAIT_SECONDS,
        trust_env=False,
    )


def _found(name: str) -> str:
    """An address of the provider's discovery document, which must be the issuer's own."""
    issuer = get_settings().oidc_issuer
    document = _fetched(issuer.rstrip("/") + "/.well-known/openid-configuration")
    if document.get("issuer") != issuer or name not in document:
        raise UnauthenticatedError("people.oidc_failed", detail="discovery")
    return str(document[name])


def _fetched(address: str) -> Any:
    try:
        answer = httpx2.get(address, timeout=WAIT_SECONDS, trust_env=False)
        answer.raise_for_status()
        return answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise UnauthenticatedError("people.oidc_failed", detail=type(error).__name__) from error


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


_handshakes = Handshake.metadata.tables["handshakes"]
