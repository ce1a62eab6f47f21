"""A small OpenID Connect provider in a process of its own: discovery, form, code with PKCE, signed tokens, keys."""

import base64
import hashlib
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Header
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.postgres import free_port

CLIENT, SECRET = "portfolio", "a secret of the test"
WAIT_SECONDS = 60


class Provider:
    """The provider's routes and what it remembers; `fault` makes it err in one way."""

    def __init__(self, issuer: str, fault: str) -> None:
        self.issuer, self.fault = issuer, fault
        self.key, self.other = (RSAKey.generate_key(2048, {"kid": "k1"}) for _ in range(2))
        self.codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.issuer, **{name: self.issuer + path for name, path in places.items()}}

    def ask(self, client_id: str, redirect_uri: str, state: str, nonce: str, code_challenge: str) -> HTMLResponse:
        kept = {"redirect_uri": redirect_uri, "state": state, "nonce": nonce, "code_challenge": code_challenge}
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in kept.items())
        assert client_id == CLIENT
        return HTMLResponse(f'<form method="post">{fields}<input name="name"><button>in</button></form>')

    def send_back(
        self,
        redirect_uri: Annotated[str, Form()],
        state: Annotated[str, Form()],
        nonce: Annotated[str, Form()],
        code_challenge: Annotated[str, Form()],
        name: Annotated[str, Form()],
    ) -> Response:
        code = secrets.token_urlsafe(16)
        self.codes[code] = {"nonce": nonce, "challenge": code_challenge, "name": name, "redirect_uri": redirect_uri}
        return RedirectResponse(redirect_uri + "?" + urlencode({"code": code, "state": state}), 302)

    def token(
        self,
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        authorization: Annotated[str, Header()] = "",
    ) -> Response:
        given = self.codes.pop(code, None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
        client = base64.b64decode(authorization.removeprefix("Basic ") or b"").decode()
        known = client == f"{CLIENT}:{SECRET}"
        if given is None or not known or given["challenge"] != proof or given["redirect_uri"] != redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._signed(given)})

    def _signed(self, given: dict[str, str]) -> str:
        now, fault = int(time.time()), self.fault
        claims: dict[str, Any] = {
            "iss": "https://elsewhere.example" if fault == "issuer" else self.issuer,
            "aud": "another" if fault == "audience" else CLIENT,
            "sub": f"subject-of-{given['name']}",
            "preferred_username": given["name"],
            "nonce": "stale" if fault == "nonce" else given["nonce"],
            "iat": now,
            "exp": now - 3600 if fault == "expired" else now + 300,
        }
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.other if fault == "signature" else self.key)

    def keys(self) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


def create() -> FastAPI:
    """The provider as its process serves it."""
    made, app = Provider(os.environ["PROVIDER_ISSUER"], os.environ.get("PROVIDER_FAULT", "")), FastAPI()
    app.get("/.well-known/openid-configuration")(made.discovery)
    app.get("/authorize")(made.ask)
    app.post("/authorize")(made.send_back)
    app.post("/token")(made.token)
    app.get("/keys")(made.keys)
    return app


@contextmanager
def provider(fault: str = "") -> Iterator[str]:
    """Run the provider and yield its issuer."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "tests.support.provider:create", "--factory", "--port", str(port)]
    environment = {**os.environ, "PROVIDER_ISSUER": issuer, "PROVIDER_FAULT": fault}
    process = subprocess.Popen([*command, "--log-level", "error"], env=environment)
    try:
        _wait(issuer, process)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(issuer: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{issuer}/keys", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the provider did not start")
