"""The entry form."""

from dashboard.page import Page
from dashboard.pages.entry import form

PAGES = (
    Page("/projects/new", form.layout, form.register_callbacks, above="/projects", title="crumb-new"),
    Page("/projects/<code>/edit", form.layout, above="/projects/<code>", title="crumb-edit"),
)
