"""The HTTP API: `routes/` stand on `door/`, both on `schemas/`."""
