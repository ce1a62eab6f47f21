"""How what is asked is judged: values in, values out; no session."""
