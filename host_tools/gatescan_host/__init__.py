"""Gatescan host tools: rules, signed tables, serial link, event store, simulator."""
