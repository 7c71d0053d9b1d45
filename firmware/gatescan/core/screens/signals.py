"""Lights and tones by name: each tells its meaning by rhythm alone, colour and pitch only help.

Sources: IEC 60601-1-8 (high priority: 3 + 2 pulses), IEC 60073 (never colour alone); every light
blinks below 3 Hz. Nothing here sounds for "read, not yet decided": the tone means the verdict.
"""

# name: (red, green, blue, on_ms, off_ms); off_ms = 0: steady. No two share rate and duty.
LIGHTS = {
    "off": (0, 0, 0, 1000, 0),
    "ready": (12, 12, 12, 60, 2940),  # a heartbeat: alive, no verdict
    "allow": (0, 110, 40, 1000, 0),
    "after": (0, 40, 150, 1000, 1000),
    "money": (0, 40, 150, 500, 750),
    "inspect": (150, 80, 0, 150, 1350),
    "hold": (120, 0, 120, 900, 300),
    "refuse": (200, 0, 0, 300, 300),
    "report": (220, 0, 0, 180, 180),
    "seal": (0, 100, 100, 1800, 200),
    "fault": (150, 80, 0, 100, 600),
}

# lights whose screen is drawn inverted
ALARM_LIGHTS = ("refuse", "report")

_THREE = ((700, 130), (0, 90)) * 3
_TWO = ((1700, 130), (0, 90)) * 2
_STOP = _THREE + ((0, 160),) + _TWO

# name: steps of (hz, ms); hz = 0 is a pause
TONES = {
    "silent": (),
    "allow": ((2000, 140),),
    "after": ((1300, 90), (0, 80), (1300, 90)),
    "limit": ((1300, 90), (0, 80), (1300, 90), (0, 80), (900, 400)),
    "inspect": ((1200, 160), (0, 60), (650, 300)),
    "hold": ((1000, 350), (0, 150), (1000, 350)),
    "refuse": _STOP,
    "report": _STOP + ((0, 400),) + _STOP,
    "fault": ((400, 350), (0, 120)) * 4,
    "seal": ((1400, 70), (1900, 70)) * 4,  # a warble: the next step of sealing
    "visit": ((900, 60), (0, 50), (1200, 60), (0, 50), (900, 60)),
    "again": ((500, 45), (0, 45), (500, 45)),
}

# tones that the volume setting never silences
LOUD_TONES = ("refuse", "report", "hold", "fault", "inspect")
