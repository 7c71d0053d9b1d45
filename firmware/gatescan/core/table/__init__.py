"""The compact rule table: what a host compiled, read block by block."""
