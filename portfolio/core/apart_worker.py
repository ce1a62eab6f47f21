"""The child process of `apart`: one function, its arguments from the standard input, its answer to the output."""

import importlib
import os
import pickle
import sys

from portfolio.core.apart import LENGTH, end_with_parent

NICE = 5  # readers come first


def main(name: str) -> None:
    """Call `module:function` with what the parent sends."""
    os.nice(NICE)
    (size,) = LENGTH.unpack(sys.stdin.buffer.read(LENGTH.size))
    arguments = pickle.loads(sys.stdin.buffer.read(size))
    end_with_parent()
    module, _, function = name.partition(":")
    answer = getattr(importlib.import_module(module), function)(*arguments)
    sys.stdout.buffer.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    sys.stdout.buffer.flush()
    # The thread that watches the parent still reads: leave without waiting for it.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
