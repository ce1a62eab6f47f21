"""One module a screen: `layout(context)` and `register_callbacks(app)`."""
