"""The HTTP API: `routes/` stand on `schemas/`, both on `door/`."""
