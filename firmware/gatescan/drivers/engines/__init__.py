"""Barcode engines: which one is on the line, its settings, its scans as whole lines."""
