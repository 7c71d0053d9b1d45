"""The numbers of SMP that the scanner's groups share, and how a handler refuses.

Source: Zephyr documentation, "SMP protocol specification".
"""

from gatescan.core.compat import const

# groups; 64 is taken by another vendor in common clients
G_OS = const(0)
G_IMAGE = const(1)
G_AUTH = const(65)
G_TABLE = const(66)
G_JOURNAL = const(67)
G_DEVICE = const(68)

# MGMT_ERR codes of the protocol, sent as {"rc": n}
E_UNKNOWN = const(1)
E_NO_MEMORY = const(2)
E_INVALID = const(3)
E_BAD_STATE = const(6)
E_TOO_LONG = const(7)
E_NOT_SUPPORTED = const(8)
E_CORRUPT = const(9)
E_BUSY = const(10)
E_ACCESS_DENIED = const(11)


class SmpError(Exception):
    """A refusal that the client shall see: args = (rc,) or (group, rc)."""
