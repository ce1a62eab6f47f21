"""Code lists as data, and the element tree."""
