"""A provision as 28 bits and as text: "§ 2, stk. 1, nr. 11" (section 2(1) no. 11).

Layout, high to low: section 6, sections that follow 3, stk. 4, following 2, nr. 5, following 3,
pkt. 3, following 2. A range ("nr. 3-4", "2.-3. pkt.", "§§ 22-23") is its start and what follows.
The packed numbers sort as the provisions stand in the order. From text: the host's
gatescan_host/rules/citation_pack.py.
"""

# label, shift, bits of the number, bits of what follows
FIELDS = (("§", 19, 6, 3), ("stk.", 13, 4, 2), ("nr.", 5, 5, 3), ("pkt.", 0, 3, 2))


def format(packed: int) -> str:  # noqa: A001 - the name that callers read: citation.format
    """The text of a packed citation, as it is displayed."""
    parts = []
    for label, shift, bits, more_bits in FIELDS:
        value = packed >> shift & (1 << bits + more_bits) - 1
        start = value >> more_bits
        more = value & (1 << more_bits) - 1
        if not start:
            continue
        if label == "pkt.":
            parts.append(
                "%d.-%d. pkt." % (start, start + more) if more else "%d. pkt." % start)
        elif label == "§" and more:
            parts.append("§§ %d-%d" % (start, start + more))
        else:
            parts.append("%s %d-%d" % (label, start, start + more) if more
                         else "%s %d" % (label, start))
    return ", ".join(parts)
