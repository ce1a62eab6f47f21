"""Program in, answer out: the engines, their processes, and why an answer is as it is."""
