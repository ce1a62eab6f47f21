"""A reading process that never comes to an end by itself: it waits for its input to be closed."""

import sys

if __name__ == "__main__":
    sys.stdin.buffer.read()
