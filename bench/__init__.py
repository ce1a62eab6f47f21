"""Benchmarks: repeatable workloads, peers, results as ratios measured in one run."""
