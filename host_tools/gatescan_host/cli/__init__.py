"""The command `gatescan`: one file a group of commands."""
