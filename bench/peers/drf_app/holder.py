"""Who shows a bearer token, looked up by its digest."""

import hashlib
from typing import Any

from rest_framework import authentication, exceptions

from bench.peers.drf_app.models import Token


class Holder(authentication.BaseAuthentication):
    """The holder of a bearer token."""

    def authenticate(self, request: Any) -> tuple[Any, None]:
        secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
        held = Token.objects.filter(digest=hashlib.sha256(secret.encode()).hexdigest()).first()
        if held is None:
            raise exceptions.AuthenticationFailed()
        held.is_authenticated = True
        return held, None
