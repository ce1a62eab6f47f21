"""No request sends more than an upload may hold: its body is read before it is known who sends it."""

from starlette.exceptions import HTTPException

from api.door.origin import Application, Message, Receive, Send
from portfolio.core.settings import body_limit


class BodyLimitMiddleware:
    """Stops reading a body past the limit; whoever reads it then answers 413."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = body_limit()

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
