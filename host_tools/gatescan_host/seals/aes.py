"""AES as MicroPython's `cryptolib.aes` offers it, for the code that a scanner runs."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Buffer = bytes | bytearray | memoryview
_ECB = 1
_CBC = 2


class Aes:
    """One key in one mode: 1 = ECB, 2 = CBC. Encrypts or decrypts, as its first call does."""

    def __init__(self, key: Buffer, mode: int, iv: Buffer | None = None) -> None:
        """Raises ValueError for a key, mode or IV that does not exist."""
        if mode not in (_ECB, _CBC) or (mode == _CBC) != (iv is not None):
            raise ValueError("mode")
        # CMAC is built on single blocks: nothing is ever encrypted by this mode.
        chosen = modes.ECB() if iv is None else modes.CBC(bytes(iv))  # noqa: S305
        self._cipher = Cipher(algorithms.AES(bytes(key)), chosen)
        self._decrypts: bool | None = None

    def encrypt(self, data: Buffer, out: bytearray | None = None) -> bytes:
        """`data`, whole blocks, encrypted; also in `out`, which may be `data`, where given."""
        return self._whole(data, out, decrypts=False)

    def decrypt(self, data: Buffer, out: bytearray | None = None) -> bytes:
        """The reverse of `encrypt`."""
        return self._whole(data, out, decrypts=True)

    def _whole(self, data: Buffer, out: bytearray | None, decrypts: bool) -> bytes:
        if self._decrypts is None:
            self._decrypts = decrypts
            self._running = self._cipher.decryptor() if decrypts else self._cipher.encryptor()
        if self._decrypts != decrypts or len(data) % 16:
            raise ValueError("can't encrypt & decrypt, or no whole blocks")
        result = self._running.update(bytes(data))
        if out is not None:
            out[:] = result
        return result
