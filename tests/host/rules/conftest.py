"""Both engines at hand: facts in, decoded answers out."""

import json
from collections.abc import Callable

import pytest

from gatescan_host.rules import evaluate

Answers = list[dict]


@pytest.fixture(scope="session")
def ask() -> Callable[..., Answers]:
    """Answers of one engine to a list of facts; every line must be one that can be evaluated."""

    def answers(listed: list[dict], engine: str = "host") -> Answers:
        lines = [json.dumps({"id": n, "facts": facts}) for n, facts in enumerate(listed)]
        found = []
        for number, (line, ok) in enumerate(evaluate.run_eval(lines, engine)):
            answer = json.loads(line)
            assert ok, answer
            assert answer["id"] == number
            found.append(answer)
        assert len(found) == len(listed)
        return found

    return answers
