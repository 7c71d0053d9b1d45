"""All proofs about an order, one after the other."""

from collections.abc import Callable, Iterable, Iterator

from gatescan_host.rules.proofs import alive, complete, safety, unambiguous
from gatescan_host.rules.proofs.findings import Proof
from gatescan_host.rules.proofs.scene import scenes
from gatescan_host.rules.rulebook import Rulebook

PROOFS = (complete.prove, unambiguous.prove, safety.prove, alive.prove)


def prove(book: Rulebook, progress: Callable[[str], None] = lambda _: None,
          institutions: Iterable[int] | None = None,
          channels: Iterable[int] | None = None) -> Iterator[Proof]:
    """Each proof as it is done, over all institutions and channels or those given.

    `progress` is told what is looked at. Raises OrderError where the solver gives up.
    """
    places = scenes(book, institutions, channels)
    for proof in PROOFS:
        yield proof(places, progress)
