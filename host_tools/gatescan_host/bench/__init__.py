"""Benchmarks: the compact table beside other formats, on the same keys and in one run."""
