"""The library and a project's page."""

from dashboard.page import Nav, Page
from dashboard.pages.projects import library, project

PAGES = (
    Page("/projects", library.layout, library.register_callbacks, nav=Nav("library", "list-search", "projects")),
    Page("/projects/<code>", project.layout, project.register_callbacks, above="/projects"),
)
