"""Before any test: is the scanner at hand the one that this checkout describes?"""

import re

from gatescan_host.build_id import UNKNOWN

_BANNER = re.compile(r"Gatescan \S+ on (\S+) build (\S+)")
_DEPLOY = "deploy this checkout with `gatescan deploy`"


def objection(banner: "str | None", board: str, build: str, rig_board: str, wanted: str) -> str:
    """Why no test may run, as one sentence; empty when the scanner is the right one.

    `banner`: its first line, None where nobody was there to read it; `board` and `build`: as it
    reports them; `rig_board` and `wanted`: the rig's board and this checkout's build id.
    """
    if board != rig_board:
        return f"the scanner is a {board}, but the rig has a {rig_board}: choose another rig"
    if build in (UNKNOWN, "None"):
        return f"the scanner does not know its build: {_DEPLOY}"
    if build != wanted:
        return f"the scanner runs build {build}, this checkout is {wanted}: {_DEPLOY}"
    if banner is not None:
        said = _BANNER.fullmatch(banner.strip())
        if not said or said.groups() != (board, build):
            told = f"the report says {board} build {build}"
            return f"the banner says {banner.strip()!r}, {told}: {_DEPLOY}"
    return ""
