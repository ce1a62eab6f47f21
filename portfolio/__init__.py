"""The domain library: the scheme's projects, what they need, and the rules that govern both."""

__version__ = "0.2.0"
