"""Workbooks in the shapes that offices publish, made by the tests, each with the records it must give."""
