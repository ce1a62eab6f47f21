"""The `portfolio` command: `app` puts it together, one module a room beside it."""
