"""The one error of signing: its text is a sentence for people."""

from gatescan_host.errors import GatescanError


class SigningError(GatescanError):
    """Signing or checking did not succeed."""
