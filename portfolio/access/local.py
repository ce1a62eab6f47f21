"""Until accounts exist, the installation has one local owner who sees and may change everything."""

from portfolio.access.rules import Actor, Scope

LOCAL_OWNER = Actor(name="local")
SYSTEM = Actor(name="system")
EVERYTHING = Scope(everything=True)
