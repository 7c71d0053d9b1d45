"""Built-in English strings, in the order of the Danish ones."""

# the word of each verdict, position = codes.V_*; at most 7 characters, so that it is drawn large
VERDICTS = (
    "OUTSIDE",
    "✓ YES",
    "FIRST:",
    "INSPECT",
    "ACCOUNT",
    "LIMIT",
    "STORE",
    "‖ HOLD",
    "✕ NO",
    "✕REPORT",
)
NO_CLEARANCE = "This is no permission"

# word|light|tone|lines..., position = SCR_*
SYSTEM = (
    "START|ready|silent|Self-test running",
    "READY|ready|silent|Scan the visit card",
    "VISIT|ready|visit|Scan an item",
    "SEAL|seal|seal|Put the seal on,|scan the seal",
    "LABEL|seal|seal|Label type and owner:|press OK",
    "AGAIN|seal|seal|Scan the item again",
    "INSPECT|inspect|inspect|No rules on board:|inspect by hand",
    "INSPECT|inspect|inspect|Rules have expired:|inspect by hand",
    "INSPECT|inspect|inspect|The clock is not set:|inspect by hand",
    "LOG|fault|fault|The log is full:|fetch it by cable",
    "READER|fault|fault|Reader is silent:|check the cable",
    "FAULT|fault|fault|Inspect by hand,|scanner restarts",
    "DOUBLE|ready|again|Already scanned",
    "INSPECT|inspect|inspect|Tag is unreadable:|inspect by hand",
    "INSPECT|inspect|inspect|Seal does not match:|inspect by hand",
    "WAIT|inspect|silent|Updating the rules:|inspect by hand",
    "CLOSED|ready|silent|The visit is closed",
    "CARD?|inspect|inspect|Scan the visit|card first",
    "INMATE|ready|silent|The next item is|for the inmate",
    "VISITOR|ready|silent|The next item is|the visitor's own",
    "STAFF|ready|silent|The next item is|a staff member's own",
    "MISSING|hold|hold|Item waits for its|seal or its label",
    "SEAL?|seal|seal|Is the seal whole?|Then scan it.|None or broken: OK",
    "NO SEAL|inspect|inspect|Its seal is missing|or broken.|OK: what applies",
    "WRONG|inspect|inspect|This is not the seal|of this item.|OK: what applies",
    "REUSED|inspect|inspect|This is the seal of|another item.|OK: what applies",
    "OPENED|inspect|inspect|The seal has been|opened.|OK: what applies",
    "COPIED|inspect|inspect|The seal is a copy|or its answer is old.|OK: what applies",
    "AGAIN?|inspect|inspect|Seal was not read.|Scan it again.|None or broken: OK",
    "TWICE|ready|again|Weak barcode:|scan it once more",
)

SEAL_INTACT = "Its seal is intact"

# parts that do not work
PARTS = (
    "Display is silent",
    "OK button is stuck",
    "BACK button is stuck",
    "No barcode reader",
    "No card reader",
)
