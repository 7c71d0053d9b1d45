"""Names of the journal's codes for reports and JSON; no board carries them (not_on_boards.txt)."""

KINDS = {
    0x01: "boot",
    0x02: "scan",
    0x03: "sealed",
    0x04: "done",
    0x05: "visit_open",
    0x06: "visit_end",
    0x07: "table_activated",
    0x08: "table_refused",
    0x09: "clock_set",
    0x0A: "unlock",
    0x0B: "unlock_failed",
    0x0C: "provisioned",
    0x0D: "fault",
    0x0E: "tag_refused",
    0x0F: "login",
    0x10: "maintenance",
    0x11: "seal_check",
}

# position = SO_*
SEAL_OUTCOMES = (
    "intact",
    "missing",
    "wrong_seal",
    "reused_elsewhere",
    "opened",
    "cloned_or_replayed",
    "unreadable",
)


def kind_name(kind: int) -> str:
    """The name of a JK_* number; a number not known here keeps its value, e.g. "kind_200"."""
    return KINDS.get(kind, "kind_%d" % kind)
