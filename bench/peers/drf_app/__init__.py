"""A small Django project on the product's tables."""
