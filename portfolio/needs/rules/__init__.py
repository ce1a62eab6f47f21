"""What may be asked for: values in, values out; no session."""
