"""The compact rule table on the host: building, reading with core's own reader, showing."""
