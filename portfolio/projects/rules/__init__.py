"""What a project's facts may be, and how its record moves: values in, values out; no session."""
