"""Signing keys and signed tables. The key folder holds a secret and a counter: never copy it."""
