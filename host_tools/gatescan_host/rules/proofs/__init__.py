"""Proofs about an order: complete, unambiguous, no dead rule, safe where facts are missing."""
