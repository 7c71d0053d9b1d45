"""Fuzzes the shipped table reader: see run.py."""
