"""A scenario of somebody else: what approving it does, and to whom."""
