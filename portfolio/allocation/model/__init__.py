"""Values in, program out: what is asked, which limits bind, and whether an answer keeps them."""
