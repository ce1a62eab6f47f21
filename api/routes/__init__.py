"""One router a room: what HTTP asks of it, and what it answers."""
