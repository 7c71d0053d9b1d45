"""What the benchmark's host does beyond requests: a visit card, and one sync with its times."""

from typing import Any

from pico_material import DEVICE_KEY

from emulated_pico.host_link import HostLink
from tag_frames import em4100_frame

_CARDS = {"inmate-7f3a": "2A00C0FFE1"}
_HEAD_PACKETS = 3  # that carry the signed head: its signature is verified on the way


class Link(HostLink):
    """Requests over the emulated USB; times are emulated."""

    def open_session(self) -> None:
        """Unlock with the key that pico_material.py has put into the flash."""
        self.unlock(DEVICE_KEY)

    def open_visit(self, inmate: str) -> None:
        """Hold a visit card to the RFID reader."""
        self.pico.rfid.send(em4100_frame(_CARDS[inmate]) * 2)
        self.pico.run_ms(800)

    def timed_sync(self, data: bytes) -> dict[str, Any]:
        """Upload a signed table and have it verified and used; what it took."""
        sent: list[tuple[int, float]] = []

        def note(offset: int) -> None:
            sent.append((offset, self.pico.now_ms))

        begun_ms = self.pico.now_ms
        self.upload(data, note=note)
        uploaded_ms = self.pico.now_ms
        self.activate(data)
        ended_ms = self.pico.now_ms
        steady = sent[_HEAD_PACKETS - 1 : -1]
        (first, first_ms), (last, last_ms) = steady[0], steady[-1]
        return {
            "bytes": len(data),
            "upload_ms": round(uploaded_ms - begun_ms, 1),
            "activate_ms": round(ended_ms - uploaded_ms, 1),
            "upload_kb_per_s": round(len(data) / (uploaded_ms - begun_ms), 1),
            "steady_kb_per_s": round((last - first) / (last_ms - first_ms), 1),
        }
