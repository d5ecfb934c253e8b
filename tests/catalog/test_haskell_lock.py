"""Lock files of Stack and Cabal after their manuals."""

from builders import damaged, declared_by, reading
from lading.catalog.haskell_lock import HASKELL_LOCK

STACK = """\
packages:
- completed:
    hackage: acme-missiles-0.3@sha256:2ba66a09,613
    pantry-tree:
      sha256: 614bc0cc
      size: 226
  original:
    hackage: acme-missiles-0.3@sha256:2ba66a09,613
snapshots:
- completed:
    url: https://example.org/lts/20/1.yaml
"""
CABAL = """\
active-repositories: example.org:merge
constraints: any.Cabal ==3.8.1.0,
             any.aeson ==2.1.2.1,
             aeson -cffi +ordered-keymap,
             any.text ==2.0.2
index-state: example.org 2023-01-01T00:00:00Z
"""


def test_what_is_frozen_is_declared() -> None:
    assert declared_by(HASKELL_LOCK, "/app/stack.yaml.lock", STACK) == [("acme-missiles", "0.3")]
    assert declared_by(HASKELL_LOCK, "/app/cabal.project.freeze", CABAL) == [
        ("Cabal", "3.8.1.0"), ("aeson", "2.1.2.1"), ("text", "2.0.2"),
    ]  # fmt: skip


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(STACK.encode(), times=100):
        reading(HASKELL_LOCK, "/app/stack.yaml.lock", data)
