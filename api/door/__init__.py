"""Who comes in and how: the wire, the origin, the session and the person of a request; problems and limits."""
