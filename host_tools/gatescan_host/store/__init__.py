"""The events of many scanners in one database: pulled, verified, kept as they were signed for."""
