"""Elixir and Erlang versions: Semantic Versioning without further ado.

Specification: https://hexdocs.pm/elixir/Version.html
"""

from lading.versions.semantics import Precedence, precedence


def key(text: str) -> Precedence:
    """Return a tuple that sorts as Elixir's `Version` does; raise InvalidVersion where it fails."""
    return precedence("hex", text)
