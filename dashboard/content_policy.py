"""What a page of the product may load and run: its own files, and the few scripts that Dash writes into it, by hash."""

from dash import Dash


def page_policy(app: Dash) -> str:
    """The Content-Security-Policy of the pages of `app`, once all its callbacks are registered.

    Styles may stand in the page: Mantine, the grid and the charts write theirs while they run, without a nonce that
    could be told. Pictures may be data or blobs (icons of the style sheets, charts saved as pictures), fonts data (the
    grid's icons). Scripts are files of this address, or have one of the hashes.
    """
    scripts = " ".join(dict.fromkeys(app.csp_hashes()))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
