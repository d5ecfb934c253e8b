"""Ed25519 signatures of bundles: by whoever has the private key, checked with the public one.

Signatures: https://www.rfc-editor.org/rfc/rfc8032. Keys are PEM files, as OpenSSL writes them:
`openssl genpkey -algorithm ed25519 -out key.pem`, `openssl pkey -in key.pem -pubout -out pub.pem`.
What is signed is `lading.bundle/1 sha256:<hex of the bytes>`, so that a signature of something else
is none of a bundle.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from lading.errors import AdvisoryError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_LARGEST = 1 << 16  # bytes of a key file


class Signature(msgspec.Struct, rename={"schema_": "schema"}, kw_only=True):
    """A signature, and the key that made it."""

    schema_: str = "lading.signature/1"
    algorithm: str = "ed25519"
    key: str  # sha256 of the public key's 32 bytes, hex
    signature: str  # base64


def sign(digest: str, key: Path) -> bytes:
    """Return the signature of a digest (`sha256:<hex>`) by a private key, as JSON.

    UsageError when the file holds no such key.
    """
    private = _private(key)
    return msgspec.json.encode(
        Signature(
            key=_name(private.public_key()),
            signature=base64.b64encode(private.sign(_message(digest))).decode(),
        )
    )


def check(digest: str, signature: bytes | None, trusted: Iterable[Path], what: str) -> None:
    """Raise AdvisoryError unless one of the public keys made the signature of the digest.

    UsageError when a file holds no public key.
    """
    from cryptography.exceptions import InvalidSignature

    keys = {_name(public): public for public in map(_public, trusted)}
    if signature is None:
        raise AdvisoryError(f"{what} is not signed, and --trust asks for a signature")
    try:
        made = msgspec.json.decode(signature, type=Signature)
        data = base64.b64decode(made.signature, validate=True)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error) as error:
        raise AdvisoryError(f"{what}: its signature cannot be read: {error}") from error
    public = keys.get(made.key)
    if public is None or (made.schema_, made.algorithm) != ("lading.signature/1", "ed25519"):
        raise AdvisoryError(f"{what} is signed by a key that is not trusted: {made.key[:64]!r}")
    try:
        public.verify(data, _message(digest))
    except InvalidSignature as error:
        raise AdvisoryError(
            f"{what} is not as it was signed: somebody changed it, or the signature is forged"
        ) from error


def digest_of_file(path: Path) -> str:
    """Return the digest of a file, as it is signed."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def _message(digest: str) -> bytes:
    return f"lading.bundle/1 {digest}".encode()


def _name(public: "Ed25519PublicKey") -> str:
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()


def _private(path: Path) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"--key {path}: no private key in PEM without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(
            f"--key {path}: no Ed25519 key; make one with `openssl genpkey -algorithm ed25519`"
        )
    return key


def _public(path: Path) -> "Ed25519PublicKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"--trust {path}: no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"--trust {path}: no Ed25519 key")
    return key


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
