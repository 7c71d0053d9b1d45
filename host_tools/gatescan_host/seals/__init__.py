"""Seals that prove themselves: their keys, and what their messages say."""
