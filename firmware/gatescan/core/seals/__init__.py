"""Seals that a reader can ask: whether they are genuine, and whether they were opened."""
