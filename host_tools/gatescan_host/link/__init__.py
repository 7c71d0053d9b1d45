"""The host's end of the serial link: SMP client, scanner commands, sync."""
