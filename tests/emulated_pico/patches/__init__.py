"""Corrections to rp2040py 0.3.6, one function each; ../README.md lists why each is needed.

Each works on one object, not on a class, so that a test can show the model without it.
"""
