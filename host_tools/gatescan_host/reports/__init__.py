"""What the stored events say, for people and for scripts."""
