"""One file a device; the bus is injected, so that a driver runs on any board."""
