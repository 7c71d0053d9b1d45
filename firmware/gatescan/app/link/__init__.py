"""The scanner's end of the serial link: one file a group of SMP commands."""
