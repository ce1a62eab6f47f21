"""Eight clients over HTTP, each walking filtered and sorted lists page by page on a kept connection."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from tests.support.postgres import free_port

CLIENTS = 8
PAGES = 4
STAGES = ("planning", "reserve", "preliminary", "ready", "under_construction", "completed")
CITIES = ("450100", "450500", "450600", "450700", "450900", "451400")
SORTS = ("-total_investment", "start_month", "name_zh", "total_investment")
Body = dict[str, Any]  # what an address answers
Follow = Callable[[Body, int], dict[str, str]]
Headers = Mapping[str, str]
NONE: Headers = MappingProxyType({})
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int

    @property
    def spent(self) -> float:
        """Processor seconds so far, its own and the system's for it: what other work on the machine leaves alone."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def served(arguments: list[str], environment: dict[str, str]) -> Iterator[int]:
    """Run `uvicorn arguments` on a free port until the block ends."""
    with running(arguments, environment) as server:
        yield server.port


@contextmanager
def running(arguments: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """As `served`, with what is to be known of the process."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", *arguments, "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, env={"SIGN_IN": "off", **os.environ, **environment})
    try:
        _wait(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def requests_per_second(port: int, path: str, follow: Follow, seconds: float, headers: Headers = NONE) -> float:
    """Pages of 50 a second, filtered and sorted, over `CLIENTS` clients."""
    counts = [0] * CLIENTS
    stop = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_walk, args=(port, path, follow, stop, counts, n, headers)) for n in range(CLIENTS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def _walk(port: int, path: str, follow: Follow, stop: float, counts: list[int], number: int, headers: Headers) -> None:
    chance, connection = Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.perf_counter() < stop:
        filters = {
            "stage": chance.choice(STAGES),
            "city": chance.choice(CITIES),
            "sort": chance.choice(SORTS),
            "limit": "50",
        }
        extra: dict[str, str] = {}
        for page in range(PAGES):
            body = get(connection, f"{path}?{urlencode(filters | extra)}", headers)
            assert len(body["items"]) == 50, body
            counts[number] += 1
            extra = follow(body, page + 1)


def get(connection: http.client.HTTPConnection, address: str, headers: Headers = NONE) -> Body:
    """The JSON at `address`."""
    connection.request("GET", quote(address, safe="/?&=%-._~"), headers=dict(headers))
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {content[:300]!r}")
    body: Body = json.loads(content)
    return body


def timed(connection: http.client.HTTPConnection, address: str, times: int, headers: Headers = NONE) -> float:
    """The median time of `address` in milliseconds."""
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        connection.request("GET", address, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent)[len(spent) // 2]
