"""Slides, documents and workbooks for people, from the same queries as the pages."""
