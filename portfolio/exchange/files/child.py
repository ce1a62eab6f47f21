"""What every child process that handles an upload does first: take its limits, and end when its parent does."""

import os
import resource
import sys
import threading

NO_MEMORY = 3  # the exit code that says so


def bound(memory_mb: int, seconds: int, room_mb: int) -> None:
    """Limit this process for good: its memory, the processor's seconds, the size of a file it writes; no core is left.

    Past its seconds it is ended by a signal that says why, a second later by one that nobody can catch.
    """
    memory, room = memory_mb << 20, room_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with_parent() -> None:
    """End this process as soon as its input is closed: whoever asked is gone."""
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
