"""The parts around the Pico: each is attached to a fresh chip at power-on."""
