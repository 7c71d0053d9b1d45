"""Puts a simulated barcode engine between the firmware and the stream of decoded codes."""

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

KINDS = ("line", "gm65", "gm861", "m3y", "ssi")


def wrap(stream: "Any", kind: str, **options: "Any") -> "Any":
    """A UART (readinto, write, set_baud) with an engine of `kind` at its other end.

    "line" is the stream itself: every byte of the host side as it comes. ValueError for a kind
    that is none of KINDS.
    """
    if kind == "line":
        return stream
    if kind == "gm65":
        from sim_gm65 import SimGm65

        return SimGm65(stream, **options)
    if kind == "gm861":
        from sim_gm65 import SimGm861

        return SimGm861(stream, **options)
    if kind == "m3y":
        from sim_m3y import SimM3y

        return SimM3y(stream, **options)
    if kind == "ssi":
        from sim_ssi import SimSsi

        return SimSsi(stream, **options)
    raise ValueError("No such barcode engine: choose one of %s." % ", ".join(KINDS))
