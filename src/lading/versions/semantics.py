"""Precedence as Semantic Versioning defines it, for the schemes that build on it.

Specification: https://semver.org/spec/v2.0.0.html#spec-item-11
"""

NUMBER = r"(0|[1-9][0-9]*)"
"""A number without leading zeros, as one group."""

IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
"""Identifiers of a pre-release or of build metadata, joined by dots."""

Identifier = tuple[int, int, str]
PreRelease = tuple[int, tuple[Identifier, ...]]


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Return a key for identifiers joined by dots: numbers by value, below words by ASCII."""
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in text.split(".")
    )


def prerelease(text: str | None) -> PreRelease:
    """Return a key for what stands behind the hyphen; a release has nothing there, and is above."""
    return (1, ()) if text is None else (0, identifiers(text))


def has_leading_zero(text: str) -> bool:
    """Tell whether a numeric identifier among those in `text` is padded with zeros."""
    return any(len(part) > 1 and part[0] == "0" and part.isdecimal() for part in text.split("."))
