"""The actor of the machine's own command line, and of an installation that has no accounts yet."""

from portfolio.access.rules import Actor, Scope

LOCAL_OWNER = Actor(name="local")
SYSTEM = Actor(name="system")
EVERYTHING = Scope(everything=True)
