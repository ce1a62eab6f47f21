"""Facts, changes and stated values in words, for every page that says them."""
