"""What the host adds to the tags of `gatescan.core.tags`."""
