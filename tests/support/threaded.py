"""A client of the pages that asks in a thread of its own, as the server does.

A browser that was opened in the same process leaves an event loop behind, beside which Dash's own views do not run.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class ThreadedClient(FlaskClient):
    """Answers are read to their end before they are given back."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, and wait for the whole answer."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(super().open, *args, **{**kwargs, "buffered": True}).result()
