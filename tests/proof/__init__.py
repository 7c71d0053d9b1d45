"""Proofs that take long: no scan is lost while flash is written."""
