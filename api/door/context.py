"""What every route depends on: the session, the reader's scope, the writer and the language."""

from collections.abc import AsyncIterator
from typing import Annotated

from anyio import Semaphore, to_thread
from fastapi import Depends, Header, Query, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from sqlalchemy import Engine
from sqlmodel import Session

from api.door.lane import lane
from api.door.origin import origin_of_request
from portfolio.access.origin import stamp
from portfolio.access.rules import Actor, Scope, scope_of
from portfolio.core.errors import PortfolioError
from portfolio.core.i18n import choose_language
from portfolio.people.door import COOKIE, CSRF_HEADER, Knock, opened
from portfolio.people.identity import Identity, seen

WRITERS = 20
LONGEST_VERSION = 18  # digits that every database holds


class PreconditionMissingError(PortfolioError):
    """A change came without If-Match."""

    kind = "precondition_required"


async def read_session(request: Request) -> AsyncIterator[Session]:
    """A session to read with; nothing is committed. Opening and closing one does not wait, so no thread is needed."""
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        yield session


async def write_session(request: Request) -> AsyncIterator[Session]:
    """The one transaction of a writing request, committed before the answer is sent.

    Writers of one process take turns (`app.state.turns`) rather than wait for the database's lock in a thread each.
    """
    async with request.app.state.turns:
        with Session(request.app.state.engine, expire_on_commit=False) as session:
            stamp(session, origin_of_request(request))
            yield session
            if session.in_transaction():
                await to_thread.run_sync(session.commit)


def turns(engine: Engine) -> Semaphore:
    """How many requests of one process may write at once: SQLite has one writer, a server as many as connections."""
    return Semaphore(1 if engine.dialect.name == "sqlite" else WRITERS)


def knock_of(request: Request) -> Knock:
    """What the request shows of itself."""
    headers = request.headers
    came = origin_of_request(request)
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    return Knock(
        request.method,
        headers.get("host", ""),
        headers.get("origin", ""),
        headers.get("sec-fetch-site", ""),
        request.cookies.get(COOKIE, ""),
        bearer.strip() if scheme.lower() == "bearer" else "",
        headers.get(CSRF_HEADER, ""),
        came.address,
        came.request_id,
        "x-forwarded-for" in headers or "forwarded" in headers,
    )


async def identified(request: Request) -> Identity:
    """Who the caller is, by a personal token or by a session's cookie; raises when it is nobody."""
    return await to_thread.run_sync(_identify, request.app.state.engine, knock_of(request), limiter=lane())


def _identify(engine: Engine, knock: Knock) -> Identity:
    with Session(engine, expire_on_commit=False) as session:
        found = opened(session, knock)
    if found.stale:
        seen(engine, found)
    return found


# What every route asks first. The two proofs only tell the API's description: `identified` reads them itself, and has
# no dependencies of its own, since the framework walks those again for each of its dependants.
DOOR = [
    Depends(HTTPBearer(auto_error=False, description="A personal token (portfolio token make)")),
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="A session of the pages")),
    Depends(identified),
]
Known = Annotated[Identity, Depends(identified)]


async def writer(identity: Known) -> Actor:
    """Who the caller is, as the one who acts."""
    return identity.actor


async def reader_scope(identity: Known) -> Scope:
    """The projects the caller may read."""
    return scope_of(identity.actor)


async def language(
    lang: Annotated[str | None, Query(description="zh / en", pattern="^(zh|en)$")] = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> str:
    """The language of messages: `lang`, else Accept-Language, else Chinese."""
    return choose_language(lang or accept_language)


def request_language(request: Request) -> str:
    """The language of a request that failed before its parameters were read."""
    return choose_language(request.query_params.get("lang") or request.headers.get("accept-language"))


async def expected_version(
    if_match: Annotated[str | None, Header(description="ETag of the record as it was read")] = None,
) -> int:
    """The version in If-Match; raises when it is missing, and 0 (never current) when it is not ours."""
    return version_of(if_match)


def version_of(if_match: str | None) -> int:
    """The version an If-Match header names; raises when there is none."""
    if if_match is None:
        raise PreconditionMissingError("request.no_if_match")
    text = if_match.strip().removeprefix("W/").strip('"')
    # `isdigit` alone is also true of ², which is no number.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else 0


Reading = Annotated[Session, Depends(read_session)]
Writing = Annotated[Session, Depends(write_session, scope="function")]
Within = Annotated[Scope, Depends(reader_scope)]
By = Annotated[Actor, Depends(writer)]
Language = Annotated[str, Depends(language)]
Expected = Annotated[int, Depends(expected_version)]


def etag(version: int | None) -> str:
    """The ETag of a record's version."""
    return f'"{version or 0}"'
