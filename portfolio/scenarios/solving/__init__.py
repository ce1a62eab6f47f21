"""From the library to a problem, from the problem to a kept result, in a process of its own."""
