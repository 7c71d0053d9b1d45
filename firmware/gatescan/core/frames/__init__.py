"""Frames of readers on the wire: where one ends, and whether its check is right."""
