"""A compiled order: loads the bytes, and answers a facts vector with a verdict.

Compiled by host_tools/gatescan_host/rules/compiler.py; the rules stand in the order of precedence,
so that among equals the first one wins (model.md section 4).
"""

from array import array
from collections import namedtuple

from gatescan.core.codes import V_ALLOW, V_ALLOW_AFTER, V_LIMIT_EXCEEDED, V_MANUAL_INSPECTION
from gatescan.core.compat import const
from gatescan.core.law import switches
from gatescan.core.law.conditions import Conditions, fitting
from gatescan.core.law.conditions_format import NO, UNKNOWN, YES
from gatescan.core.law.facts import F_CATEGORY, F_CHANNEL, F_INSTITUTION, FACTS
from gatescan.core.law.policy_format import (
    DOUBT_BYTES,
    FLAG_ALONE,
    FLAG_STOP,
    NONE,
    R_AUTHORITY,
    R_CITATION,
    R_FLAGS,
    R_GROUP,
    R_MARKS,
    R_OBLIGATIONS,
    PolicyError,
    read_header,
)

Outcome = namedtuple("Outcome", ("verdict", "authority", "obligations", "citations", "session"))

_MAX_HITS = const(32)  # provisions that can bite at once; more is a fault, hence inspection


class Policy:
    """One order, ready to be asked. Keeps a reference to `data`, copies nothing large."""

    fitting = fitting

    def __init__(self, data: "bytes | bytearray") -> None:
        """Raise PolicyError unless `data` is a whole, undamaged policy of this version."""
        fields = read_header(data)
        try:
            self._take(data, fields)
        except (IndexError, ValueError):  # of a text that is none, too
            raise PolicyError(
                "The compiled order contradicts itself; build the table again."
            ) from None

    def _take(self, data: "bytes | bytearray", fields: tuple) -> None:
        self.order_id = str(bytes(fields[4]).rstrip(b"\0"), "utf-8")
        self.valid_from = fields[5]  # YYYYMMDD
        self.valid_to = fields[6]  # YYYYMMDD, 0 = open
        self.rules = fields[7]
        self._duties_from = fields[8] >> 3  # first index byte of the duties
        self._row_bytes = fields[10]
        self._counts = fields[11:14]
        self._session_codes = fields[14]
        self._covered = fields[15]
        self._used = fields[16]
        self._display_at, self._doubts_at, fact_doubts, switches_at = fields[17:21]
        terms_at, self.rules_at, self._index_at = fields[21:24]
        self.data = data
        # what cannot be evaluated: the order's first doubt says which provision to cite
        cited = self._u32(self._doubts_at + 3)
        self.unsure = Outcome(V_MANUAL_INSPECTION, -1, (), (cited,), ())
        self._conditions = Conditions(data, terms_at, fields[9], fact_doubts)
        self._switches = switches.load(data, switches_at, fields[11])
        self.queue = array("H", bytes(self._row_bytes * 16))  # offsets of rules that fit
        self._hits = [0] * _MAX_HITS  # offsets of rules that bite
        self._states = bytearray(_MAX_HITS)  # YES, or UNKNOWN + doubt
        self._verdicts = bytearray(_MAX_HITS)  # the rule's, or its doubt's
        self._raised = bytearray(data[self._display_at])  # one flag an obligation, as displayed
        self._none_raised = bytes(len(self._raised))
        self._place = (-1, -1)  # institution and channel of the last evaluation
        self.here = bytearray(self._row_bytes)  # the rules that fit them

    def covers_channel(self, channel: int) -> bool:
        """Whether the order file has rules for this channel."""
        return self._covered >> channel & 1 == 1

    def uses_fact(self, fact: int) -> bool:
        """Whether any rule reads this fact."""
        return self._used[fact >> 3] >> (fact & 7) & 1 == 1

    def evaluate(self, facts: list) -> Outcome:
        """The answer to a vector of FACTS values (see facts.py); never raises.

        What cannot be evaluated is answered with manual inspection (`unsure`).
        """
        try:
            return self._evaluate(facts)
        except Exception:  # the last line of defence: whatever is wrong, a person looks
            return self.unsure

    def _evaluate(self, facts: list) -> Outcome:
        if len(facts) != FACTS:
            return self.unsure
        for place in range(3):
            code = facts[place]
            if type(code) is not int or not 0 <= code < self._counts[place]:
                return self.unsure
        conditions = self._conditions
        conditions.begin(facts, self._switches[facts[F_INSTITUTION]])
        self._raised[:] = self._none_raised
        self._settle(facts[F_INSTITUTION], facts[F_CHANNEL])
        hits = self._collect(facts)
        if not hits:
            return self.unsure
        worst = max(memoryview(self._verdicts)[:hits])
        authority, citations = self._join(hits, worst)
        if not citations:
            return self.unsure
        conditions.verdict = worst
        self._add_duties(facts)
        return self._outcome(worst, authority, citations)

    def _settle(self, institution: int, channel: int) -> None:
        """Work out which rules fit the place; it seldom changes between two items."""
        if self._place == (institution, channel):
            return
        row = self._row_bytes
        by_institution = self._index_at + institution * row
        by_channel = self._index_at + (self._counts[0] + channel) * row
        self._place = (-1, -1)
        for place in range(row):
            self.here[place] = self.data[by_institution + place] & self.data[by_channel + place]
        self._place = (institution, channel)

    def _candidates(self, category: int, start: int, stop: int) -> int:
        row = self._counts[0] + self._counts[1] + category
        return self.fitting(self._index_at + row * self._row_bytes, start, stop)

    def _collect(self, facts: list) -> int:
        """Note every provision that bites or may bite; how many they are."""
        data = self.data
        holds = self._conditions.holds
        queue = self.queue
        hits = 0
        group = -1
        for place in range(self._candidates(facts[F_CATEGORY], 0, self._duties_from)):
            rule = queue[place]
            if group >= 0 and data[rule + R_GROUP] != group:
                break
            state = holds(rule + R_OBLIGATIONS + 1 + data[rule + R_OBLIGATIONS])
            if state == NO:
                continue
            verdict = data[rule]
            if state >= UNKNOWN:
                if verdict == V_ALLOW:
                    continue  # what would only permit does not permit on a guess
                verdict = data[self._doubts_at + (state - UNKNOWN) * DOUBT_BYTES]
            elif data[rule + R_FLAGS] & FLAG_STOP:
                group = data[rule + R_GROUP]
            self._hits[hits] = rule
            self._states[hits] = state
            self._verdicts[hits] = verdict
            hits += 1
        return hits

    def _join(self, hits: int, worst: int) -> "tuple[int, list[int]]":
        """Join the winners: raises their obligations and marks; authority and citations."""
        data = self.data
        conditions = self._conditions
        conditions.marks = conditions.first_marks = 0
        authority = -1
        citations: list[int] = []
        guesses: list[int] = []  # of provisions that would by themselves say something else
        handed = worst in (V_ALLOW, V_ALLOW_AFTER)
        spare = -1  # the citation that counts only where it stands alone
        for hit in range(hits):
            verdict = self._verdicts[hit]
            if verdict != worst and not (handed and verdict in (V_ALLOW, V_ALLOW_AFTER)):
                continue
            rule = self._hits[hit]
            state = self._states[hit]
            at = rule + R_CITATION
            who = data[rule + R_AUTHORITY]
            marks = data[rule + R_MARKS]
            listed = citations
            if state >= UNKNOWN:
                doubt = self._doubts_at + (state - UNKNOWN) * DOUBT_BYTES
                who = data[doubt + 1]
                marks = 0
                if data[doubt + 2] != NONE:
                    self._raised[data[doubt + 2]] = 1
                if data[doubt + 3] | data[doubt + 4]:
                    at = doubt + 3
                elif data[rule] != worst:
                    listed = guesses
            elif verdict == worst:
                self._raise(rule)
            if who != NONE and who > authority:
                authority = who
            citation = self._u32(at)
            if data[rule + R_FLAGS] & FLAG_ALONE and state == YES:
                spare = citation
                continue
            if not citations and listed is citations:
                conditions.first_marks = marks
            conditions.marks |= marks
            if citation not in listed:
                listed.append(citation)
        for citation in guesses:
            if citation not in citations:
                citations.append(citation)
        if worst == V_LIMIT_EXCEEDED:
            for hit in range(hits):
                if self._verdicts[hit] == V_ALLOW_AFTER:
                    self._raise(self._hits[hit])
                    citation = self._u32(self._hits[hit] + R_CITATION)
                    if citation not in citations:
                        citations.append(citation)
        if not citations and spare >= 0:
            citations.append(spare)
        return authority, citations

    def _u32(self, at: int) -> int:
        data = self.data
        return data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]

    def _raise(self, rule: int) -> None:
        at = rule + R_OBLIGATIONS
        for place in range(at + 1, at + 1 + self.data[at]):
            self._raised[self.data[place]] = 1

    def _add_duties(self, facts: list) -> None:
        data = self.data
        for place in range(self._candidates(
                facts[F_CATEGORY], self._duties_from, self._row_bytes)):
            rule = self.queue[place]
            if self._conditions.holds(rule + R_OBLIGATIONS + 1 + data[rule + R_OBLIGATIONS]):
                self._raise(rule)

    def _outcome(self, verdict: int, authority: int, citations: "list[int]") -> Outcome:
        obligations = []
        session = []
        place = self._raised.find(b"\1")
        while place >= 0:
            code = self.data[self._display_at + 1 + place]
            if code < self._session_codes:
                session.append(code)
            else:
                obligations.append(code)
            place = self._raised.find(b"\1", place + 1)
        return Outcome(verdict, authority, tuple(obligations), tuple(citations), tuple(session))
