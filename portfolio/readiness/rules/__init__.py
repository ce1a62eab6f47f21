"""Steps before a start: values in, values out; no session, no clock."""
