"""A verdict in the words of those who watch a scanner: the simulator's users and the tests."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.law import citation, names

if TYPE_CHECKING:
    from typing import Any

    from gatescan.core.judgement import Judgement
    from gatescan.core.screens import Screen
    from gatescan.core.tags.scheme import Tag


def report(
    judged: "Judgement", shown: "Screen", tag: "Tag | None", seq: int, latency_ms: int
) -> "dict[str, Any]":
    """The fields of the event "verdict"; `seq` of its entry in the log, 0 for none."""
    outcome = judged.outcome
    return {
        "tag": (tag.gtin or tag.text or tag.uid) if tag is not None else None,
        "verdict": names.VERDICTS[judged.verdict],
        "category": names.CATEGORIES[judged.category],
        "authority": names.AUTHORITIES[outcome.authority] if outcome.authority >= 0 else None,
        "cit": [citation.format(packed) for packed in outcome.citations],
        "obligations": [names.OBLIGATIONS[number] for number in outcome.obligations],
        "session": [names.OBLIGATIONS[number] for number in outcome.session],
        "light": shown.light,
        "tone": shown.tone,
        "seq": seq,
        "latency_ms": latency_ms,
        "error": tag.error if tag is not None else None,
    }
