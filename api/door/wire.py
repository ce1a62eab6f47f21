"""What comes over the wire is text and numbers that the product can hold, or it is refused before any route sees it.

JSON itself allows more than any database keeps: halves of characters, NUL, integers of any length; Python's reader
allows more than JSON: NaN, a key twice. One place refuses them all, by the place where they stand.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from anyio import to_thread
from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from api.door.context import request_language
from api.door.origin import Application, Message, Receive, Send
from api.door.problems import field_json, problem
from api.schemas.typed import REFUSED
from api.schemas.values import MOST, ODD_TEXT, shown
from portfolio.core.errors import FieldError, UnreadableError
from portfolio.core.plain_text import refused
from portfolio.core.settings import body_limit

DEEPEST = 64
LARGE = 256 * 1024  # bytes above which reading would hold up other requests
JSON_MEDIA = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;|$)", re.IGNORECASE)
LEAST = -MOST - 1


class WireMiddleware:
    """Refuses addresses and JSON bodies with what cannot be held; everything else passes as it came."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if "\0" in scope["path"]:
            await problem(request, 404, "request.not_found")(scope, receive, send)
            return
        if "%00" in scope["query_string"].decode("latin-1"):
            await _refused(request, list(_odd_query(scope)))(scope, receive, send)
            return
        if not JSON_MEDIA.match(Headers(scope=scope).get("content-type", "")):
            await self._app(scope, receive, send)
            return
        await self._json(request, receive, send)

    async def _json(self, request: Request, receive: Receive, send: Send) -> None:
        scope = request.scope
        try:
            body = await _whole(receive)
            if body is None:
                return  # whoever sent it has gone
            faults = await to_thread.run_sync(found_in, body) if len(body) > LARGE else found_in(body)
        except UnreadableError as error:
            await problem(request, 400, error.code, **error.params)(scope, receive, send)
            return
        except HTTPException as error:  # the limit of bodies is read through this receive
            await problem(request, error.status_code, "request.too_large", limit=str(body_limit() >> 20))(
                scope, receive, send
            )
            return
        if faults:
            await _refused(request, faults)(scope, receive, send)
            return
        await self._app(scope, _again(body, receive), send)


def found_in(body: bytes) -> list[FieldError]:
    """What of a JSON body cannot be held, by its place; an empty body has nothing. Raises `UnreadableError`."""
    if not body:
        return []
    try:
        value = json.loads(body.decode(), parse_constant=_no_number, object_pairs_hook=_object)
        return list(_faults(value, (), 0))
    except RecursionError:
        raise UnreadableError("request.too_deep", limit=str(DEEPEST)) from None
    except ValueError:
        raise UnreadableError("request.bad_json") from None


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise UnreadableError("request.key_twice", value=shown(twice))
    return found


def _faults(value: Any, place: tuple[str, ...], depth: int) -> Iterator[FieldError]:
    """Every fault of a value and of what lies in it."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        for name, held in value.items():
            if ODD_TEXT.search(name):
                yield _odd((*place, name), name)
            yield from _faults(held, (*place, name), depth + 1)
    elif isinstance(value, list):
        for position, held in enumerate(value):
            yield from _faults(held, (*place, str(position)), depth + 1)
    elif isinstance(value, str) and ODD_TEXT.search(value):
        yield _odd(place, value)
    elif _too_large(value):
        yield _fault(place, "field.too_large")


def _too_large(value: Any) -> bool:
    if isinstance(value, int):
        return not LEAST <= value <= MOST
    return isinstance(value, float) and not math.isfinite(value)


def _fault(place: tuple[str, ...], code: str) -> FieldError:
    return FieldError(".".join(map(shown, place)), code)


def _odd(place: tuple[str, ...], text: str) -> FieldError:
    """The fault of a text with a character that cannot be kept, as every other place tells it."""
    return FieldError(".".join(map(shown, place)), f"field.{REFUSED}", {"character": refused(text) or ""})


def _odd_query(scope: Message) -> Iterator[FieldError]:
    for pair in scope["query_string"].decode("latin-1").split("&"):
        if "%00" in pair:
            yield _odd((unquote(pair.partition("=")[0]),), "\0")


def _refused(request: Request, faults: list[FieldError]) -> Any:
    lang = request_language(request)
    return problem(request, 422, "request.invalid", [field_json(fault, lang) for fault in faults])


async def _whole(receive: Receive) -> bytes | None:
    """The whole body, or nothing when the line broke."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever else the connection tells."""
    told = False

    async def once() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
