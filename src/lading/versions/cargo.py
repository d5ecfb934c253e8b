"""Rust versions: Semantic Versioning, with numbers that fit into 64 bits.

Specification: https://doc.rust-lang.org/cargo/reference/manifest.html#the-version-field
Order: precedence (https://semver.org/spec/v2.0.0.html#spec-item-11). Build metadata does not count,
as in RustSec's ranges; cargo itself sorts by it where all else is equal.
"""

from lading.versions.semantics import Precedence, precedence


def key(text: str) -> Precedence:
    """Return a tuple that sorts as cargo sorts `text`; raise InvalidVersion where cargo refuses."""
    return precedence("cargo", text, largest=2**64 - 1)
