"""Simple Management Protocol (Zephyr mcumgr): frames, CBOR, messages."""
