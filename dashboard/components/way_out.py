"""The way out of the product."""

from dash import html

from dashboard.context import Context


def sign_out(context: Context) -> html.Form:
    """A form, so that it needs no script."""
    button = html.Button(context.text("nav-sign-out"), className="button", type="submit")
    return html.Form(button, action="/sign-in/out", method="post")
