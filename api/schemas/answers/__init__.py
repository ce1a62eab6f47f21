"""The shapes of what the API answers, a module a group of routes; they describe, and nothing is made from them."""
