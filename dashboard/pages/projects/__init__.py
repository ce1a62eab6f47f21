"""The library and a project's page."""
